"""The demonstration's files: what the university says, as TOML under home/demo/."""

from __future__ import annotations

import tomllib
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

FOLDER = Path(__file__).resolve().parent.parent / "demo"

Item = dict[str, Any]


def read(pattern: str, key: str, *, language: str = "fr") -> list[Item]:
    """Return the items named `key` of the files that match `pattern`, in the order of the files."""
    folder = FOLDER if language == "fr" else FOLDER / language
    return [
        item
        for path in sorted(folder.glob(pattern))
        for item in tomllib.loads(path.read_text(encoding="utf-8")).get(key, [])
    ]


def day(in_days: int, *, working: bool = False) -> date:
    """Return the day so many days from today; a working day is never a Saturday or Sunday."""
    found = timezone.localdate() + timedelta(days=in_days)
    if working and found.weekday() >= 5:
        found += timedelta(days=7 - found.weekday())
    return found


def instant(on: date, clock: str) -> datetime:
    """Return the instant of `clock` (“18:00”) on that day, in the portal's time zone."""
    hours, _, minutes = clock.partition(":")
    return timezone.make_aware(datetime.combine(on, time(int(hours), int(minutes or 0))))
