"""Locks that make publishing under a page and reserving that page wait for each other.

Under READ COMMITTED a child published while its parent is being reserved would keep the old demand for good. So a
projection shares its ancestors' entries and holds its own, those of its translations and those of aliases that follow
it; all at once, from the top of the tree down and in the order of paths, so that two of them never wait for each
other. SQLite has one writer at a time and needs none.
"""

from __future__ import annotations

from itertools import groupby

from django.db import connection
from wagtail.models import Collection

from search.models import Entry

STEP = 4


def ancestor_paths(path: str) -> list[str]:
    """Return the paths above `path` that are entries: all but the tree's root."""
    return [path[:end] for end in range(2 * STEP, len(path), STEP)]


def lock_collections(paths: set[str], *, mine: bool) -> None:
    """Hold these collections for this transaction (`mine`), or share them: a document added waits for their privacy."""
    if not connection.features.has_select_for_update:
        return
    table = connection.ops.quote_name(Collection._meta.db_table)
    # Not FOR UPDATE: a document's foreign key alone holds its collection FOR KEY SHARE.
    mode = "NO KEY UPDATE" if mine else "SHARE"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {table} WHERE path = ANY(%s) ORDER BY path FOR {mode}", [sorted(paths)])  # noqa: S608  # own names only


def lock(paths: set[str], *, shared: frozenset[str] = frozenset()) -> None:
    """Hold the entries at `paths` for this transaction; share those at `shared`, and those above all of these."""
    if not connection.features.has_select_for_update:
        return
    above = ({parent for path in paths | shared for parent in ancestor_paths(path)} | shared) - paths
    wanted = sorted([*((path, True) for path in paths), *((path, False) for path in above)])
    table = connection.ops.quote_name(Entry._meta.db_table)
    with connection.cursor() as cursor:
        for mine, group in groupby(wanted, key=lambda pair: pair[1]):
            mode = "UPDATE" if mine else "SHARE"
            cursor.execute(
                f"SELECT 1 FROM {table} WHERE path = ANY(%s) ORDER BY path FOR {mode}",  # noqa: S608  # own names only
                [[path for path, _ in group]],
            )
