"""The door: whatever lists, counts, suggests, feeds, exports or finds reads entries through `entries_for`."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from operator import itemgetter
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection

from audience.reader import Reader
from search.budget import Found
from search.models import Entry
from search.querysets import EntryQuerySet
from search.worded import Lists, together, worded

LONGEST_PATH = 2000
# Stands where lists that are worded alike differ: the id of no row, and positive, as Django knows that ids are.
STAND_IN = 2_147_483_603
Worded = tuple[str, tuple[Any, ...]]


def entries_for(reader: Reader) -> EntryQuerySet:
    """Return all that `reader` may know of, with what cards print. There is no second way to see a title."""
    return Entry.objects.visible_to(reader).carding()


def entry_at(address: str, *, reader: Reader) -> Entry | None:
    """Return the page at an address of the portal (with or without host, query and fragment), if `reader` may see it.

    None is said of an address that leads nowhere as of one that is not for them.
    """
    try:
        path = urlsplit(address).path
    except ValueError:
        return None
    if not path.startswith("/") or "\0" in path or len(path) > LONGEST_PATH:
        return None
    return entries_for(reader).pages().filter(url=path).order_by("path").first()


# Which of what was found is shown, under what names: nothing else is read of the rest.
Choose = Callable[[dict[str, list[Found]]], Mapping[str, list[Found]]]


def read_together(reader: Reader, lists: Mapping[str, EntryQuerySet]) -> dict[str, list[Entry]]:
    """Return several short lists in two queries: one for what stands in them, one for what their cards print.

    An entry that stands in two lists is one object. The second query passes the door again.
    """
    return _read(reader, *together(lists), choose=dict)


def read_worded(
    reader: Reader, lists: Lists, *, choose: Choose, below: str = "", chosen: Sequence[UUID] = ()
) -> dict[str, list[Entry]]:
    """Return what `choose` keeps of lists that are put into SQL once in a process.

    `below` is a path some of them stand below, `chosen` the translation keys that one of them is made of.
    """
    return _read(reader, *worded(lists, reader, below=below, chosen=chosen), choose=choose)


def _read(reader: Reader, names: list[str], text: str, values: list[Any], *, choose: Choose) -> dict[str, list[Entry]]:
    found: dict[str, list[Found]] = {name: [] for name in names}
    if text:
        with connection.cursor() as cursor:
            cursor.execute(text, values)
            # By list and place alone: what follows may be nothing, which does not compare.
            for number, _place, *row in sorted(cursor.fetchall(), key=itemgetter(0, 1)):
                found[names[number]].append(Found(*row))
    kept = choose(found)
    wanted = {one.pk for some in kept.values() for one in some}
    known = {entry.pk: entry for entry in entries_for(reader).filter(pk__in=wanted)}
    for entry in known.values():
        entry.is_recommended = entry.recommendation_id in reader.recommended
    return {name: [known[one.pk] for one in some if one.pk in known] for name, some in kept.items()}


def first_worded(entries: EntryQuerySet) -> Worded | None:
    """Return the SQL that reads the first of a list, in its order, and its parameters; None if nothing can be in it."""
    try:
        sql, values = entries.values_list("pk")[:1].query.sql_with_params()
    except EmptyResultSet:
        return None
    return sql, values


def alike(entries: EntryQuerySet, values: Mapping[Hashable, int]) -> dict[Hashable, Worded | None]:
    """Return a list for each of `values`, worded once: `entries` has STAND_IN where each has its value."""
    worded_once = first_worded(entries)
    if worded_once is None:
        return dict.fromkeys(values)
    sql, given = worded_once
    return {name: (sql, tuple(value if one == STAND_IN else one for one in given)) for name, value in values.items()}


def not_empty(lists: Mapping[Hashable, EntryQuerySet | Worded | None]) -> set[Hashable]:
    """Return the names of the lists that hold something: one query, which reads the first of each in its order.

    In order, so that the index a list walks is used: asked whether anything EXISTS, PostgreSQL reads the table.
    """
    names, parts = list(lists), []
    given: list[Any] = []
    for number, entries in enumerate(lists.values()):
        said = first_worded(entries) if isinstance(entries, EntryQuerySet) else entries
        if said is None:
            continue
        parts.append(f"SELECT {number} FROM ({said[0]}) AS found")  # noqa: S608  # made by querysets
        given += said[1]
    if not parts:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), given)
        return {names[number] for (number,) in cursor.fetchall()}
