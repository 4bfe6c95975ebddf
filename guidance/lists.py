"""The list of guidance: by need, what is timely first, what is the reader's own before what is meant for others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audience.models import Audience, Demand, Kind
from audience.reader import Reader
from guidance.needs import Need
from search.choices import Choice, choices
from search.models import Entry

TIMELY = 6


@dataclass(frozen=True)
class Asked:
    """What an address asks of the list: the id of a need, the identifier of an audience; empty is all."""

    need: int = 0
    audience: str = ""

    @classmethod
    def parse(cls, given: Mapping[str, str], *, needs: Sequence[Need], audiences: Sequence[Audience]) -> Self:
        """Raises nothing: what is not known is as if absent."""
        need, audience = given.get("need", ""), given.get("audience", "")
        return cls(
            need=next((one.pk for one in needs if str(one.pk) == need), 0),
            audience=audience if audience in {one.slug for one in audiences} else "",
        )

    def address(self, base: str) -> str:
        said = {"need": self.need, "audience": self.audience}
        query = urlencode({name: value for name, value in said.items() if value})
        return f"{base}?{query}" if query else base


@dataclass(frozen=True)
class Shelf:
    """The guidance of one need; of None, what has no need."""

    need: Need | None
    entries: list[Entry]


@dataclass(frozen=True)
class GuidanceList:
    """All that the page of a list shows."""

    timely: list[Entry]
    shelves: list[Shelf]
    needs: list[Choice] = field(default_factory=list)
    audiences: list[Choice] = field(default_factory=list)
    narrowed: bool = False


def guidance_list(entries: Iterable[Entry], given: Mapping[str, str], *, reader: Reader, base: str) -> GuidanceList:
    """Return what the list at `base` shows `reader`, of all `entries` that are for them: three queries."""
    entries = own_first(entries, reader=reader)
    needs, named = list(Need.objects.all()), Audiences.of(entries)
    asked = Asked.parse(given, needs=needs, audiences=named.offered)
    kept = [entry for entry in entries if not asked.audience or named.meant_for(entry, asked.audience)]
    shelves = by_need(kept, needs)
    present = [shelf.need for shelf in shelves if shelf.need]
    month = timezone.localdate(reader.at).month
    return GuidanceList(
        timely=[] if asked.need else [one for one in kept if in_season(one, month) and is_meant(one, reader)][:TIMELY],
        shelves=[shelf for shelf in shelves if not asked.need or (shelf.need and shelf.need.pk == asked.need)],
        needs=choices(
            {0: _("All needs"), **{need.pk: need.label for need in present}},
            asked.need,
            lambda need: replace(asked, need=need).address(base),
        ),
        audiences=choices(
            {"": _("Everyone"), **{one.slug: one.label for one in named.offered}},
            asked.audience,
            lambda audience: replace(asked, audience=audience).address(base),
        ),
        narrowed=asked != Asked(),
    )


def own_first(entries: Iterable[Entry], *, reader: Reader) -> list[Entry]:
    """Return `entries`, those recommended to the reader first and marked so, else in the order given."""
    found = list(entries)
    for entry in found:
        entry.is_recommended = entry.recommendation_id in reader.recommended
    return sorted(found, key=lambda entry: not entry.is_recommended)


def is_meant(entry: Entry, reader: Reader) -> bool:
    """Return whether an entry is recommended to the reader, or to nobody in particular."""
    return entry.recommendation_id is None or entry.recommendation_id in reader.recommended


def in_season(entry: Entry, month: int) -> bool:
    """Return whether guidance is timely in `month` (1 to 12); a season may cross the end of the year."""
    first, last = entry.extra.get("season") or (0, 0)
    if first <= last:
        return bool(first <= month <= last)
    return bool(month >= first or month <= last)


def by_need(entries: Iterable[Entry], needs: Sequence[Need]) -> list[Shelf]:
    """Return `entries` need by need, in the editors' order, what has none last; a need without entries is left out."""
    kept: dict[int, list[Entry]] = defaultdict(list)
    known = {need.pk for need in needs}
    for entry in entries:
        need = entry.extra.get("need") or 0
        kept[need if need in known else 0].append(entry)
    shelves = [Shelf(need, kept[need.pk]) for need in needs if need.pk in kept]
    return [*shelves, Shelf(None, kept[0])] if kept[0] else shelves


@dataclass(frozen=True)
class Audiences:
    """The statuses (students, staff) that some of a list's entries are recommended to, and who belongs to each."""

    offered: list[Audience]
    within: dict[str, set[int]]  # the ids of an audience and of the narrower ones, by its identifier
    asked: dict[int, set[int]]  # the audiences that a recommendation names, by its id

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Self:
        demands = {entry.recommendation_id for entry in entries if entry.recommendation_id}
        if not demands:
            return cls([], {}, {})
        asked = {
            pk: {int(atom.partition(":")[2]) for clause in clauses for atom in clause if atom.startswith("audience:")}
            for pk, clauses in Demand.objects.filter(pk__in=demands).values_list("pk", "clauses")
        }
        every = list(Audience.objects.all())
        above = {one.pk: one.broader_id for one in every}
        within: dict[str, set[int]] = {}
        for status in (one for one in every if one.kind == Kind.STATUS and not (one.retired or one.sensitive)):
            within[status.slug] = {pk for pk in above if status.pk in _line(pk, above)}
        named = set().union(*asked.values())
        offered = [one for one in every if one.slug in within and within[one.slug] & named]
        return cls(sorted(offered, key=lambda one: one.slug), within, asked)  # slugs have no accents to sort by

    def meant_for(self, entry: Entry, audience: str) -> bool:
        """Return whether an entry is for some of that audience, or for nobody in particular."""
        named = self.asked.get(entry.recommendation_id or 0)
        return named is None or bool(named & self.within[audience])


def _line(pk: int, above: Mapping[int, int | None]) -> set[int]:
    """Return an audience and all that it belongs to."""
    found: set[int] = set()
    current: int | None = pk
    while current is not None and current not in found:
        found.add(current)
        current = above.get(current)
    return found


def known_audience(given: str) -> str:
    """Return the identifier of a status as an address gives it; of one that is not, nothing."""
    if not given or "\0" in given or len(given) > 80:  # asked of every page
        return ""
    statuses = Audience.objects.in_use().open_to_all().filter(kind=Kind.STATUS, slug=given)
    return given if statuses.exists() else ""
