"""The agenda, its events and deadlines, and its calendar files."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from audience.models import Access
from events.models import EventKind, EventPage
from tests.factories import AgendaPageFactory, EventPageFactory, SectionPageFactory
from tests.reading import part, said, soup, titles

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")


def in_days(days: float) -> datetime:
    return timezone.now() + timedelta(days=days)


def event(agenda: Any, title: str, days: float, *, hours: float = 2, **more: Any) -> Any:
    starts = in_days(days)
    given = {"starts_at": starts, "ends_at": starts + timedelta(hours=hours), **more}
    return EventPageFactory(parent=agenda, title=title, **given)


def calendar_of(answer: Any) -> Any:
    return Calendar.from_ical(answer.content)


def test_the_next_event_comes_first_and_what_is_over_is_elsewhere(client: Client, agenda: Any) -> None:
    event(agenda, "Forum", 9)
    event(agenda, "Concert", 2)
    event(agenda, "Rentrée", -20)
    event(agenda, "Exposition", -3, hours=24 * 10)

    assert titles(client.get(agenda.url)) == ["Exposition", "Concert", "Forum"]
    assert titles(client.get(agenda.url, {"past": "1"})) == ["Rentrée"]


def test_past_events_come_last_first_and_keep_being_past_over_pages(client: Client, agenda: Any) -> None:
    for number in range(22):
        event(agenda, f"Passé {number:02}", -1 - number)

    first, second = client.get(agenda.url, {"past": "1"}), client.get(agenda.url, {"past": "1", "page": "2"})

    assert titles(first) + titles(second) == [f"Passé {number:02}" for number in range(22)]
    assert soup(first).select_one('a[rel="next"]')["href"] == "?past=1&page=2"


def test_deadlines_stand_apart_from_events(client: Client, agenda: Any) -> None:
    event(agenda, "Concert", 2)
    event(agenda, "Inscriptions", 4, ends_at=None, kind=EventKind.DEADLINE)

    page = client.get(agenda.url)

    assert part(page, "events") == ["Concert"]
    assert part(page, "deadlines") == ["Inscriptions"]


def test_an_agenda_without_events_says_so(client: Client, agenda: Any) -> None:
    assert "Pas d’événement" in client.get(agenda.url).content.decode()


def test_a_section_has_its_own_agenda(client: Client, agenda: Any, sections: Any) -> None:
    section = SectionPageFactory(parent=sections)
    own = AgendaPageFactory(parent=section)
    event(own, "Soutenance", 1)
    event(agenda, "Concert", 2)

    assert titles(client.get(own.url)) == ["Soutenance"]
    assert titles(client.get(agenda.url)) == ["Soutenance", "Concert"]


def test_ten_events_cost_no_more_queries_than_one(client: Client, agenda: Any, count_queries: Any) -> None:
    event(agenda, "Concert", 1)
    client.get(agenda.url)
    one = count_queries(client.get, agenda.url)
    for number in range(9):
        event(agenda, f"Concert {number}", 1 + number)
    client.get(agenda.url)

    assert count_queries(client.get, agenda.url) == one


def test_an_event_cannot_end_before_it_starts(agenda: Any) -> None:
    wrong = EventPage(title="Concert", slug="concert", starts_at=in_days(2), ends_at=in_days(1))

    with pytest.raises(ValidationError) as refused:
        agenda.add_child(instance=wrong)

    assert set(refused.value.message_dict) == {"ends_at"}
    assert said("The end comes before the start.") == "La fin précède le début."


def test_an_event_says_when_and_where(client: Client, agenda: Any) -> None:
    with time_machine.travel(datetime(2026, 3, 2, 9, tzinfo=PARIS), tick=False):
        shown = EventPageFactory(
            parent=agenda,
            title="Concert",
            starts_at=datetime(2026, 3, 12, 18, 30, tzinfo=PARIS),
            ends_at=datetime(2026, 3, 12, 20, tzinfo=PARIS),
            place="Amphithéâtre Camus",
            campus="Les Tilleuls",
        )
        facts = soup(client.get(shown.url)).select_one(".event-facts__lines").get_text(" ", strip=True)

    assert "jeudi 12 mars" in facts
    assert "18\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}30" in facts
    assert "20\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}00" in facts
    assert "Amphithéâtre Camus, Les Tilleuls" in facts


def test_the_calendar_holds_what_is_to_come_for_the_reader(
    client: Client, sign_in: Any, agenda: Any, staff: Any
) -> None:
    event(agenda, "Concert; chœur, et orgue", 2, place="Chapelle")
    event(agenda, "Rentrée", -20)
    event(agenda, "Conseil social", 3, audiences=[staff], access=Access.RESERVED)

    for_all, for_staff = (calendar_of(who.get(f"{agenda.url}agenda.ics")) for who in (client, sign_in([staff])))

    assert [str(one["summary"]) for one in for_all.walk("VEVENT")] == ["Concert; chœur, et orgue"]
    assert [str(one["summary"]) for one in for_staff.walk("VEVENT")] == ["Concert; chœur, et orgue", "Conseil social"]
    assert str(for_all.walk("VEVENT")[0]["location"]) == "Chapelle"


def test_a_calendar_is_a_file_that_programs_read(client: Client, agenda: Any) -> None:
    shown = event(agenda, "Concert", 2)

    answer = client.get(f"{shown.url}agenda.ics")
    (one,) = calendar_of(answer).walk("VEVENT")

    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Content-Disposition"] == 'inline; filename="concert.ics"'
    assert one["dtstart"].dt == shown.starts_at.replace(microsecond=0)
    assert one["dtend"].dt == shown.ends_at.replace(microsecond=0)
    assert str(one["url"]) == f"http://testserver{shown.url}"


def test_an_event_is_the_same_in_a_calendar_after_it_is_renamed(client: Client, agenda: Any) -> None:
    shown = event(agenda, "Concert", 2)
    before = calendar_of(client.get(f"{agenda.url}agenda.ics")).walk("VEVENT")[0]["uid"]
    shown.title = shown.draft_title = "Grand concert"
    shown.save_revision().publish()

    (after,) = calendar_of(client.get(f"{agenda.url}agenda.ics")).walk("VEVENT")

    assert (after["uid"], str(after["summary"])) == (before, "Grand concert")


def test_the_calendar_of_an_event_for_others_is_not_there(client: Client, agenda: Any, staff: Any) -> None:
    hidden = event(agenda, "Conseil social", 3, audiences=[staff], access=Access.RESERVED)

    answer = client.get(f"{hidden.url}agenda.ics")

    assert answer.status_code == 404
    assert "Conseil" not in answer.content.decode()
