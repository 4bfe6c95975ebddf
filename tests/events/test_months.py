"""The agenda month by month."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from audience.models import Access
from events.months import Month
from tests.dates import dates_block
from tests.factories import CampusFactory, EventPageFactory, StandardPageFactory
from tests.reading import links, soup

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture(autouse=True)
def _in_november(db: None) -> Any:
    with time_machine.travel(datetime(2026, 11, 24, 9, tzinfo=PARIS), tick=False):
        yield


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=PARIS)  # type: ignore[misc, arg-type]


def event(agenda: Any, title: str, starts: datetime, ends: datetime | None = None, **more: Any) -> Any:
    return EventPageFactory(parent=agenda, title=title, starts_at=starts, ends_at=ends, **more)


def month(browser: Client, agenda: Any, address: str, **query: str) -> dict[str, list[str]]:
    """Return the titles shown on each day of a month that has any."""
    answer = browser.get(f"{agenda.url}{address}", query)
    assert answer.status_code == 200
    days = soup(answer).select(".month__day:not(.month__day--empty)")
    return {day.time["datetime"]: [title.get_text() for title in day.select(".month__title")] for day in days}


def test_a_month_shows_each_day_on_which_something_happens(client: Client, agenda: Any) -> None:
    event(agenda, "Concert", at(2026, 12, 3, 18, 30), at(2026, 12, 3, 20))
    event(agenda, "Forum", at(2026, 12, 3, 9))
    event(agenda, "Bal", at(2026, 12, 31, 23, 30))
    event(agenda, "Rentrée", at(2027, 1, 1, 0, 30))
    event(agenda, "Vendanges", at(2026, 11, 30, 23, 59))

    assert month(client, agenda, "2026/12/") == {"2026-12-03": ["Forum", "Concert"], "2026-12-31": ["Bal"]}


def test_what_lasts_is_on_each_of_its_days_and_in_each_of_its_months(client: Client, agenda: Any) -> None:
    event(agenda, "Exposition", at(2026, 11, 29, 10), at(2026, 12, 2, 18))
    event(agenda, "Nuit", at(2026, 12, 5, 20), at(2026, 12, 6))

    assert list(month(client, agenda, "2026/11/")) == ["2026-11-29", "2026-11-30"]
    assert list(month(client, agenda, "2026/12/")) == ["2026-12-01", "2026-12-02", "2026-12-05"]


def test_a_deadline_is_on_the_day_it_falls(client: Client, agenda: Any, home: Any) -> None:
    event(agenda, "Vœux", at(2026, 11, 2, 8), at(2026, 12, 4, 17), kind="deadline")
    StandardPageFactory(parent=home, body=[dates_block(("Clôture", "2026-12-04"))])

    assert month(client, agenda, "2026/12/") == {"2026-12-04": ["Vœux", "Clôture"]}
    assert month(client, agenda, "2026/11/") == {}


def test_a_month_leads_to_its_neighbours_and_to_the_present_one_with_the_same_choices(
    client: Client, agenda: Any
) -> None:
    CampusFactory(name="Nord")
    CampusFactory(name="Centre")
    event(agenda, "Concert", at(2027, 1, 9, 18))

    page = client.get(f"{agenda.url}2027/01/", {"campus": "nord", "kind": "event", "past": "1", "page": "2"})
    found = soup(page)

    assert found.select_one('.month-head a[rel="prev"]')["href"] == "/agenda/2026/12/?kind=event&campus=nord#month"
    assert found.select_one('.month-head a[rel="next"]')["href"] == "/agenda/2027/02/?kind=event&campus=nord#month"
    (present,) = [a["href"] for a in found.select(".month-head__nav a:not([rel])")]
    assert present == "/agenda/2026/11/?kind=event&campus=nord#month"
    assert found.select_one("#month")
    assert "/agenda/agenda.ics?kind=event&campus=nord" in links(page, ".subscribe__links").values()


def test_today_is_marked_in_its_month_alone(client: Client, agenda: Any) -> None:
    event(agenda, "Concert", at(2026, 11, 24, 18))
    event(agenda, "Forum", at(2026, 12, 24, 18))

    here, next_month = (soup(client.get(f"{agenda.url}2026/{number}/")) for number in (11, 12))

    assert [day.time["datetime"] for day in here.select('[aria-current="date"]')] == ["2026-11-24"]
    assert next_month.select('[aria-current="date"]') == []


def test_all_days_of_a_month_are_there_and_begin_on_their_day_of_the_week(client: Client, agenda: Any) -> None:
    event(agenda, "Concert", at(2027, 2, 3, 18))

    page = soup(client.get(f"{agenda.url}2027/02/"))

    assert len(page.select(".month > li")) == 28
    assert page.select_one(".month")["data-first"] == "1"
    assert len(page.select(".month-weekdays span")) == 7


def test_an_empty_month_says_so_and_leads_to_the_next_that_is_not(client: Client, agenda: Any) -> None:
    event(agenda, "Vendanges", at(2026, 9, 3, 18))
    event(agenda, "Carnaval", at(2027, 3, 3, 18))
    event(agenda, "Bal", at(2027, 7, 14, 18))

    between, after = (soup(client.get(f"{agenda.url}{address}")) for address in ("2026/12/", "2028/01/"))

    assert between.select_one(".empty-state a")["href"] == "/agenda/2027/03/"
    assert after.select_one(".empty-state a")["href"] == "/agenda/2027/07/"


def test_an_agenda_that_holds_nothing_leads_nowhere(client: Client, agenda: Any) -> None:
    page = soup(client.get(f"{agenda.url}2026/12/"))

    assert page.select_one(".empty-state")
    assert not page.select(".empty-state a")


@pytest.mark.parametrize("address", ["2026/00/", "2026/13/", "2015/12/", "2032/01/", "0001/01/", "9999/12/", "2026/1/"])
def test_there_is_no_month_that_is_none_and_none_far_from_now(client: Client, agenda: Any, address: str) -> None:
    assert client.get(f"{agenda.url}{address}").status_code == 404


def test_the_first_and_the_last_month_lead_no_further(client: Client, agenda: Any) -> None:
    first, last = (soup(client.get(f"{agenda.url}{address}")) for address in ("2016/01/", "2031/12/"))

    assert not first.select('a[rel="prev"]')
    assert first.select('a[rel="next"]')
    assert not last.select('a[rel="next"]')


def test_a_month_shows_what_is_reserved_to_its_readers_alone(
    client: Client, sign_in: Any, agenda: Any, staff: Any
) -> None:
    event(agenda, "Conseil", at(2026, 12, 3, 14), audiences=[staff], access=Access.RESERVED)

    assert month(client, agenda, "2026/12/") == {}
    assert month(sign_in([staff]), agenda, "2026/12/") == {"2026-12-03": ["Conseil"]}
    # Nor is its month told as the next that holds something.
    assert not soup(client.get(f"{agenda.url}2027/01/")).select(".empty-state a")


def test_the_months_of_a_reserved_agenda_are_not_there(client: Client, agenda: Any, staff: Any) -> None:
    agenda.access, agenda.audiences = Access.RESERVED, [staff]
    agenda.save()

    assert client.get(f"{agenda.url}2026/12/").status_code == 404


def test_a_month_costs_as_many_queries_whatever_it_holds(client: Client, agenda: Any, count_queries: Any) -> None:
    event(agenda, "Concert", at(2026, 12, 3, 18))
    ask = f"{agenda.url}2026/12/"
    client.get(ask)
    one = count_queries(client.get, ask)
    for number in range(1, 12):
        event(agenda, f"Concert {number}", at(2026, 12, number, 18), at(2026, 12, number + 3, 18))
    client.get(ask)

    assert count_queries(client.get, ask) == one
    assert count_queries(client.get, f"{agenda.url}2028/01/") <= one + 2


def test_a_month_is_kept_for_readers_alike_until_the_day_is_over(
    client: Client, agenda: Any, kept_bodies: None, count_queries: Any
) -> None:
    event(agenda, "Concert", at(2026, 11, 25, 18))
    ask = f"{agenda.url}2026/11/"
    marked = ".month__day--today .month__date"
    assert soup(client.get(ask)).select_one(marked).get_text(strip=True) == "24"
    assert count_queries(client.get, ask) <= 5

    with time_machine.travel(at(2026, 11, 25, 0, 1), tick=False):
        assert "25" in soup(client.get(ask)).select_one(marked).get_text(strip=True)


def test_an_editor_sees_the_months_as_of_another_date(administrator: Client, agenda: Any) -> None:
    event(agenda, "Concert", at(2027, 5, 25, 18))
    administrator.post(reverse("see_as"), {"at": "2027-05-25"})

    page = soup(administrator.get(f"{agenda.url}2027/05/"))

    assert page.select_one('[aria-current="date"]').time["datetime"] == "2027-05-25"


def test_months_follow_each_other() -> None:
    december = Month(2026, 12)

    assert (december.following, december.preceding, december.last) == (
        Month(2027, 1),
        Month(2026, 11),
        date(2026, 12, 31),
    )
    assert december.bounds == (at(2026, 12, 1), at(2027, 1, 1))
    assert len(list(Month(2028, 2).days())) == 29
    assert Month(2026, 3).bounds[1] - Month(2026, 3).bounds[0] == timedelta(
        days=31
    )  # wall clock, over a change of hour
