"""Demands and visibilities: interned, and met or not by a reader.

A demand is an AND of ORs over atoms; one position of the reader must meet it all. A visibility is a set of demands,
each met separately. Both are tens or hundreds of rows whatever the number of pages, so a process keeps them all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from django.db import IntegrityError, transaction

from audience.models import Access, Audience, Demand, Kind, KnownReader, Visibility, digest
from audience.reader import Position, Reader, parse_positions
from audience.version import Kept, Version, current_version, touch

Clauses = tuple[tuple[str, ...], ...]
LOGIN: Clauses = (("login",),)
NOBODY: Clauses = ((),)
MOST_KEPT = 5000  # readers unlike one another, in one process


def audience_clauses(audiences: Iterable[Audience]) -> Clauses:
    """Return the clauses of a page's audiences: tags of one kind are alternatives, kinds add up. None: nobody."""
    by_kind: dict[str, set[str]] = defaultdict(set)
    for audience in audiences:
        by_kind[audience.kind].add(f"audience:{audience.pk}")
    return canonical(by_kind.values()) if by_kind else NOBODY


def canonical(clauses: Iterable[Iterable[str]]) -> Clauses:
    return tuple(sorted({tuple(sorted(set(clause))) for clause in clauses}))


def own_clauses(access: str, audiences: Iterable[Audience]) -> Clauses | None:
    """Return what a page with these audiences demands, or None when everyone may read it."""
    return audience_clauses(audiences) if access == Access.RESERVED else None


_interned: dict[tuple[str, str], int] = {}  # rows known to be committed; they are never changed nor removed


def _intern(model: type[Demand] | type[Visibility], field: str, value: object) -> int:
    key = digest(value)
    name = (field, key)
    if name in _interned:
        return _interned[name]
    pk = _row(model, field, value, key)
    # Only then: a row that this transaction adds may come to nothing.
    transaction.on_commit(lambda: _interned.update({name: pk}))
    return pk


def _row(model: type[Demand] | type[Visibility], field: str, value: object, key: str) -> int:
    rows = model._default_manager.filter(key=key).values_list("pk", flat=True)
    if (found := rows.first()) is not None:
        return int(found)
    try:
        with transaction.atomic():
            made = int(model._default_manager.create(key=key, **{field: value}).pk)
            touch(reference=True)
            return made
    except IntegrityError:  # another transaction interned it meanwhile
        return int(rows.get())


def demand_id(clauses: Clauses) -> int:
    """Return the id of the demand made of `clauses`, interning it if it is new."""
    return _intern(Demand, "clauses", [list(clause) for clause in clauses])


def visibility_id(demands: Collection[int]) -> int:
    """Return the id of the visibility made of these demands; the empty one is everyone's."""
    return _intern(Visibility, "demands", sorted(set(demands)))


def _holds(atom: str, *, position: Position, reader: Reader) -> bool:
    name, _, number = atom.partition(":")
    match name:
        case "audience":
            return int(number) in position
        case "login":
            return reader.signed_in
        case "group":
            return int(number) in reader.groups
        case "password":
            return int(number) in reader.passed
        case "collection":
            return int(number) in reader.opened
    return False  # an atom nobody knows is met by nobody


def meets(reader: Reader, clauses: Sequence[Sequence[str]]) -> bool:
    """Return whether one position of `reader` meets every clause."""
    return any(
        all(any(_holds(atom, position=position, reader=reader) for atom in clause) for clause in clauses)
        for position in reader.positions
    )


def atoms_of(demands: Iterable[Clauses]) -> set[str]:
    """Return all that these demands name."""
    return {atom for clauses in demands for clause in clauses for atom in clause}


def meets_all(reader: Reader, demands: Iterable[Clauses]) -> bool:
    return all(meets(reader, clauses) for clauses in demands)


@dataclass(frozen=True)
class Table:
    """All demands and visibilities of one content version."""

    demands: dict[int, Clauses]
    visibilities: dict[int, tuple[int, ...]]
    statuses: frozenset[str] = frozenset()  # the atoms that say a status
    seen: dict[Hashable, tuple[tuple[int, ...], ...]] = field(default_factory=dict, compare=False)

    def seen_by(self, reader: Reader) -> Reader:
        """Return `reader` with what they may see and what is recommended to them."""
        # All that a demand may ask of a reader; what it answers is kept for those who are alike.
        key = (reader.positions, reader.groups, reader.passed, reader.opened, reader.signed_in)
        if key not in self.seen:
            if len(self.seen) >= MOST_KEPT:
                self.seen.clear()
            self.seen[key] = self._seen_by(reader)
        visible, recommended, narrow = self.seen[key]
        return replace(reader, visible=visible, recommended=recommended, narrow=narrow)

    def _seen_by(self, reader: Reader) -> tuple[tuple[int, ...], ...]:
        met = {pk for pk, clauses in self.demands.items() if meets(reader, clauses)}
        visible = tuple(sorted(pk for pk, demands in self.visibilities.items() if met.issuperset(demands)))
        # What only signing in, a group or a password asks recommends nothing.
        recommended = tuple(sorted(pk for pk in met if self.about_audiences(pk)))
        return visible, recommended, tuple(pk for pk in recommended if self.is_narrow(pk))

    def is_narrow(self, demand: int) -> bool:
        """Return whether a demand asks more than a status: one of its clauses is met by no status alone."""
        return any(self.statuses.isdisjoint(clause) for clause in self.demands[demand])

    @cached_property
    def asks_groups(self) -> bool:
        """Whether any demand speaks of a Wagtail group: if none does, a reader's groups need not be read."""
        return any(atom.startswith("group:") for ors in self.demands.values() for clause in ors for atom in clause)

    def about_audiences(self, demand: int) -> bool:
        return any(atom.startswith("audience:") for clause in self.demands[demand] for atom in clause)

    def unmet(self, reader: Reader, visibility: int) -> list[Clauses]:
        """Return the demands of `visibility` that `reader` does not meet."""
        return [self.demands[pk] for pk in self.visibilities[visibility] if not meets(reader, self.demands[pk])]


def load_table() -> Table:
    """Read the table from the database: three queries."""
    demands = {
        pk: tuple(tuple(clause) for clause in clauses) for pk, clauses in Demand.objects.values_list("pk", "clauses")
    }
    visibilities = {pk: tuple(ids) for pk, ids in Visibility.objects.values_list("pk", "demands")}
    statuses = Audience.objects.filter(kind=Kind.STATUS).values_list("pk", flat=True)
    # A visibility committed between the two queries may speak of a demand not read: left out, it is seen by nobody.
    met = {pk: ids for pk, ids in visibilities.items() if all(i in demands for i in ids)}
    return Table(demands, met, frozenset(f"audience:{pk}" for pk in statuses))


_tables = Kept(load_table)


def table(version: Version | None = None) -> Table:
    """Return the table of `version` (the one committed now if not given); one process keeps the newest."""
    return _tables.at(version or current_version())


def count_readers(*demands: Clauses) -> int:
    """Return how many known readers meet each of these demands: one query, for the distinct positions."""
    return sum(
        number
        for positions, number in KnownReader.objects.by_positions()
        if meets_all(Reader(positions=parse_positions(positions), signed_in=True), demands)
    )
