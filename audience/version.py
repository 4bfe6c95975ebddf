"""The content version: one value, read before content, that changes with every commit that changes content.

Each transaction adds one row to `Change`; the version is (greatest id, number of rows). Adding a row waits for nobody,
so publishers neither queue nor deadlock on it, and a transaction that commits late still changes the count. Pruning
adds a row of its own, so that no earlier pair can come back (docs/decisions/0003-content-version.md).
"""

from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from audience.models import Change

Version = tuple[int, int]

KEPT_ROWS = 200


def current_version() -> Version:
    """Return the version of what is committed now, in one query."""
    # Asked by every request: written out, since making the query costs more than the answer.
    with connection.cursor() as cursor:
        cursor.execute("SELECT MAX(id), COUNT(id) FROM audience_change")
        last, number = cursor.fetchone()
    return last or 0, number


def touch() -> None:
    """Say that this transaction changes content."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO audience_change (made_at) VALUES (CURRENT_TIMESTAMP)")


@transaction.atomic
def prune() -> int:
    """Remove old rows when there are many; return how many. The version changes, no content does."""
    if Change.objects.count() <= KEPT_ROWS:
        return 0
    # On PostgreSQL a transaction still open may have taken a lower id; it only adds to the count later.
    removed, _ = Change.objects.filter(made_at__lt=timezone.now() - timedelta(minutes=1)).delete()
    if removed:
        touch()
    return removed
