"""Querysets compiled once in a process: Django takes longer to put most of them into SQL than a database to answer.

A function that builds a queryset is called once for each shape of what it is given, with stand-ins in place of it: of a
reader, of ids, keys, paths and instants. What is given in earnest then takes their place among the parameters, so the
SQL is the queryset's own. A stand-in that does not come out among the parameters stops the compilation: what it stands
for would be left out in silence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from copy import copy
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import wraps
from typing import Any, Generic, ParamSpec, TypeVar
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import QuerySet, UUIDField
from django.db.models.sql.compiler import SQLCompiler

from audience.reader import Reader

P = ParamSpec("P")
Row = TypeVar("Row")
Statement = tuple[str, list[Any]]  # SQL and its parameters

# Of a reader; and from where on those of other values are numbered: ids of no row.
VISIBLE, WIDE, NARROW, OTHERS = -101, -102, -103, 2_147_480_000
UNSAID = -104  # what of a reader no statement may ask: it is given apart, as are their units
SOMEBODY = Reader(
    positions=(frozenset({UNSAID}),),
    units=("~units~",),
    groups=frozenset({UNSAID}),
    passed=frozenset({UNSAID}),
    opened=frozenset({UNSAID}),
    signed_in=True,
    visible=(VISIBLE,),
    recommended=(WIDE, NARROW),
    narrow=(NARROW,),
    at=datetime(1901, 2, 3, tzinfo=UTC),
)
NOBODY = (0,)  # the id of no row
MOST_SHAPES = 1000  # of one function: pages of lists are numbered


@dataclass(frozen=True)
class Fixed:
    """A number that stands in the SQL itself, as that of a page does in its LIMIT."""

    value: int


def stand_in(value: Any, number: int) -> Any:
    """Return what stands for `value`, the `number`th of what is given; itself for what decides of the text."""
    match value:
        case Reader():
            narrow = SOMEBODY.narrow if value.narrow else ()
            met = (WIDE, *narrow) if value.recommended else ()
            return replace(SOMEBODY, language=value.language, signed_in=value.signed_in, recommended=met, narrow=narrow)
        case None | bool() | Enum() | Fixed() | "" | ():
            return value
        case int():
            return OTHERS + number
        case str():
            return f"~{number}~"
        case UUID():
            return UUID(int=OTHERS + number)
        case datetime():
            return datetime(1902, 1, 1, tzinfo=UTC) + timedelta(days=number)
        case tuple():
            return (stand_in(value[0], number),)
    raise TypeError(f"nothing stands in for {type(value).__name__}")


def known_of(values: Iterable[Any], stands: Iterable[Any]) -> dict[Any, Any]:
    """Return what takes the place of each stand-in among the parameters of a statement."""
    known: dict[Any, Any] = {}
    for value, standing in zip(values, stands, strict=True):
        if isinstance(value, Reader):
            known |= {VISIBLE: value.visible or NOBODY, WIDE: value.wide or NOBODY, NARROW: value.narrow or NOBODY}
            known[_adapted(standing.at)] = _adapted(value.at)
        elif isinstance(value, tuple) and value:
            known[_adapted(standing[0])] = tuple(_adapted(one) for one in value)
        elif standing is not value:
            known[_adapted(standing)] = _adapted(value)
    return known


def _adapted(value: Any) -> Any:
    """Return `value` as it stands among the parameters of a statement."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return UUIDField[UUID, UUID]().get_db_prep_value(value, connection) if isinstance(value, UUID) else value


@dataclass(frozen=True)
class Text:
    """SQL in pieces, and what stands between them: a value, or a stand-in and what follows it in the same word."""

    pieces: tuple[str, ...]
    between: tuple[tuple[bool, Any, str], ...]

    @classmethod
    def of(cls, sql: str, parameters: Iterable[Any], stands: Iterable[Any]) -> Text:
        """Take a statement apart. Raises ValueError when a stand-in is not found in it."""
        whole = {_adapted(one[0] if isinstance(one, tuple) else one) for one in stands if _is_stand_in(one)}
        known = whole | set(known_of([SOMEBODY], [SOMEBODY]))
        between = [_recognised(one, known) for one in parameters]
        if any(value == UNSAID or (is_known and value not in known) for is_known, value, _ in between):
            raise ValueError("the statement asks of a reader what is to be given apart: units, audiences, groups")
        if lost := whole - {value for is_known, value, _ in between if is_known}:
            raise ValueError(f"given and not found in the statement: {lost}")
        pieces, between = _joined(sql.split("%s"), between)
        if connection.vendor == "postgresql":
            pieces, between = _with_constants(pieces, between)
        return cls(tuple(pieces), tuple(between))

    def said(self, known: Mapping[Any, Any]) -> Statement:
        """Return the SQL and its parameters with what is `known` in place of the stand-ins.

        A tuple takes the place of the one value of an IN; PostgreSQL is given several as one array, so that the text is
        the same however many there are, and one as it is, since then it knows that what it reads is in order.
        """
        text, given = [self.pieces[0]], list[Any]()
        for (is_known, value, rest), piece in zip(self.between, self.pieces[1:], strict=True):
            found = _found(value, known) if is_known else value
            if not is_known or not isinstance(found, tuple):
                given.append(found + rest if rest else found)
                text += ["%s", piece]
            elif len(found) > 1 and connection.vendor == "postgresql":
                given.append(list(found))
                text[-1] = text[-1].removesuffix("IN (") + "= ANY("
                text += ["%s", piece]
            else:
                given += found
                text += [", ".join(["%s"] * len(found)), piece]
        return "".join(text), given


