"""Key dates: what the `dates` blocks of a page's body say, as instants."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone

LAST_SECOND = time(23, 59, 59)
LONGEST_LABEL, LONGEST_NAME = 255, 40
ANCHOR = "dates"  # of the block on its page


@dataclass(frozen=True)
class DateData:
    """One key date; `item` names it within its page, wherever it stands there. Without an hour it is a whole day."""

    item: str
    label: str
    starts_at: datetime
    ends_at: datetime
    all_day: bool


def whole_days(first: date, last: date | None = None) -> tuple[datetime, datetime]:
    """Return the first and the last second of these days, in the portal's time zone."""
    start = timezone.make_aware(datetime.combine(first, time()))
    return start, timezone.make_aware(datetime.combine(last or first, LAST_SECOND))


def key_dates(body: Any) -> tuple[DateData, ...]:
    """Return the key dates of a stream, in its order; read as stored, so that no block is made for it."""
    found: dict[str, DateData] = {}
    for number, (name, value) in enumerate(_items(body.raw_data)):
        day, label = _day(value.get("starts_on")), str(value.get("label") or "").strip()[:LONGEST_LABEL]
        if day is None or not label:
            continue
        item = name if name and name not in found else f"n{number}"
        hour = _hour(value.get("starts_at"))
        start, end = whole_days(day)
        if hour is not None:
            start = end = timezone.make_aware(datetime.combine(day, hour))
        found[item] = DateData(item, label, start, end, all_day=hour is None)
    return tuple(found.values())


def _items(raw: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each item of the `dates` blocks with its id, if it has one: items of a list used to be stored bare."""
    for child in raw:
        value = child.get("value") if child.get("type") == "dates" else None
        items = value.get("items") if isinstance(value, dict) else None
        for item in items if isinstance(items, list) else []:
            if not isinstance(item, dict):
                continue
            within = item.get("value") if item.get("type") == "item" else item
            if isinstance(within, dict):
                yield str(item.get("id") or "")[:LONGEST_NAME], within


def _day(given: Any) -> date | None:
    try:
        return given if isinstance(given, date) else date.fromisoformat(str(given))
    except ValueError:
        return None


def _hour(given: Any) -> time | None:
    try:
        return given if isinstance(given, time) else time.fromisoformat(str(given))
    except ValueError:
        return None
