"""Key dates of pages are entries: listed, found and followed as their page is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from icalendar import Calendar
from wagtail.models import Locale, Page

from audience.models import Access
from content.models import StandardPage
from search.dates import date_entries
from search.languages import share_all
from search.models import Entry, KeyDate
from tests.dates import dates_block
from tests.editing import fresh
from tests.factories import (
    AgendaPageFactory,
    EventPageFactory,
    SectionPageFactory,
    StandardPageFactory,
    UnitFactory,
)
from tests.leaks.compare import differences
from tests.reading import links, part, soup, titles

pytestmark = pytest.mark.django_db


def day(days: int) -> str:
    return str(timezone.localdate() + timedelta(days=days))


def dated(parent: Any, *items: Any, **more: Any) -> Any:
    return StandardPageFactory(parent=parent, **{"title": "Parcoursup", "body": [dates_block(*items)], **more})


def publish(page: Page, **fields: Any) -> Any:
    found = fresh(page)
    for name, value in fields.items():
        setattr(found, name, value)
    found.save_revision().publish()
    return found


def test_a_key_date_stands_among_the_deadlines_and_leads_to_its_page(client: Client, home: Page, agenda: Any) -> None:
    page = dated(home, ("Clôture des vœux", day(5), "17:00:00"), ("Vieille", day(-5)))

    shown, at_home = client.get(agenda.url), client.get("/")

    assert part(shown, "deadlines") == ["Clôture des vœux"]
    assert links(shown, ".deadline-list") == {"Clôture des vœux": f"{page.url}#dates"}
    assert "Parcoursup" in soup(shown).select_one(".deadline-list__note").get_text()
    assert titles(client.get(agenda.url, {"past": "1"})) == ["Vieille"]
    assert at_home.status_code == 200


def test_home_shows_the_key_dates_of_what_is_for_the_reader(
    sign_in: Any, home: Page, students: Any, staff: Any
) -> None:
    dated(home, ("Clôture", day(5)), audiences=[students])
    dated(home, ("Congés", day(4)), audiences=[staff])

    assert part(sign_in([students]).get("/"), "deadlines") == ["Clôture"]


def test_a_date_without_an_hour_is_due_until_its_day_is_over(
    client: Client, agenda: Any, home: Page, time_machine: Any
) -> None:
    today = timezone.localdate()
    dated(home, ("Clôture", day(0)))
    midnight = timezone.localtime().replace(hour=23, minute=59, second=0)

    time_machine.move_to(midnight, tick=False)
    due = part(client.get(agenda.url), "deadlines")
    time_machine.move_to(midnight + timedelta(minutes=1), tick=False)

    assert due == ["Clôture"]
    assert part(client.get(agenda.url), "deadlines") == []
    assert date_entries().get().starts_at == timezone.localtime().replace(
        year=today.year, month=today.month, day=today.day, hour=0, minute=0, second=0, microsecond=0
    )


def test_a_key_date_of_a_reserved_page_is_for_its_readers_alone(
    client: Client, sign_in: Any, agenda: Any, home: Page, staff: Any
) -> None:
    dated(home, ("Clôture", day(5)), audiences=[staff], access=Access.RESERVED)
    readers = client, sign_in([staff])

    assert [part(reader.get(agenda.url), "deadlines") for reader in readers] == [[], ["Clôture"]]
    assert ["Cl" in reader.get(f"{agenda.url}agenda.ics").content.decode() for reader in readers] == [False, True]
    found = [soup(reader.get("/recherche/", {"q": "clôture", "kind": "event"})).select("article") for reader in readers]
    assert [len(hits) for hits in found] == [0, 1]


def test_a_search_finds_a_date_by_its_words_and_those_of_its_page(client: Client, home: Page) -> None:
    page = dated(home, ("Clôture des vœux", day(5)))

    answer = client.get("/recherche/", {"q": "clôture parcoursup", "kind": "event"})

    assert links(answer, ".search-result__title") == {"Clôture des vœux": f"{page.url}#dates"}


def test_a_section_lists_the_dates_of_its_pages(client: Client, agenda: Any, sections: Any) -> None:
    section = SectionPageFactory(parent=sections, unit=UnitFactory(name="UFR Sciences"))
    own = AgendaPageFactory(parent=section)
    dated(section, ("Soutenances", day(5)))
    dated(sections.get_parent(), ("Ailleurs", day(6)))

    assert part(client.get(own.url), "deadlines") == ["Soutenances"]
    assert part(client.get(agenda.url), "deadlines") == ["Soutenances", "Ailleurs"]


def test_a_date_is_listed_once_in_the_language_of_its_page_or_in_none_that_speaks_it(
    client: Client, agenda: Any, home: Page, english_home: Page
) -> None:
    english = Locale.objects.get(language_code="en")
    english_agenda = AgendaPageFactory(
        parent=english_home, title="Agenda", slug="agenda", locale=english, translation_key=agenda.translation_key
    )
    page = dated(home, ("Clôture", day(5)))
    assert part(client.get(english_agenda.url), "deadlines") == ["Clôture"]

    twin = publish(page.copy_for_translation(english), body=[dates_block(("Closing", day(5)))])
    assert [part(client.get(one.url), "deadlines") for one in (agenda, english_agenda)] == [["Clôture"], ["Closing"]]
    share_all()  # as when a language opens
    assert [part(client.get(one.url), "deadlines") for one in (agenda, english_agenda)] == [["Clôture"], ["Closing"]]

    fresh(twin).unpublish()
    assert part(client.get(english_agenda.url), "deadlines") == ["Clôture"]
    fresh(page).unpublish()
    assert part(client.get(english_agenda.url), "deadlines") == []


def test_dates_follow_a_rename_a_move_and_the_move_of_what_stands_above(home: Page) -> None:
    above, target = StandardPageFactory(parent=home, slug="a"), StandardPageFactory(parent=home, slug="b")
    page = dated(above, ("Clôture", day(5)), slug="dates")

    publish(above, slug="c")
    assert date_entries().get().url == "/c/dates/#dates"
    fresh(above).move(Page.objects.get(pk=target.pk), pos="last-child")
    assert date_entries().get().url == "/b/c/dates/#dates"
    fresh(page).move(Page.objects.get(pk=home.pk), pos="first-child")
    assert date_entries().get().url == "/dates/#dates"
    assert differences() == []


def test_dates_go_with_their_page_and_come_back_with_it(client: Client, agenda: Any, home: Page) -> None:
    page = dated(home, ("Clôture", day(5)))
    soon = timezone.now() + timedelta(hours=1)

    fresh(page).unpublish()
    assert part(client.get(agenda.url), "deadlines") == []
    publish(page)
    assert part(client.get(agenda.url), "deadlines") == ["Clôture"]
    publish(page, go_live_at=soon)
    publish(page, go_live_at=None, expire_at=soon)
    assert part(client.get(agenda.url), "deadlines") == ["Clôture"]
    fresh(page).delete()
    assert not date_entries().exists()
    assert not KeyDate.objects.exists()


def test_a_date_is_the_same_in_calendars_when_it_is_put_off_and_renamed(
    client: Client, agenda: Any, home: Page
) -> None:
    page = dated(home, ("Clôture", day(5)), ("Résultats", day(9)))

    def in_calendar() -> dict[str, Any]:
        found = Calendar.from_ical(client.get(f"{agenda.url}agenda.ics").content).walk("VEVENT")
        return {str(one["summary"]): (str(one["uid"]), one["dtstart"].dt) for one in found}

    before = in_calendar()
    block = dates_block(("Clôture", day(6)), ("Résultats", day(9)))
    block["value"]["items"][0]["value"]["label"] = "Clôture repoussée"
    publish(page, title="Vœux", body=[block])
    after = in_calendar()

    assert set(before) == {"Clôture (Parcoursup)", "Résultats (Parcoursup)"}
    assert set(after) == {"Clôture repoussée (Vœux)", "Résultats (Vœux)"}
    assert after["Clôture repoussée (Vœux)"][0] == before["Clôture (Parcoursup)"][0]
    assert str(after["Clôture repoussée (Vœux)"][1]) == day(6)


def test_a_date_that_did_not_change_is_not_written_again(home: Page) -> None:
    page = dated(home, ("Clôture", day(5)))
    before = date_entries().get()

    publish(page, body=[dates_block(("Clôture", day(5))), {"type": "text", "value": "<p>Plus.</p>"}])

    after = date_entries().get()
    assert (after.version, after.updated_at) == (before.version, before.updated_at)


def test_dates_stand_in_no_menu_in_no_related_list_and_not_in_the_sitemap(
    client: Client, home: Page, agenda: Any
) -> None:
    page = dated(home, ("Clôture", day(5)), show_in_menus=True)
    event = EventPageFactory(parent=agenda, title="Forum", body=[dates_block(("Inscription", day(2)))])
    other = EventPageFactory(parent=agenda, title="Concert")

    assert client.get("/sitemap.xml").content.decode().count(page.url) == 1
    assert [link for link in links(client.get("/"), ".main-menu__list") if link == "Clôture"] == []
    assert titles(client.get(other.url), 'section[aria-labelledby="related"]') == ["Forum"]
    assert client.get(event.url).status_code == 200


def test_the_copy_of_a_page_has_dates_of_its_own(home: Page) -> None:
    page = dated(home, ("Clôture", day(5)))

    StandardPage.objects.get(pk=page.pk).copy(update_attrs={"slug": "copie"})

    assert date_entries().count() == 2
    assert differences() == []


def test_a_page_without_dates_costs_no_query_for_them(home: Page, count_queries: Any) -> None:
    plain = StandardPageFactory(parent=home, body=[{"type": "text", "value": "<p>Texte.</p>"}])
    once_dated = dated(home, ("Clôture", day(5)))
    for page in (plain, once_dated):
        publish(page, body=[{"type": "text", "value": "<p>Texte.</p>"}])

    def save(page: Page) -> int:
        found = fresh(page)
        return count_queries(found.save)

    save(plain)
    assert save(once_dated) == save(plain)


def test_ten_dates_cost_a_list_no_more_queries_than_one(
    client: Client, agenda: Any, home: Page, count_queries: Any
) -> None:
    dated(home, ("Clôture 0", day(5)))
    client.get(agenda.url)
    one = count_queries(client.get, agenda.url)
    for number in range(3):
        dated(home, *((f"Clôture {number} {other}", day(6)) for other in range(3)))
    client.get(agenda.url)

    assert count_queries(client.get, agenda.url) == one


def test_what_writes_the_database_behind_the_portal_is_said_and_mended(home: Page) -> None:
    dated(home, ("Clôture", day(5)), ("Résultats", day(9)))
    date_entries().filter(title="Clôture").update(url="/ailleurs/", withdrawn=True)
    Entry.objects.filter(title="Résultats").delete()
    KeyDate.objects.create(page=home, item="nothing")
    with pytest.raises(CommandError):
        call_command("check_entries")

    call_command("rebuild_entries")

    assert differences() == []
    call_command("check_entries")
