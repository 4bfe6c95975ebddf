"""The agenda, its events and deadlines, and its calendar files."""

from __future__ import annotations

import re
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
from events.campuses import Campus
from events.models import EventKind, EventPage
from tests.factories import AgendaPageFactory, CampusFactory, EventPageFactory, SectionPageFactory
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
            campus=Campus.objects.create(name="Les Tilleuls"),
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


def test_a_list_is_narrowed_to_a_kind_and_to_a_campus(client: Client, agenda: Any) -> None:
    north, centre = CampusFactory(name="Nord"), CampusFactory(name="Centre")
    event(agenda, "Concert", 2, campus=centre)
    event(agenda, "Tournoi", 3, campus=north)
    event(agenda, "En ligne", 4)
    event(agenda, "Vœux", 5, kind=EventKind.DEADLINE)
    event(agenda, "Clôture du gymnase", 6, kind=EventKind.DEADLINE, campus=north)
    event(agenda, "Vieux tournoi", -3, campus=north)

    def shown(**query: str) -> list[str]:
        return titles(client.get(agenda.url, query))

    assert shown(campus="nord") == ["Tournoi", "Vœux", "Clôture du gymnase"]
    assert shown(campus="centre") == ["Concert", "Vœux"]
    assert shown(kind="deadline") == ["Vœux", "Clôture du gymnase"]
    assert shown(kind="event", campus="nord") == ["Tournoi"]
    assert shown(past="1", campus="nord") == ["Vieux tournoi"]
    assert shown(kind="deadline", campus="centre") == ["Vœux"]
    everything = ["Concert", "Tournoi", "En ligne", "Vœux", "Clôture du gymnase"]
    assert shown(kind="<script>", campus="atlantide", past="x") == everything


def test_choices_keep_one_another_and_pages_keep_them(client: Client, agenda: Any) -> None:
    north, _centre = CampusFactory(name="Nord"), CampusFactory(name="Centre")
    for number in range(22):
        event(agenda, f"Tournoi {number}", -1 - number, campus=north)

    page = client.get(agenda.url, {"campus": "nord", "past": "1"})
    offered = {link["href"] for link in soup(page).select(".choices__link")}

    assert offered == {
        "/agenda/?past=1&campus=nord", "/agenda/?past=1&kind=event&campus=nord",
        "/agenda/?past=1&kind=deadline&campus=nord", "/agenda/?past=1", "/agenda/?past=1&campus=centre",
    }  # fmt: skip
    assert soup(page).select_one('a[rel="next"]')["href"] == "?past=1&campus=nord&page=2"
    assert [link["href"] for link in soup(page).select('.choices [aria-current="true"]')] == [
        "/agenda/?past=1&campus=nord", "/agenda/?past=1&campus=nord",
    ]  # fmt: skip


def test_without_campuses_none_is_offered(client: Client, agenda: Any) -> None:
    event(agenda, "Concert", 2)

    assert len(soup(client.get(agenda.url)).select(".choices")) == 1


def test_a_choice_that_leaves_nothing_says_so_and_leads_back(client: Client, agenda: Any) -> None:
    CampusFactory(name="Nord")
    event(agenda, "Concert", 2)

    page = soup(client.get(agenda.url, {"campus": "nord"}))

    assert page.select_one(".empty-state a")["href"] == agenda.url


def test_what_no_campus_is_fills_no_cache(client: Client, agenda: Any, kept_bodies: None, count_queries: Any) -> None:
    CampusFactory(name="Nord")
    client.get(agenda.url)

    assert count_queries(client.get, agenda.url, {"campus": "atlantide", "kind": "x"}) <= 6
    assert count_queries(client.get, agenda.url, {"campus": "nord"}) > 6


def test_a_campus_that_is_renamed_keeps_its_address(client: Client, agenda: Any, kept_bodies: None) -> None:
    north, _centre = CampusFactory(name="Nord"), CampusFactory(name="Centre")
    held = event(agenda, "Tournoi", 2, campus=north)
    assert "Nord" in client.get(held.url).content.decode()

    north.name = "Campus des sciences"
    north.save()

    assert "Campus des sciences" in client.get(held.url).content.decode()
    assert titles(client.get(agenda.url, {"campus": "nord"})) == ["Tournoi"]


