"""What an entry has from the pages above it: demands, liveness, dates, section and discretion."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from django.db.models import F
from django.utils import timezone

from audience.demands import visibility_id
from audience.models import Visibility
from content.entry import Kind
from search.languages import share_languages
from search.locks import STEP
from search.models import ALWAYS, Entry

CHUNK = 5000

Change = tuple[tuple[str, Any], ...]


class State(NamedTuple):
    """What a page hands down to its children; the fields of an entry that it inherits, in their order."""

    visibility_id: int
    withdrawn: bool
    live_from: datetime
    expires_at: datetime | None
    section_id: int | None
    discreet: bool

    def as_fields(self) -> dict[str, object]:
        return self._asdict()


class Own(NamedTuple):
    """What a page itself brings to its state."""

    own_demand_id: int
    own_live: bool
    own_live_from: datetime
    own_expires_at: datetime | None
    own_discreet: bool


class Sets:
    """Unions of visibilities, each computed once."""

    def __init__(self) -> None:
        self.demands: dict[int, frozenset[int]] = {}
        self.unions: dict[tuple[int, ...], int] = {}

    def of(self, visibility: int) -> frozenset[int]:
        if visibility not in self.demands:
            self.demands[visibility] = frozenset(
                Visibility.objects.values_list("demands", flat=True).get(pk=visibility)
            )
        return self.demands[visibility]

    def intern(self, demands: set[int]) -> int:
        """Return the visibility made of these demands."""
        pk = visibility_id(demands)
        self.demands[pk] = frozenset(demands)
        return pk

    def union(self, visibilities: Iterable[int]) -> int:
        """Return the visibility that demands all that these do."""
        key = tuple(sorted(set(visibilities)))
        if len(key) == 1:
            return key[0]
        if key not in self.unions:
            together: frozenset[int] = frozenset().union(*(self.of(pk) for pk in key))
            same = next((pk for pk in key if self.of(pk) == together), None)
            self.unions[key] = same if same is not None else self.intern(set(together))
        return self.unions[key]


def top_state() -> State:
    """Return what the tree's root hands down: nothing."""
    return State(visibility_id(()), withdrawn=False, live_from=ALWAYS, expires_at=None, section_id=None, discreet=False)


def handed_down(entry: Entry) -> State:
    """Return what `entry` hands down to its children."""
    section = entry.pk if entry.kind == Kind.SECTION else entry.section_id
    return State(entry.visibility_id, entry.withdrawn, entry.live_from, entry.expires_at, section, entry.discreet)


def inherit(above: State, own: Own, sets: Sets) -> State:
    """Return the state of what brings `own` under what its parent hands down."""
    ends = [at for at in (above.expires_at, own.own_expires_at) if at]
    return State(
        visibility_id=sets.union((above.visibility_id, own.own_demand_id)),
        withdrawn=above.withdrawn or not own.own_live,
        live_from=max(above.live_from, own.own_live_from),
        expires_at=min(ends) if ends else None,
        section_id=above.section_id,
        discreet=above.discreet or own.own_discreet,
    )


def own_of(entry: Entry) -> Own:
    """Return what `entry` itself brings."""
    return Own(entry.own_demand_id, entry.own_live, entry.own_live_from, entry.own_expires_at, entry.own_discreet)


def cascade(root: Entry, sets: Sets) -> int:
    """Bring everything below `root` in line with it; return how many entries changed.

    Reads narrow rows in the order of the tree, then writes once for each distinct change: entries that expire each on
    a day of their own are still reserved together. Of a hundred thousand rows few differ, so each case is met once.
    """
    below = Entry.objects.below(root.path).order_by("path")  # pages and their key dates, which are as their children
    rows = below.values_list("pk", "path", "kind", "translation_key", *Own._fields, *State._fields)
    states = {root.path: handed_down(root)}
    # Its parent has no entry: nobody can have come this way.
    nowhere = top_state()._replace(visibility_id=root.visibility_id, withdrawn=True)
    inherited: dict[tuple[State, Own], State] = {}
    differences: dict[tuple[State, State], Change] = {}
    changed: dict[Change, list[int]] = defaultdict(list)
    appeared_or_gone = []
    for pk, path, kind, key, *fields in rows.iterator(chunk_size=CHUNK):
        own, before = Own(*fields[: len(Own._fields)]), State(*fields[len(Own._fields) :])
        case = (states.get(path[:-STEP], nowhere), own)
        now = inherited.get(case)
        if now is None:
            now = inherited[case] = inherit(*case, sets)
        if now != before:
            change = differences.get((before, now))
            if change is None:
                pairs = zip(State._fields, before, now, strict=True)
                change = differences[before, now] = tuple((name, new) for name, old, new in pairs if new != old)
            changed[change].append(pk)
            if now.withdrawn != before.withdrawn:
                appeared_or_gone.append(key)
        states[path] = now._replace(section_id=pk) if kind == Kind.SECTION else now
    for change, ids in changed.items():
        said: dict[str, Any] = dict(change)
        if "visibility_id" in said:
            said["is_reserved"] = bool(sets.of(said["visibility_id"]))
        remaining = iter(ids)
        while some := list(islice(remaining, CHUNK)):
            Entry.objects.filter(pk__in=some).update(**said, version=F("version") + 1, updated_at=timezone.now())
    share_languages(appeared_or_gone)
    return sum(map(len, changed.values()))
