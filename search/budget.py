"""Short lists are a budget: the narrowest audience first, few of one unit, nothing that is old.

A list is read in tiers, each a limited query by its index: what is meant for more than a status (a unit, a year, a
group), what is meant for the reader's status, what is meant for everyone. They are put together from narrow rows,
before any card is read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.utils import timezone

from audience.reader import Reader
from search.querysets import EntryQuerySet

FRESH = timedelta(days=14)
OF_ONE_UNIT = 2


class Found(NamedTuple):
    """What stands in a list, before its card is read. `starts_at` is as the database says it: only to compare."""

    pk: int
    unit: int | None = None
    section: int | None = None
    recommendation: int | None = None
    starts_at: Any = None

    @property
    def house(self) -> tuple[str, int] | None:
        """Whose it is: the unit that signs, else the section it stands in, else nobody's in particular."""
        if self.unit:
            return "unit", self.unit
        return ("section", self.section) if self.section else None


COLUMNS = ("pk", "unit_id", "section_id", "recommendation_id", "starts_at")


def fresh_since(at: datetime) -> datetime:
    """Return since when news is not old at `at`: by whole days, as pages that are shared last until midnight."""
    return timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0) - FRESH


def in_tiers(name: str, entries: EntryQuerySet, *, reader: Reader, limit: int) -> dict[str, EntryQuerySet]:
    """Return the lists that `narrowest_first` puts together: one that orders by a CASE would read everything."""
    lists = {f"{name}, narrow": entries.narrowly_recommended_to(reader)[:limit]} if reader.narrow else {}
    if reader.recommended:
        lists[f"{name}, wide"] = entries.widely_recommended_to(reader)[:limit]
    return lists | {name: entries.for_everyone()[:limit]}


def narrowest_first(name: str, found: Mapping[str, list[Found]]) -> list[Found]:
    """Return what is for more than the reader's status, then for their status, then for everyone."""
    return [*found.get(f"{name}, narrow", []), *found.get(f"{name}, wide", []), *found[name]]


def few_of_each(found: Iterable[Found], *, limit: int) -> list[Found]:
    """Return the first of these, each once and at most OF_ONE_UNIT of one unit."""
    kept: list[Found] = []
    houses: Counter[tuple[str, int]] = Counter()
    for one in dict.fromkeys(found):
        if len(kept) == limit:
            break
        if one.house is not None:
            if houses[one.house] == OF_ONE_UNIT:
                continue
            houses[one.house] += 1
        kept.append(one)
    return kept
