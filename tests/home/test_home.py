"""The home page: what is public for a visitor, what is theirs for a reader."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from accounts.models import User
from audience.models import Access
from events.models import EventKind
from search.models import Entry
from tests.content.everything import picture
from tests.factories import (
    AgendaPageFactory,
    EventPageFactory,
    GuidancePageFactory,
    NewsIndexPageFactory,
    NewsPageFactory,
    ReaderFactory,
    SectionPageFactory,
    ServicePageFactory,
    UnitFactory,
    know,
)
from tests.reading import part, soup, titles

pytestmark = pytest.mark.django_db


@pytest.fixture
def member() -> Any:
    """Sign in a reader of units: `member([audience], units=("SCI",))`."""

    def signed_in(*positions: Any, units: tuple[str, ...] = (), **user: Any) -> Client:
        reader = ReaderFactory(**user)
        know(reader, *positions, units=units)
        browser = Client()
        browser.force_login(reader)
        return browser

    return signed_in


def aged(days: int) -> date:
    return timezone.localdate() - timedelta(days=days)


def test_a_visitor_sees_what_is_public_and_a_way_to_sign_in(
    client: Client, home: Any, news_index: Any, agenda: Any, catalogue: Any, staff: Any
) -> None:
    NewsPageFactory(parent=news_index, title="Concert")
    EventPageFactory(parent=agenda, title="Forum")
    ServicePageFactory(parent=catalogue, title="Messagerie")
    NewsPageFactory(parent=news_index, title="Conseil social", audiences=[staff], access=Access.RESERVED)

    page = client.get("/")

    shown = {heading: part(page, heading) for heading in ("news", "events", "services")}
    assert shown == {"news": ["Concert"], "events": ["Forum"], "services": ["Messagerie"]}
    assert "Conseil social" not in page.content.decode()
    assert soup(page).select_one('main form[role="search"]')["action"] == "/recherche/"
    assert soup(page).select_one("main .sign-in a")["href"] == "/oidc/authenticate/?next=%2F"


def test_a_visitor_is_not_led_to_what_is_recommended_to_others(client: Client, news_index: Any, students: Any) -> None:
    NewsPageFactory(parent=news_index, title="Bourses", audiences=[students])
    NewsPageFactory(parent=news_index, title="Concert")

    assert part(client.get("/"), "news") == ["Concert"]


def test_recommended_first_then_general_then_nothing_meant_for_others(
    sign_in: Any, news_index: Any, catalogue: Any, guidance_index: Any, students: Any, staff: Any
) -> None:
    for factory, parent in (
        (NewsPageFactory, news_index),
        (ServicePageFactory, catalogue),
        (GuidancePageFactory, guidance_index),
    ):
        factory(parent=parent, title="Général")
        factory(parent=parent, title="Pour le personnel", audiences=[staff])
        factory(parent=parent, title="Pour les étudiants", audiences=[students])

    page = sign_in([students]).get("/")

    for heading in ("news", "services", "guides"):
        assert part(page, heading) == ["Pour les étudiants", "Général"], heading


def test_the_newest_comes_first_and_what_is_pinned_before_it(sign_in: Any, news_index: Any, students: Any) -> None:
    soon = timezone.now() + timedelta(hours=1)
    NewsPageFactory(parent=news_index, title="Ancienne", audiences=[students], published_on=aged(3))
    NewsPageFactory(parent=news_index, title="Récente", audiences=[students], published_on=aged(1))
    NewsPageFactory(parent=news_index, title="Générale", published_on=aged(2))
    NewsPageFactory(parent=news_index, title="Épinglée", published_on=aged(90), pinned_until=soon)

    assert part(sign_in([students]).get("/"), "news") == ["Épinglée", "Récente", "Ancienne", "Générale"]


def test_what_a_section_pins_is_not_on_top_of_home(
    client: Client, sign_in: Any, news_index: Any, sections: Any, students: Any
) -> None:
    own = NewsIndexPageFactory(parent=SectionPageFactory(parent=sections))
    soon = timezone.now() + timedelta(hours=1)
    NewsPageFactory(parent=own, title="Épinglée", published_on=aged(9), pinned_until=soon)
    NewsPageFactory(parent=news_index, title="Récente")

    for browser in (client, sign_in([students])):
        assert part(browser.get("/"), "news") == ["Récente", "Épinglée"]


def test_what_is_pinned_for_others_is_not_on_top(sign_in: Any, news_index: Any, students: Any, staff: Any) -> None:
    soon = timezone.now() + timedelta(hours=1)
    NewsPageFactory(parent=news_index, title="Épinglée", audiences=[staff], pinned_until=soon)

    assert part(sign_in([students]).get("/"), "news") == []


def test_a_card_that_is_recommended_offers_to_say_why(sign_in: Any, news_index: Any, students: Any) -> None:
    soon = timezone.now() + timedelta(hours=1)
    theirs = NewsPageFactory(parent=news_index, title="Bourses", audiences=[students], published_on=aged(2))
    pinned = NewsPageFactory(parent=news_index, title="Aides", audiences=[students], pinned_until=soon)
    NewsPageFactory(parent=news_index, title="Concert")
    browser = sign_in([students])

    why = [link["href"] for link in soup(browser.get("/")).select('section[aria-labelledby="news"] a[rel="nofollow"]')]

    assert why == [f"/pourquoi/{Entry.objects.of_page(page).get().pk}/" for page in (pinned, theirs)]
    assert "Étudiants" in browser.get(why[0]).content.decode()


def test_the_slab_shows_the_next_date_that_is_the_readers_own(sign_in: Any, agenda: Any, students: Any) -> None:
    now = timezone.now()
    EventPageFactory(parent=agenda, title="Concert pour tous", starts_at=now + timedelta(days=1), ends_at=None)
    EventPageFactory(
        parent=agenda, title="Forum", audiences=[students], starts_at=now + timedelta(days=5), ends_at=None
    )
    deadline = {"kind": EventKind.DEADLINE, "starts_at": now + timedelta(days=3), "ends_at": None}
    EventPageFactory(parent=agenda, title="Inscription aux examens", audiences=[students], **deadline)

    page = sign_in([students]).get("/")

    assert soup(page).select_one(".next-slab__title").get_text() == "Inscription aux examens"
    assert soup(page).select_one(".next-slab__label").get_text() == "Votre prochaine échéance"
    assert "Inscription aux examens" in part(page, "deadlines")


def test_what_has_begun_stands_before_what_is_ahead_and_what_is_over_nowhere(
    sign_in: Any, agenda: Any, students: Any
) -> None:
    now, day = timezone.now(), timedelta(days=1)
    for title, begins, ends, audiences in (
        ("Exposition", -9, 9, ()),
        ("Semaine du climat", -1, 2, [students]),
        ("Concert", 1, 2, ()),
        ("Forum", 3, 4, [students]),
        ("Braderie", -2, -1, ()),
    ):
        dates = {"starts_at": now + begins * day, "ends_at": now + ends * day}
        EventPageFactory(parent=agenda, title=title, audiences=audiences, **dates)

    mine, everyone = sign_in([students]).get("/"), sign_in().get("/")

    assert part(mine, "events") == ["Exposition", "Concert", "Forum"]  # the slab says the other
    assert soup(mine).select_one(".next-slab__title").get_text() == "Semaine du climat"
    assert part(everyone, "events") == ["Exposition", "Concert"]


def test_nothing_is_invented_when_no_date_is_the_readers_own(sign_in: Any, agenda: Any, students: Any) -> None:
    EventPageFactory(parent=agenda, title="Concert pour tous")

    page = sign_in([students]).get("/")

    assert soup(page).select_one(".next-slab") is None
    assert part(page, "events") == ["Concert pour tous"]


def test_the_greeting_is_by_name_with_the_profile_and_why(sign_in: Any, home: Any, students: Any) -> None:
    page = soup(sign_in([students], first_name="Inès").get("/"))

    assert page.h1.get_text() == "Bonjour Inès"
    assert page.select_one(".greeting .audience-tag").get_text() == "Étudiants"
    assert page.select_one(".greeting a")["href"] == "/compte/"


def test_a_reader_of_whom_nothing_is_known_is_told_so_and_sees_what_is_general(
    member: Any, news_index: Any, students: Any
) -> None:
    NewsPageFactory(parent=news_index, title="Bourses", audiences=[students])
    NewsPageFactory(parent=news_index, title="Concert")

    page = member(first_name="", last_name="").get("/")

    assert soup(page).h1.get_text() == "Bonjour"
    assert "Nous ne connaissons pas encore vos publics" in page.content.decode()
    assert part(page, "news") == ["Concert"]


def test_a_reader_who_has_an_audience_is_known_even_before_anything_is_for_it(
    sign_in: Any, kept_bodies: None, home: Any, students: Any
) -> None:
    nobody, somebody = sign_in(), sign_in([students])

    assert "Nous ne connaissons pas encore" in nobody.get("/").content.decode()
    assert "Nous ne connaissons pas encore" not in somebody.get("/").content.decode()


def test_a_reader_never_signed_in_before_the_portal_knew_them_has_a_home(home: Any) -> None:
    browser = Client()
    browser.force_login(ReaderFactory())

    assert browser.get("/").status_code == 200


def test_the_section_of_the_readers_unit_stands_on_home(member: Any, sections: Any, students: Any) -> None:
    for code, name in (("SCI", "Sciences"), ("LET", "Lettres")):
        section = SectionPageFactory(parent=sections, title=name, unit=UnitFactory(code=code))
        NewsPageFactory(parent=NewsIndexPageFactory(parent=section), title=f"Nouvelle des {name}")
        EventPageFactory(parent=AgendaPageFactory(parent=section), title=f"Rendez-vous des {name}")

    page = member([students], units=("LET", "SCI")).get("/")

    assert soup(page).select_one("#section").get_text() == "Lettres"
    assert titles(page, 'section[aria-labelledby="section"]') == ["Nouvelle des Lettres", "Rendez-vous des Lettres"]


def test_a_unit_without_a_section_has_that_of_the_unit_it_is_part_of(
    member: Any, sections: Any, students: Any, count_queries: Any
) -> None:
    faculty = UnitFactory(code="SCI")
    UnitFactory(code="MATHS", parent=faculty)
    SectionPageFactory(parent=sections, title="Sciences", unit=faculty)
    own = SectionPageFactory(parent=sections, title="Lettres", unit=UnitFactory(code="LET"))

    assert soup(member([students], units=("MATHS",)).get("/")).select_one("#section").get_text() == "Sciences"
    assert soup(member([students], units=("MATHS", "LET")).get("/")).select_one("#section").get_text() == own.title


def test_a_unit_without_a_section_open_to_the_reader_shows_none(
    member: Any, sections: Any, students: Any, staff: Any
) -> None:
    reserved = {"audiences": [staff], "access": Access.RESERVED}
    SectionPageFactory(parent=sections, title="Cabinet", unit=UnitFactory(code="CAB"), **reserved)

    page = member([students], units=("CAB", "NULLE")).get("/")

    assert soup(page).select_one("#section") is None
    assert "Cabinet" not in page.content.decode()


def fill(world: dict[str, Any], audience: Any, number: int) -> None:
    for each in range(number):
        NewsPageFactory(parent=world["news"], audiences=[audience] if each % 2 else [], unit=UnitFactory())
        ServicePageFactory(parent=world["services"])
        GuidancePageFactory(parent=world["guides"])
        EventPageFactory(parent=world["agenda"], audiences=[audience])
        EventPageFactory(parent=world["agenda"], kind=EventKind.DEADLINE)


@pytest.fixture
def world(news_index: Any, catalogue: Any, guidance_index: Any, agenda: Any, sections: Any) -> dict[str, Any]:
    section = SectionPageFactory(parent=sections, unit=UnitFactory(code="SCI"))
    NewsPageFactory(parent=NewsIndexPageFactory(parent=section))
    return {"news": news_index, "services": catalogue, "guides": guidance_index, "agenda": agenda}


def test_home_costs_the_same_with_one_entry_and_with_ten(
    member: Any, world: dict[str, Any], students: Any, count_queries: Any
) -> None:
    visitor, reader = Client(), member([students], units=("SCI",))

    def costs() -> list[int]:
        visitor.get("/"), reader.get("/")  # what a process reads once for each content version
        return [count_queries(browser.get, "/") for browser in (visitor, reader)]

    fill(world, students, 1)
    one = costs()
    fill(world, students, 9)

    assert costs() == one


def test_a_signed_in_home_costs_thirteen_queries_cold_and_six_warm(
    kept_bodies: None, member: Any, world: dict[str, Any], students: Any, count_queries: Any
) -> None:
    fill(world, students, 3)
    reader, alike = member([students], units=("SCI",)), member([students], units=("SCI",))
    member([students]).get("/")  # what a process reads once for each content version
    User.objects.update(visit_began_at=timezone.now())  # the write that begins a visit is told of in its own test

    assert count_queries(reader.get, "/") <= 13
    assert count_queries(reader.get, "/") <= 6  # one of them for the reader's favourites
    assert count_queries(alike.get, "/") <= 6


def test_the_picture_of_a_card_comes_in_the_width_that_is_shown(client: Client, home: Page) -> None:
    image = picture(is_decorative=True)
    NewsPageFactory(parent=NewsIndexPageFactory(parent=home), title="Le campus sous la neige", image=image)

    shown = soup(client.get("/")).select_one(".entry-card__image")
    offered = dict(one.split() for one in shown["srcset"].split(", "))

    assert shown["src"] in offered
    assert shown["sizes"]
    assert list(offered.values()) == ["320w", "640w", "1080w"]