def test_a_subscription_holds_what_the_list_is_narrowed_to(client: Client, agenda: Any) -> None:
    north, _centre = CampusFactory(name="Nord"), CampusFactory(name="Centre")
    event(agenda, "Concert", 2)
    event(agenda, "Tournoi", 3, campus=north)

    page = soup(client.get(agenda.url, {"campus": "nord", "past": "1"}))
    webcal, https = (link["href"] for link in page.select(".subscribe__links a"))
    found = calendar_of(client.get(https)).walk("VEVENT")

    assert webcal == "webcal://testserver/agenda/agenda.ics?campus=nord"
    assert https == "/agenda/agenda.ics?campus=nord"
    assert [str(one["summary"]) for one in found] == ["Tournoi"]
    assert page.select_one(".subscribe__note").get_text(strip=True)


def test_hours_are_those_of_here_and_the_file_describes_them(client: Client, agenda: Any) -> None:
    with time_machine.travel(datetime(2026, 3, 2, 9, tzinfo=PARIS), tick=False):
        for title, at in [("Hiver", datetime(2026, 3, 12, 18, 30, tzinfo=PARIS)),
                          ("Été", datetime(2026, 7, 12, 18, 30, tzinfo=PARIS))]:  # fmt: skip
            EventPageFactory(parent=agenda, title=title, starts_at=at, ends_at=at + timedelta(hours=1))
        answer = client.get(f"{agenda.url}agenda.ics")

    text = answer.content.decode()
    assert "DTSTART;TZID=Europe/Paris:20260312T183000" in text
    assert "DTSTART;TZID=Europe/Paris:20260712T183000" in text
    assert [str(zone["tzid"]) for zone in calendar_of(answer).walk("VTIMEZONE")] == ["Europe/Paris"]


def test_a_deadline_without_an_hour_is_a_whole_day_and_takes_nobodys_time(client: Client, agenda: Any) -> None:
    midnight = timezone.localtime(in_days(4)).replace(hour=0, minute=0, second=0, microsecond=0)
    EventPageFactory(parent=agenda, title="Vœux", kind=EventKind.DEADLINE, starts_at=midnight, ends_at=None)

    (one,) = calendar_of(client.get(f"{agenda.url}agenda.ics")).walk("VEVENT")

    assert one["dtstart"].dt == midnight.date()
    assert one["dtend"].dt == midnight.date() + timedelta(days=1)
    assert one["transp"] == "TRANSPARENT"


def test_days_without_hours_last_until_they_are_over_and_no_hour_is_said(client: Client, agenda: Any) -> None:
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    EventPageFactory(parent=agenda, title="Fête", starts_at=today, ends_at=today + timedelta(days=1))
    EventPageFactory(parent=agenda, title="Vœux", starts_at=today, ends_at=None, kind=EventKind.DEADLINE)

    page = client.get(agenda.url)

    assert part(page, "events") == ["Fête"]
    assert part(page, "deadlines") == ["Vœux"]
    said = (
        soup(page).select_one(".event-row__meta").get_text() + soup(page).select_one(".deadline-list__note").get_text()
    )
    assert not re.search(r"\d\s*h", said)


def test_a_calendar_says_when_an_event_last_changed(client: Client, agenda: Any, time_machine: Any) -> None:
    shown = event(agenda, "Concert", 9)
    first = calendar_of(client.get(f"{agenda.url}agenda.ics")).walk("VEVENT")[0]
    time_machine.move_to(in_days(1), tick=False)
    again = calendar_of(client.get(f"{agenda.url}agenda.ics")).walk("VEVENT")[0]
    shown.title = shown.draft_title = "Grand concert"
    shown.save_revision().publish()
    changed = calendar_of(client.get(f"{agenda.url}agenda.ics")).walk("VEVENT")[0]

    for name in ("last-modified", "dtstamp"):
        assert first[name].dt == again[name].dt < changed[name].dt


def test_a_calendar_that_holds_a_hostile_title_is_still_one(client: Client, agenda: Any) -> None:
    event(agenda, "Fin\r\nEND:VCALENDAR\r\nBEGIN:VEVENT", 2, place="Salle\nATTENDEE:mailto:x@y.example")

    found = calendar_of(client.get(f"{agenda.url}agenda.ics")).walk("VEVENT")

    assert len(found) == 1
    assert "attendee" not in found[0]


def test_an_agenda_offers_all_deadlines_when_there_are_many(client: Client, agenda: Any) -> None:
    for number in range(9):
        event(agenda, f"Vœux {number}", 1 + number, kind=EventKind.DEADLINE)

    page = client.get(agenda.url)

    assert len(part(page, "deadlines")) == 8
    assert (
        soup(page).select_one('section[aria-labelledby="deadlines"] .section-head a')["href"]
        == "/agenda/?kind=deadline"
    )
    assert len(titles(client.get(agenda.url, {"kind": "deadline"}))) == 9
