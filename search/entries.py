"""The door: whatever lists, counts, suggests, feeds, exports or finds reads entries through `entries_for`."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from contextlib import nullcontext
from operator import itemgetter
from typing import Any
from urllib.parse import urlsplit

from django.db import connection

from audience.reader import Reader
from search.budget import Found
from search.compiled import Statement, compiled
from search.models import Entry
from search.querysets import EntryQuerySet
from search.worded import Lists, planned_once, worded

LONGEST_PATH = 2000


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


def read_worded(
    lists: Lists, *, choose: Choose, plan_once: bool, reader: Reader, **given: Any
) -> dict[str, list[Entry]]:
    """Return what `choose` keeps of several short lists: one query for what stands in them, one for what cards print.

    `lists` is called with the reader and what else is given, and put into SQL once in a process; `plan_once` says that
    one plan finds them well whatever is given (see `planned_once`). An entry that stands in two lists is one object.
    The second query passes the door again.
    """
    names, text, values = worded(lists, reader=reader, **given)
    found: dict[str, list[Found]] = {name: [] for name in names}
    if text:
        with planned_once() if plan_once else nullcontext(), connection.cursor() as cursor:
            cursor.execute(text, values)
            # By list and place alone: what follows may be nothing, which does not compare.
            for number, _place, *row in sorted(cursor.fetchall(), key=itemgetter(0, 1)):
                found[names[number]].append(Found(*row))
    kept = choose(found)
    wanted = tuple({one.pk for some in kept.values() for one in some})
    known = entries_of(reader, wanted)
    for entry in known.values():
        entry.is_recommended = entry.recommendation_id in reader.recommended
    return {name: [known[one.pk] for one in some if one.pk in known] for name, some in kept.items()}


def entries_of(reader: Reader, ids: tuple[int, ...]) -> dict[int, Entry]:
    """Return those of these entries that `reader` may know of, by id."""
    return {entry.pk: entry for entry in _of_ids(reader, ids)}


@compiled
def _of_ids(reader: Reader, ids: tuple[int, ...]) -> EntryQuerySet:
    return entries_for(reader).filter(pk__in=ids)


def not_empty(lists: Mapping[Hashable, Statement | None], *, plan_once: bool) -> set[Hashable]:
    """Return the names of the lists that hold something: one query, which reads the first of each in its order.

    Each is the SQL that reads its first, and its parameters; None holds nothing. In order, so that the index a list
    walks is used: asked whether anything EXISTS, PostgreSQL reads the table.
    """
    names, parts = list(lists), []
    given: list[Any] = []
    for number, said in enumerate(lists.values()):
        if said is None:
            continue
        parts.append(f"SELECT {number} FROM ({said[0]}) AS found")  # noqa: S608  # made by querysets
        given += said[1]
    if not parts:
        return set()
    with planned_once() if plan_once else nullcontext(), connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), given)
        return {names[number] for (number,) in cursor.fetchall()}
