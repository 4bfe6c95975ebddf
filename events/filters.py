"""What a reader asks of an agenda, as a value: a kind, a campus, what is past."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self
from urllib.parse import urlencode

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.campuses import Campus
from search.choices import Choice, choices
from search.querysets import EntryQuerySet


class EventKind(models.TextChoices):
    """Something one attends, or something one must have done."""

    EVENT = "event", _("Event")
    DEADLINE = "deadline", _("Deadline")


SEVERAL: dict[str, str | Promise] = {
    "": pgettext_lazy("events and deadlines", "All"),
    EventKind.EVENT: pgettext_lazy("kind of date", "Events"),
    EventKind.DEADLINE: _("Deadlines"),
}


@dataclass(frozen=True)
class Filters:
    """Empty fields keep everything. `kind` is one of EventKind, `campus` the identifier of one that there is."""

    kind: str = ""
    campus: str = ""
    past: bool = False

    @classmethod
    def parse(cls, given: Mapping[str, str], *, campuses: Sequence[Campus]) -> Self:
        """Return what an address asks. Raises nothing: a field that says nothing is as if absent."""
        kind, campus = given.get("kind", ""), given.get("campus", "")
        return cls(
            kind=kind if kind in EventKind.values else "",
            campus=campus if campus in {one.slug for one in campuses} else "",
            past=given.get("past") == "1",
        )

    def keep(self, entries: EntryQuerySet) -> EntryQuerySet:
        """Keep the kind and the campus asked; dates are for the list to keep."""
        if self.kind:
            entries = entries.event_kind(self.kind)
        return entries.at_campus(self.campus) if self.campus else entries

    def query(self) -> str:
        """Return the query of an address that asks this, without its question mark."""
        said = {"past": "1" if self.past else "", "kind": self.kind, "campus": self.campus}
        return urlencode({name: value for name, value in said.items() if value})

    def address(self, base: str = "") -> str:
        query = self.query()
        return f"{base}?{query}" if query else base

    def kinds(self, base: str) -> list[Choice]:
        """Return the kinds to choose from, for the list at `base`."""
        return choices(SEVERAL, self.kind, lambda kind: replace(self, kind=kind).address(base))

    def places(self, base: str, campuses: Sequence[Campus]) -> list[Choice]:
        """Return the campuses to choose from; none where there is no choice."""
        named: dict[str, str | Promise] = {"": _("All campuses"), **{one.slug: one.label for one in campuses}}
        return choices(named, self.campus, lambda campus: replace(self, campus=campus).address(base))