Between = list[tuple[bool, Any, str]]


def _joined(pieces: list[str], between: Between) -> tuple[list[str], Between]:
    """Make one of the stand-ins that stand in the same IN, as those of all that is recommended to a reader do."""
    text, left = [pieces[0]], Between()
    for part, piece in zip(between, pieces[1:], strict=True):
        if part[0] and left and left[-1][0] and text[-1] == ", ":
            left[-1] = (True, (*_several(left[-1][1]), part[1]), "")
            text[-1] = piece
        else:
            left.append(part)
            text.append(piece)
    return text, left


def _several(key: Any) -> tuple[Any, ...]:
    return key if isinstance(key, tuple) else (key,)


def _found(key: Any, known: Mapping[Any, Any]) -> Any:
    """Return what is known of a stand-in, or of several together."""
    if not isinstance(key, tuple):
        return known[key]
    return tuple(dict.fromkeys(one for part in key for one in known[part]))


def _with_constants(pieces: list[str], between: Between) -> tuple[list[str], Between]:
    """Write out what is the same at each call, a kind or a language: PostgreSQL plans for what it is."""
    from psycopg.sql import quote  # of PostgreSQL alone

    text, left = [pieces[0]], Between()
    for (is_known, value, rest), piece in zip(between, pieces[1:], strict=True):
        if is_known:
            left.append((is_known, value, rest))
            text.append(piece)
        else:
            text[-1] += quote(value, connection.connection).replace("%", "%%") + piece
    return text, left


def _is_stand_in(value: Any) -> bool:
    return not isinstance(value, Reader | bool | Enum | Fixed) and value not in (None, "", ())


def _recognised(parameter: Any, known: set[Any]) -> tuple[bool, Any, str]:
    if isinstance(parameter, str) and parameter.startswith("~"):
        marked = parameter[: parameter.index("~", 1) + 1]
        return True, marked, parameter[len(marked) :]
    try:
        return parameter in known, parameter, ""
    except TypeError:  # of JSON, which no stand-in is
        return False, parameter, ""


@dataclass(frozen=True)
class _Said(Generic[Row]):
    """A queryset that was compiled, and its text."""

    source: QuerySet[Any, Row]
    compiler: SQLCompiler
    text: Text

    def rows(self, known: Mapping[Any, Any]) -> list[Row]:
        sql, parameters = self.text.said(known)
        compiler = copy(self.compiler)
        compiler.connection = connections[DEFAULT_DB_ALIAS]  # each thread has its own
        compiler.as_sql = lambda *args, **kwargs: (sql, tuple(parameters))  # type: ignore[method-assign]  # known already
        found = self.source.all()
        found.query.get_compiler = lambda *args, **kwargs: compiler  # type: ignore[method-assign]
        return list(found)


def compiled(build: Callable[P, QuerySet[Any, Row]]) -> Callable[P, list[Row]]:
    """Return a function that reads what `build` asks for, and has it compiled once for each shape of what it is given.

    It is given readers, ids, keys, texts, instants, and tuples of them. Each must come out among the parameters of the
    statement as it is or, if a text, at their beginning; what decides of the SQL itself is an Enum, a Fixed, a bool or
    None.
    """
    said = _Compiling(build)

    @wraps(build)
    def read(*args: P.args, **kwargs: P.kwargs) -> list[Row]:
        found, known = said.of(args, kwargs)
        return found.rows(known) if found else []

    return read


def compiled_to_sql(build: Callable[P, QuerySet[Any, Row]]) -> Callable[P, Statement | None]:
    """Return the same for what becomes part of a statement: the SQL and its parameters, None if it can hold nothing."""
    said = _Compiling(build)

    @wraps(build)
    def word(*args: P.args, **kwargs: P.kwargs) -> Statement | None:
        found, known = said.of(args, kwargs)
        return found.text.said(known) if found else None

    return word


class _Compiling(Generic[Row]):
    """What was compiled of one function, by the shape of what it was given."""

    def __init__(self, build: Callable[..., QuerySet[Any, Row]]) -> None:
        self.build = build
        self.kept: dict[Any, _Said[Row] | None] = {}

    def of(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[_Said[Row] | None, dict[Any, Any]]:
        """Return it, and what is known of what stands in it."""
        values = [*args, *kwargs.values()]
        stands = [stand_in(value, number) for number, value in enumerate(values)]
        shape = (*stands, *kwargs)
        try:
            found = self.kept[shape]
        except KeyError:
            named = dict(zip(kwargs, stands[len(args) :], strict=True))
            found = _compile(self.build(*stands[: len(args)], **named), stands)
            if len(self.kept) >= MOST_SHAPES:
                self.kept.clear()
            self.kept[shape] = found
        return found, known_of(values, stands)


def _compile(source: QuerySet[Any, Row], stands: list[Any]) -> _Said[Row] | None:
    """Return what was compiled; None if nothing can stand in it."""
    compiler = source.query.get_compiler(DEFAULT_DB_ALIAS)
    try:
        sql, parameters = compiler.as_sql()
    except EmptyResultSet:
        return None
    return _Said(source, compiler, Text.of(sql, parameters, stands))
