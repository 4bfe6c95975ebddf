"""Lists put into SQL once in a process: Django takes longer to word the dozen of home than PostgreSQL to answer them.

They are worded for a reader made of stand-ins, and what is known of the reader who asks takes their place among the
parameters; so the text is the querysets' own, and what it keeps of whom is said in one place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import UUIDField

from audience.reader import Reader
from search.budget import COLUMNS, fresh_since
from search.querysets import EntryQuerySet

# Named lists for a reader, some of them below a path, some of pages that were chosen, by their translation keys; which
# there are depends on nothing but whether the reader is signed in, whether something is recommended to them (and
# narrowly), and whether there is a path and something chosen.
Lists = Callable[[Reader, str, Sequence[UUID]], Mapping[str, EntryQuerySet]]

VISIBLE, WIDE, NARROW, BELOW, CHOSEN = -101, -102, -103, "~below~", UUID(int=101)
SOMEBODY = Reader(
    signed_in=True,
    visible=(VISIBLE,),
    recommended=(WIDE, NARROW),
    narrow=(NARROW,),
    at=datetime(1901, 2, 3, tzinfo=UTC),
)
NONE = (0,)  # the id of no row

# The names of lists, the SQL that gives (number of the list, place in it, then COLUMNS), and its parameters.
Statement = tuple[list[str], str, list[Any]]


def together(lists: Mapping[str, EntryQuerySet]) -> Statement:
    """Return several lists as one statement; no SQL if nothing can stand in any of them."""
    parts: list[str] = []
    parameters: list[Any] = []
    for number, entries in enumerate(lists.values()):
        try:
            sql, values = entries.values_list(*COLUMNS).query.sql_with_params()
        except EmptyResultSet:  # of what is recommended to nobody
            continue
        # SQLite takes no LIMIT in the parts of a UNION, but in their subqueries.
        parts.append(f"SELECT {number}, row_number() OVER (), found.* FROM ({sql}) AS found")  # noqa: S608  # made by querysets
        parameters += values
    return list(lists), " UNION ALL ".join(parts), parameters


def worded(lists: Lists, reader: Reader, *, below: str = "", chosen: Sequence[UUID] = ()) -> Statement:
    """Return the lists of this reader as one statement."""
    shape = reader.signed_in, bool(reader.recommended), bool(reader.narrow), bool(below), bool(chosen)
    names, text, parameters = _worded(lists, reader.language, *shape)
    known: dict[Any, tuple[Any, ...]] = {
        VISIBLE: reader.visible or NONE,
        WIDE: reader.wide or NONE,
        NARROW: reader.narrow or NONE,
        _adapted(SOMEBODY.at): (_adapted(reader.at),),
        _adapted(fresh_since(SOMEBODY.at)): (_adapted(fresh_since(reader.at)),),
        _key(CHOSEN): tuple(_key(key) for key in chosen),
    }
    pieces = text.split("%s")
    said, given = [pieces[0]], list[Any]()
    for parameter, piece in zip(parameters, pieces[1:], strict=True):
        if isinstance(parameter, list):  # PostgreSQL is given the values of IN as one array
            said += ["%s", piece]
            given.append([value for one in parameter for value in known.get(one, (one,))])
            continue
        is_path = isinstance(parameter, str) and parameter.startswith(BELOW)
        values = (parameter.replace(BELOW, below),) if is_path else known.get(parameter, (parameter,))
        said += [", ".join(["%s"] * len(values)), piece]
        given += values
    return names, "".join(said), given


@cache
def _worded(
    lists: Lists, language: str, signed_in: bool, recommended: bool, narrow: bool, below: bool, chosen: bool
) -> Statement:
    """Return the same for a reader made of stand-ins."""
    narrowly = SOMEBODY.narrow if narrow else ()
    to_them = (WIDE, *narrowly) if recommended else ()
    somebody = replace(SOMEBODY, language=language, signed_in=signed_in, recommended=to_them, narrow=narrowly)
    return together(lists(somebody, BELOW if below else "", (CHOSEN,) if chosen else ()))


def _adapted(at: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(at)


def _key(key: UUID) -> Any:
    return UUIDField[UUID, UUID]().get_db_prep_value(key, connection)
