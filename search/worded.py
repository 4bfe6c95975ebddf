"""Lists put into SQL once in a process: Django takes longer to word the ten of home than PostgreSQL to answer them.

They are worded for a reader made of stand-ins, and what is known of the reader who asks takes their place among the
parameters; so the text is the querysets' own, and what it keeps of whom is said in one place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection

from audience.reader import Reader
from search.querysets import EntryQuerySet

# Named lists for a reader, some of them below a path; which there are depends on nothing but whether the reader is
# signed in, whether something is recommended to them at all, and whether there is a path.
Lists = Callable[[Reader, str], Mapping[str, EntryQuerySet]]

VISIBLE, RECOMMENDED, BELOW = -101, -102, "~below~"
SOMEBODY = Reader(signed_in=True, visible=(VISIBLE,), recommended=(RECOMMENDED,), at=datetime(1901, 2, 3, tzinfo=UTC))
NONE = (0,)  # the id of no row

# The names of lists, the SQL that gives (number of the list, place in it, id of the entry), and its parameters.
Statement = tuple[list[str], str, list[Any]]


def together(lists: Mapping[str, EntryQuerySet]) -> Statement:
    """Return several lists as one statement; no SQL if nothing can stand in any of them."""
    parts: list[str] = []
    parameters: list[Any] = []
    for number, entries in enumerate(lists.values()):
        try:
            sql, values = entries.values_list("pk").query.sql_with_params()
        except EmptyResultSet:  # of what is recommended to nobody
            continue
        # SQLite takes no LIMIT in the parts of a UNION, but in their subqueries.
        parts.append(f"SELECT {number}, row_number() OVER (), found.* FROM ({sql}) AS found")  # noqa: S608  # made by querysets
        parameters += values
    return list(lists), " UNION ALL ".join(parts), parameters


def worded(lists: Lists, reader: Reader, *, below: str = "") -> Statement:
    """Return the lists of this reader as one statement."""
    shape = reader.signed_in, bool(reader.recommended), bool(below)
    names, text, parameters = _worded(lists, reader.language, *shape)
    known: dict[Any, tuple[Any, ...]] = {
        VISIBLE: reader.visible or NONE,
        RECOMMENDED: reader.recommended or NONE,
        _adapted(SOMEBODY.at): (_adapted(reader.at),),
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
def _worded(lists: Lists, language: str, signed_in: bool, recommended: bool, below: bool) -> Statement:
    """Return the same for a reader made of stand-ins."""
    to_them = SOMEBODY.recommended if recommended else ()
    somebody = replace(SOMEBODY, language=language, signed_in=signed_in, recommended=to_them)
    return together(lists(somebody, BELOW if below else ""))


def _adapted(at: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(at)
