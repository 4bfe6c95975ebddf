"""The catalogue of services as its reader asked for it: one page, several views, each at an address of its own."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple, Self
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from audience.demands import Clauses
from audience.models import Audience
from audience.reader import Reader
from search.models import Entry, StateLevel

VIEWS: dict[str, str | Promise] = {
    "family": gettext_lazy("By family"),
    "audience": gettext_lazy("By audience"),
    "unit": gettext_lazy("By unit"),
    "letter": pgettext_lazy("order of a list", "A to Z"),
}
ME, ALL = "me", "all"
LONGEST_CODE = 40


def view_word(given: str) -> str:
    """Return the name of a view, or nothing."""
    return given if given in VIEWS else ""


def scope_word(given: str) -> str:
    return given if given in {ME, ALL} else ""


def family_number(given: str) -> int:
    """Return the id of a family; anything else is none."""
    return int(given) if given.isdecimal() and given.isascii() and len(given) < 10 else 0


def code(given: str) -> str:
    """Return the code of a unit as far as one may be long."""
    return given.replace("\0", "")[:LONGEST_CODE]


@dataclass(frozen=True)
class Asked:
    """What an address of the catalogue asks. `scope` is ME (what is meant for the reader) or ALL."""

    by: str = "family"
    scope: str = ALL
    family: int = 0
    unit: str = ""
    default: str = ALL  # the scope an address without parameters has, for this reader

    @classmethod
    def of(cls, given: Mapping[str, str], *, reader: Reader) -> Self:
        """Return what the query says (by, for, family, unit). A word it does not know is as if absent."""
        default = ME if reader.signed_in else ALL
        family, unit = family_number(given.get("family", "")), code(given.get("unit", ""))
        scope = ALL if family or unit or not reader.signed_in else scope_word(given.get("for", "")) or default
        by = view_word(given.get("by", "")) or ("unit" if unit else "family")
        return cls(by=by, scope=scope, family=family, unit=unit, default=default)

    @property
    def address(self) -> str:
        """The query part of the address that asks this."""
        said: dict[str, object] = {}
        if self.by != ("unit" if self.unit else "family"):
            said["by"] = self.by
        if self.family or self.unit:
            said |= {name: value for name, value in (("family", self.family), ("unit", self.unit)) if value}
        elif self.scope != self.default:
            said["for"] = self.scope
        return f"?{urlencode(said)}"

    def turned(self, by: str) -> Self:
        return replace(self, by=by)

    def narrowed(self, *, scope: str = ALL, family: int = 0, unit: str = "") -> Self:
        return replace(self, scope=scope, family=family, unit=unit)


@dataclass(frozen=True)
class Choice:
    label: str | Promise
    url: str
    current: bool
    count: int | None = None
    language: str = ""  # that of the label, where it may be another than the page's


@dataclass(frozen=True)
class Group:
    """Services under one heading; `url` shows them alone."""

    label: str
    entries: list[Entry]
    url: str = ""
    language: str = ""  # that of the label, where it may be another than the page's


class Family(NamedTuple):
    """A family as the reader is told of it; `number` is 0 for none."""

    number: int
    label: str
    language: str


@dataclass(frozen=True)
class Incident:
    """What does not work now, in a sentence; `tone` is that of the worst."""

    said: str
    others: bool  # some services have no incident
    tone: str


def _folded(text: str) -> str:
    """Return `text` without accents and case, for sorting and for its first letter."""
    bare = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in bare if not unicodedata.combining(sign)).casefold()


@dataclass(frozen=True)
class Catalogue:
    """What the page shows: no query, all of it from the services the reader may see here."""

    services: list[Entry]
    asked: Asked
    reader: Reader
    audiences: dict[int, Audience]
    demands: dict[int, Clauses]
    families: Mapping[str, tuple[int, str]]  # the id and the name in the reader's language, by translation key

    def _family_of(self, service: Entry) -> Family:
        """Return the family of `service`, named in the reader's language if it has a name there."""
        spoken = self.families.get(service.extra.get("family_key", ""))
        if spoken:
            return Family(*spoken, language=self.reader.language)
        return Family(service.extra.get("family_id") or 0, service.extra.get("family", ""), service.spoken)

    @cached_property
    def mine(self) -> list[Entry]:
        """What is recommended to the reader, then what is recommended to nobody in particular."""
        return [e for e in self.services if e.recommendation_id in {None, *self.reader.recommended}]

    @cached_property
    def chosen(self) -> list[Entry]:
        if self.asked.family:
            return [e for e in self.services if self._family_of(e).number == self.asked.family]
        if self.asked.unit:
            return [e for e in self.services if e.unit and e.unit.code == self.asked.unit]
        return self.mine if self.asked.scope == ME else self.services

    @property
    def is_known(self) -> bool:
        """Whether a link of the catalogue leads here: a family or a unit of which the reader sees a service."""
        return bool(self.chosen) and not (self.asked.family and self.asked.unit)

    @property
    def chips(self) -> list[Choice]:
        """For me, the whole, then each family."""
        asked, plain = self.asked, self.asked.family == 0 and not self.asked.unit
        shown = []
        if self.reader.signed_in:
            me = asked.narrowed(scope=ME).address
            shown.append(Choice(_("For me"), me, plain and asked.scope == ME, len(self.mine)))
        whole = asked.narrowed().address
        shown.append(Choice(_("Whole catalogue"), whole, plain and asked.scope == ALL, len(self.services)))
        numbers = Counter(self._family_of(e).number for e in self.services)
        for number, label, language in self._families():
            url = asked.narrowed(family=number).address
            shown.append(Choice(label, url, asked.family == number, numbers[number], language))
        if asked.unit and self.chosen:
            shown.append(Choice(self.chosen[0].unit_name, asked.address, True, len(self.chosen)))
        return shown

    @property
    def views(self) -> list[Choice]:
        return [Choice(label, self.asked.turned(by).address, self.asked.by == by) for by, label in VIEWS.items()]

    @property
    def groups(self) -> list[Group]:
        match self.asked.by:
            case "audience":
                return self._by_audience()
            case "unit":
                return self._by_unit()
            case "letter":
                return self._by_letter()
        return self._by_family()

    def _families(self) -> list[Family]:
        found = {self._family_of(e): e.extra.get("family_order", 0) for e in self.services if e.extra.get("family")}
        return sorted(found, key=lambda family: (found[family], family))

    def _by_family(self) -> list[Group]:
        by_number: dict[int, list[Entry]] = {}
        for entry in self.chosen:
            by_number.setdefault(self._family_of(entry).number, []).append(entry)
        known = [
            Group(label, by_number[number], self.asked.narrowed(family=number).address, language)
            for number, label, language in self._families()
            if number in by_number
        ]
        return known + ([Group(_("Other services"), by_number[0])] if 0 in by_number else [])

    def _by_audience(self) -> list[Group]:
        """Under the broadest audiences they are recommended to; those recommended to nobody in particular come last."""
        by_label: dict[str, list[Entry]] = {}
        everyone = []
        for entry in self.chosen:
            labels = self._audience_labels(entry)
            for label in labels:
                by_label.setdefault(label, []).append(entry)
            everyone += [] if labels else [entry]
        known = [Group(label, by_label[label]) for label in sorted(by_label, key=_folded)]
        return known + ([Group(_("For everyone"), everyone)] if everyone else [])

    def _audience_labels(self, entry: Entry) -> set[str]:
        clauses = self.demands.get(entry.recommendation_id or 0, ())
        ids = {int(atom.partition(":")[2]) for clause in clauses for atom in clause if atom.startswith("audience:")}
        broadest = {self._broadest(self.audiences[pk]) for pk in ids if pk in self.audiences}
        return {audience.label for audience in broadest if not audience.sensitive}

    def _broadest(self, audience: Audience) -> Audience:
        seen = set()
        while audience.broader_id in self.audiences and audience.pk not in seen:
            seen.add(audience.pk)
            audience = self.audiences[audience.broader_id]
        return audience

    def _by_unit(self) -> list[Group]:
        by_unit: dict[tuple[str, str], list[Entry]] = {}
        for entry in self.chosen:
            code = entry.unit.code if entry.unit else ""
            by_unit.setdefault((entry.unit_name if code else "", code), []).append(entry)
        named = sorted((key for key in by_unit if key[1]), key=lambda key: _folded(key[0]))
        known = [Group(name, by_unit[name, code], self.asked.narrowed(unit=code).address) for name, code in named]
        return known + ([Group(_("Of no unit"), by_unit["", ""])] if ("", "") in by_unit else [])

    def _by_letter(self) -> list[Group]:
        by_letter: dict[str, list[Entry]] = {}
        for entry in sorted(self.chosen, key=lambda e: _folded(e.title)):
            first = _folded(entry.title)[:1].upper()
            by_letter.setdefault(first if first.isalpha() else "0–9", []).append(entry)
        return [Group(letter, entries) for letter, entries in by_letter.items()]

    @property
    def incident(self) -> Incident | None:
        """What does not go well among all the services listed here, whatever view is shown."""
        return incident_of(self.services)


def incident_of(services: Iterable[Entry]) -> Incident | None:
    """Return what does not go well among `services`, or None."""
    listed = list(services)
    levels = Counter(state.level for entry in listed if (state := entry.state))
    if not levels:
        return None
    down, slow, mending = (levels[one] for one in (StateLevel.DOWN, StateLevel.DEGRADED, StateLevel.MAINTENANCE))
    said = [
        ngettext("%(n)d service unavailable", "%(n)d services unavailable", down) % {"n": down} if down else "",
        ngettext("%(n)d degraded", "%(n)d degraded", slow) % {"n": slow} if slow else "",
        ngettext("%(n)d under maintenance", "%(n)d under maintenance", mending) % {"n": mending} if mending else "",
    ]
    tone = "bad" if down else "warn" if slow else "info"
    return Incident(", ".join(part for part in said if part) + ".", sum(levels.values()) < len(listed), tone)
