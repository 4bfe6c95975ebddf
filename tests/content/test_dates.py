"""Key dates as the body of a page stores them, and as instants."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from content.dates import DateData, key_dates
from tests.dates import dates_block

PARIS = ZoneInfo("Europe/Paris")


class Body:
    """A stream as stored."""

    def __init__(self, *raw: Any) -> None:
        self.raw_data = list(raw)


def test_a_date_with_an_hour_is_an_instant_and_one_without_lasts_its_day() -> None:
    ouverture, cloture = key_dates(
        Body(dates_block(("Ouverture", "2026-12-03"), ("Clôture", "2026-12-10", "17:00:00")))
    )

    assert (ouverture.starts_at, ouverture.ends_at, ouverture.all_day) == (
        datetime(2026, 12, 3, tzinfo=PARIS),
        datetime(2026, 12, 3, 23, 59, 59, tzinfo=PARIS),
        True,
    )
    assert cloture.starts_at == cloture.ends_at == datetime(2026, 12, 10, 17, tzinfo=PARIS)
    assert not cloture.all_day


def test_a_day_on_which_the_clock_changes_is_a_whole_day() -> None:
    (day,) = key_dates(Body(dates_block(("Heure d’hiver", "2026-10-25"))))

    assert (day.ends_at - day.starts_at.astimezone(ZoneInfo("UTC"))).total_seconds() == 25 * 3600 - 1


def test_items_are_read_in_either_way_lists_store_them() -> None:
    new, old = (key_dates(Body(dates_block(("Clôture", "2026-12-10"), bare=bare))) for bare in (False, True))

    assert [(one.label, one.starts_at) for one in new] == [(one.label, one.starts_at) for one in old]
    assert len({new[0].item, old[0].item}) == 2


def test_what_is_not_yet_written_as_stored_is_read_too() -> None:
    value = {"label": "Clôture", "starts_on": date(2026, 12, 10), "starts_at": time(9, 30)}

    (one,) = key_dates(Body({"type": "dates", "value": {"title": "", "items": [value]}}))

    assert one.starts_at == datetime(2026, 12, 10, 9, 30, tzinfo=PARIS)


@pytest.mark.parametrize(
    "item",
    [
        {}, {"label": "Clôture"}, {"label": "Clôture", "starts_on": "bientôt"}, {"label": "Clôture", "starts_on": None},
        {"label": " ", "starts_on": "2026-12-03"}, "Clôture", None, {"type": "item", "value": None},
    ],
)  # fmt: skip
def test_what_is_no_date_is_left_out(item: Any) -> None:
    assert key_dates(Body({"type": "dates", "value": {"items": [item]}})) == ()


@pytest.mark.parametrize(
    "block",
    [
        {"type": "text", "value": "<p>…</p>"},
        {"type": "dates", "value": None},
        {"type": "dates", "value": {"items": None}},
        {"type": "dates", "value": "x"},
    ],
)
def test_what_is_no_block_of_dates_says_none(block: Any) -> None:
    assert key_dates(Body(block)) == ()


def test_two_items_of_one_id_are_two_dates() -> None:
    twice = dates_block(("Clôture", "2026-12-10"))["value"]["items"] * 2

    found = key_dates(Body({"type": "dates", "value": {"items": twice}}))

    assert len({one.item for one in found}) == 2
    assert all(isinstance(one, DateData) for one in found)
