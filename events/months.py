"""The agenda month by month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Self

from django.utils import timezone

from content.dates import whole_days
from events.filters import EventKind
from search.models import Entry
from search.querysets import EntryQuerySet

# Years that can be asked for: beyond them there is nothing, and an address for each month of it.
YEARS_BEFORE, YEARS_AFTER = 10, 5


@dataclass(frozen=True, order=True)
class Month:
    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(day.year, day.month)

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        return self.following.first - timedelta(days=1)

    @property
    def following(self) -> Month:
        return Month(self.year + self.number // 12, self.number % 12 + 1)

    @property
    def preceding(self) -> Month:
        return Month.of(self.first - timedelta(days=1))

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """The first instant of the month and that of the next one."""
        return whole_days(self.first)[0], whole_days(self.following.first)[0]

    def is_near(self, today: date) -> bool:
        """Whether the agenda goes so far from `today`."""
        return 1 <= self.number <= 12 and -YEARS_BEFORE <= self.year - today.year <= YEARS_AFTER

    def address(self, base: str) -> str:
        return f"{base}{self.year:04}/{self.number:02}/"

    def days(self) -> Iterator[date]:
        day = self.first
        while day.month == self.number:
            yield day
            day += timedelta(days=1)


@dataclass(frozen=True)
class Shown:
    """An entry on one of its days."""

    entry: Entry
    continues: bool  # it began on a day before


@dataclass(frozen=True)
class Day:
    day: date
    shown: list[Shown]
    is_today: bool


def last_day(entry: Entry) -> date:
    """Return the last day of an event: one that ends at midnight ends the day before."""
    start, end = entry.starts_at, entry.ends_at
    return timezone.localdate(end - timedelta(microseconds=1) if start and end and end > start else end)


def days_of(month: Month, entries: Iterable[Entry], *, today: date) -> list[Day]:
    """Return all days of `month` with what happens on each, in the order given.

    What lasts is on each of its days; a deadline is on the day it falls, whenever it began.
    """
    by_day: dict[date, list[Shown]] = defaultdict(list)
    for entry in entries:
        over = last_day(entry)
        first = over if entry.extra.get("event_kind") == EventKind.DEADLINE else timezone.localdate(entry.starts_at)
        day, last = max(first, month.first), min(over, month.last)
        while day <= last:
            by_day[day].append(Shown(entry, continues=day > first))
            day += timedelta(days=1)
    return [Day(day, by_day[day], is_today=day == today) for day in month.days()]


def nearest_with_events(events: EntryQuerySet, month: Month, *, today: date) -> Month | None:
    """Return the next month after `month` that holds one of `events`, else the last before it."""
    start, end = month.bounds
    later = events.filter(starts_at__gte=end).order_by("starts_at").values_list("starts_at", flat=True).first()
    found = later or events.filter(ends_at__lt=start).order_by("-starts_at").values_list("starts_at", flat=True).first()
    nearest = Month.of(timezone.localdate(found)) if found else None
    return nearest if nearest and nearest.is_near(today) else None
