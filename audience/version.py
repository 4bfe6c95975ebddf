"""The content version: read before content, it changes with every commit that changes content.

Each transaction adds one row to `Change`; a version is (greatest id, number of rows). Adding a row waits for nobody,
so publishers neither queue nor deadlock on it, and a transaction that commits late still changes the count. Pruning
adds a row of its own, so that no earlier pair can come back (docs/decisions/0003-content-version.md).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Generic, NamedTuple, TypeVar

from django.db import connection, transaction
from django.utils import timezone

from audience.models import Change

Pair = tuple[int, int]
T = TypeVar("T")

KEPT_ROWS = 200


class Version(NamedTuple):
    """`content` changes with every change, `reference` with those of demands, audiences and the portal's settings."""

    content: Pair
    reference: Pair


def current_version() -> Version:
    """Return the version of what is committed now, in one query."""
    # Asked by every request: written out, since making the query costs more than the answer.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT MAX(id), COUNT(id), MAX(CASE WHEN reference THEN id END), COUNT(CASE WHEN reference THEN id END)"
            " FROM audience_change"
        )
        last, number, last_reference, references = cursor.fetchone()
    return Version((last or 0, number), (last_reference or 0, references))


def touch(*, reference: bool = False) -> None:
    """Say that this transaction changes content; `reference`: also what each process keeps whole."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO audience_change (made_at, reference) VALUES (CURRENT_TIMESTAMP, %s)", [reference])


@transaction.atomic
def prune() -> int:
    """Remove old rows when there are many; return how many. The version changes, no content does."""
    if Change.objects.count() <= KEPT_ROWS:
        return 0
    # On PostgreSQL a transaction still open may have taken a lower id; it only adds to the count later.
    removed, _ = Change.objects.filter(made_at__lt=timezone.now() - timedelta(minutes=1)).delete()
    if removed:
        touch(reference=True)
    return removed


class Kept(Generic[T]):
    """What a process keeps whole, of the newest reference version it was asked for."""

    everything: list[Kept[object]] = []

    def __init__(self, load: Callable[[], T]) -> None:
        self.load = load
        self.found: tuple[Pair, T] | None = None
        Kept.everything.append(self)  # type: ignore[arg-type]  # only to be forgotten

    def at(self, version: Version) -> T:
        """Return it as of `version`, which was read before."""
        if self.found is None or self.found[0] != version.reference:
            self.found = (version.reference, self.load())
        return self.found[1]


def forget_kept() -> None:
    """Forget what was read in a transaction that came to nothing: on SQLite its version comes back, of other rows."""
    for kept in Kept.everything:
        kept.found = None
