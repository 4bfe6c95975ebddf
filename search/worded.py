"""Several short lists as one statement, put into SQL once in a process (see search.compiled)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from functools import cache
from typing import Any

from django.core.exceptions import EmptyResultSet

from search.budget import COLUMNS
from search.compiled import Text, known_of, stand_in
from search.planning import planned
from search.querysets import EntryQuerySet

PLAN_ONCE = "SET LOCAL plan_cache_mode = force_generic_plan"  # until the transaction ends

# Lists by name, of what is given by name: a reader, and paths, keys and instants.
Lists = Callable[..., Mapping[str, EntryQuerySet]]

# The names of lists, the SQL that gives (number of the list, place in it, then COLUMNS), and its parameters.
Worded = tuple[list[str], str, list[Any]]


def together(lists: Mapping[str, EntryQuerySet]) -> Worded:
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


def worded(lists: Lists, **given: Any) -> Worded:
    """Return the lists of what is given as one statement."""
    stands = tuple(stand_in(value, number) for number, value in enumerate(given.values()))
    names, text = _worded(lists, tuple(given), stands)
    return names, *text.said(known_of(given.values(), stands))


@cache
def _worded(lists: Lists, names: tuple[str, ...], stands: tuple[Any, ...]) -> tuple[list[str], Text]:
    found, sql, parameters = together(lists(**dict(zip(names, stands, strict=True))))
    return found, Text.of(sql, parameters, stands)


def planned_once() -> AbstractContextManager[None]:
    """Have PostgreSQL plan what is asked within once in a connection, whatever it is given.

    By itself it does so when it takes the one plan to be as cheap, and it knows too little of what short lists are
    given to see that: home's twenty took 2.4 ms to plan, for each reader, and 0.4 to read. Not for what is listed below
    a path: how many stand there decides of how they are found.
    """
    return planned(PLAN_ONCE)
