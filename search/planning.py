"""How PostgreSQL is told to plan what is asked next."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def planned(how: str) -> Iterator[None]:
    """Say `how`, which is SET LOCAL, of what is asked within; other databases plan as they do."""
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic(savepoint=False):
        with connection.cursor() as cursor:
            cursor.execute(how)
        yield
