"""Favourites: a star that keeps, an order of one's own, and nothing that is not for the reader."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale, Page

from accounts.models import User
from audience.demands import table
from audience.models import Access, Audience
from audience.reader import Reader
from home import favourites
from home.favourites import Favourite, keep, reorder, shown_to, starred
from services.models import Level
from services.retirement import restore, retire
from services.states import set_state
from tests.factories import (
    GuidancePageFactory,
    NewsPageFactory,
    PortalDocumentFactory,
    ReaderFactory,
    ServicePageFactory,
    StandardPageFactory,
    know,
)
from tests.reading import part, soup

pytestmark = pytest.mark.django_db


def member(*audiences: Audience, **user: Any) -> tuple[User, Client]:
    account = ReaderFactory(**user)
    know(account, list(audiences))
    browser = Client()
    browser.force_login(account)
    return account, browser


def star(browser: Client, page: Page, *, how: str = "keep", **said: str) -> Any:
    return browser.post(reverse("favourites_star"), {how: str(page.translation_key), **said})


def listed(browser: Client) -> list[str]:
    """Return the titles of the page of favourites, in their order."""
    page = soup(browser.get(reverse("favourites")))
    return [link.get_text(strip=True) for link in page.select(".favourites__name > a")]


def pressed(browser: Client, address: str) -> dict[str, str | None]:
    """Return the stars of a page that are shown: what they send, and whether they are pressed."""
    stars = soup(browser.get(address)).select("main .star:not([hidden])")
    return {one["value"]: one.get("aria-pressed") for one in stars}


@pytest.fixture
def reader(students: Audience) -> tuple[User, Client]:
    return member(students)


@pytest.fixture
def mail(catalogue: Page) -> Any:
    return ServicePageFactory(parent=catalogue, title="Messagerie")


def test_a_star_keeps_a_service_and_takes_it_back(reader: tuple[User, Client], catalogue: Page, mail: Any) -> None:
    _user, browser = reader
    assert pressed(browser, catalogue.url) == {str(mail.translation_key): "false"}

    answer = star(browser, mail, next=catalogue.url)

    assert (answer.status_code, answer["Location"]) == (303, catalogue.url)
    assert pressed(browser, catalogue.url) == {str(mail.translation_key): "true"}
    assert pressed(browser, mail.url) == {str(mail.translation_key): "true"}
    assert listed(browser) == part(browser.get("/"), "favourites") == ["Messagerie"]
    star(browser, mail, how="remove")
    assert pressed(browser, catalogue.url) == {str(mail.translation_key): "false"}
    assert listed(browser) == part(browser.get("/"), "favourites") == []


def test_cards_pages_and_results_have_a_star_that_says_what_it_keeps(
    reader: tuple[User, Client], home: Page, news_index: Page, guidance_index: Page, catalogue: Page
) -> None:
    _user, browser = reader
    news = NewsPageFactory(parent=news_index, title="Bourses")
    guide = GuidancePageFactory(parent=guidance_index, title="Obtenir une bourse")
    service = ServicePageFactory(parent=catalogue, title="Bourses en ligne")
    page = StandardPageFactory(parent=home, title="Aide aux bourses")
    found = f"{reverse('search')}?q=bourses"

    for address, one in (
        (news_index.url, news), (news.url, news), (guidance_index.url, guide), (guide.url, guide),
        (service.url, service), (page.url, page), (found, news), (found, service),
    ):  # fmt: skip
        shown = soup(browser.get(address)).select_one(f'main .star[value="{one.translation_key}"]')
        assert shown is not None, address
        assert one.title in shown.get_text(), address
        assert shown["form"] == "stars"


def test_by_script_the_answer_is_empty_and_the_page_stays(reader: tuple[User, Client], mail: Any) -> None:
    user, browser = reader
    answer = browser.post(
        reverse("favourites_star"), {"keep": str(mail.translation_key)}, headers={"HX-Request": "true"}
    )

    assert (answer.status_code, answer.content) == (204, b"")
    assert starred(user) == {mail.translation_key}


def test_a_visitor_has_no_star_and_is_sent_to_sign_in(client: Client, catalogue: Page, mail: Any) -> None:
    assert pressed(client, catalogue.url) == {}
    assert soup(client.get(catalogue.url)).select_one("#stars") is None

    answer = star(client, mail, next=catalogue.url)

    assert answer["Location"] == f"/oidc/authenticate/?next={catalogue.url.replace('/', '%2F')}"
    assert client.get(reverse("favourites")).status_code == 302
    assert not Favourite.objects.exists()


def test_what_is_not_for_the_reader_answers_as_what_is_not_there_and_stores_nothing(
    reader: tuple[User, Client], catalogue: Page, staff: Audience
) -> None:
    _user, browser = reader
    hidden = ServicePageFactory(parent=catalogue, title="Paie", audiences=[staff], access=Access.RESERVED)
    draft = ServicePageFactory(parent=catalogue, title="Brouillon", live=False)
    address = reverse("favourites_star")
    tokens = [str(hidden.translation_key), str(draft.translation_key), str(uuid4()), "", "x" * 36, "1' OR 1=1"]

    answers = [browser.post(address, {"keep": token}) for token in tokens]
    several = [browser.post(reverse("favourites_keep"), {"key": token}) for token in tokens[:3]]

    bodies = {one.content.replace(one["X-Request-ID"].encode(), b"") for one in answers}
    assert {one.status_code for one in [*answers, *several]} == {404}
    assert len({body.partition(b'value="')[0] for body in bodies}) == 1
    assert not Favourite.objects.exists()


def test_home_pages_and_files_are_no_favourites(reader: tuple[User, Client], home: Page) -> None:
    _user, browser = reader
    PortalDocumentFactory()

    assert star(browser, home).status_code == 404
    assert not Favourite.objects.exists()


def test_to_look_changes_nothing_and_a_foreign_form_neither(reader: tuple[User, Client], mail: Any) -> None:
    user, browser = reader
    for name in ("favourites_star", "favourites_keep", "favourites_order"):
        assert browser.get(reverse(name), {"keep": str(mail.translation_key)}).status_code == 405
    browser.get(reverse("favourites"), {"keep": str(mail.translation_key), "removed": str(mail.translation_key)})
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(user)

    for name in ("favourites_star", "favourites_keep", "favourites_order"):
        assert strict.post(reverse(name), {"keep": str(mail.translation_key)}).status_code == 403
    assert not Favourite.objects.exists()


@pytest.mark.parametrize(
    "there", ["https://ailleurs.example/", "//ailleurs.example/", "/\\ailleurs.example", "javascript:alert(1)"]
)
def test_nobody_is_sent_elsewhere(reader: tuple[User, Client], client: Client, mail: Any, there: str) -> None:
    _user, browser = reader
    assert star(browser, mail, next=there)["Location"] == "/"
    assert star(browser, mail, how="remove", next=there)["Location"] == "/"
    assert star(client, mail, next=there)["Location"] == "/oidc/authenticate/?next=%2F"


def test_one_reader_never_touches_the_favourites_of_another(
    reader: tuple[User, Client], students: Audience, mail: Any
) -> None:
    user, browser = reader
    _other, foreign = member(students)
    star(browser, mail)

    star(foreign, mail, how="remove")
    foreign.post(reverse("favourites_order"), {"order": str(mail.translation_key), "user": user.pk})
    answer = foreign.post(reverse("favourites_order"), {"up": str(mail.translation_key)})

    assert answer.status_code == 404
    assert starred(user) == {mail.translation_key}
    assert listed(foreign) == []
    assert pressed(foreign, mail.url) == {str(mail.translation_key): "false"}


def test_seeing_as_others_shows_nothing_of_ones_own_and_changes_nothing(mail: Any, students: Audience) -> None:
    user, browser = member(students, is_superuser=True)
    star(browser, mail)
    browser.post(reverse("see_as"), {"audience": [students.pk]})

    assert pressed(browser, mail.url) == {}
    assert part(browser.get("/"), "favourites") == listed(browser) == []
    assert star(browser, mail, how="remove").status_code == 403
    assert starred(user) == {mail.translation_key}


def test_readers_share_a_body_that_holds_no_star_of_theirs(
    kept_bodies: None, students: Audience, catalogue: Page, mail: Any
) -> None:
    (_one, faithful), (_two, newcomer) = member(students), member(students)
    star(faithful, mail)

    for _cold_then_warm in range(2):
        assert pressed(faithful, catalogue.url) == {str(mail.translation_key): "true"}
        assert pressed(newcomer, catalogue.url) == {str(mail.translation_key): "false"}
        assert part(faithful.get("/"), "favourites") == ["Messagerie"]
        assert part(newcomer.get("/"), "favourites") == []


def test_two_clicks_make_one_and_ten_thousand_leave_nothing_behind(reader: tuple[User, Client], mail: Any) -> None:
    user, browser = reader
    session = len(browser.session.encode(dict(browser.session.items())))

    for _click in range(50):
        star(browser, mail)
        star(browser, mail)
        assert Favourite.objects.count() == 1
        star(browser, mail, how="remove")
        star(browser, mail, how="remove")

    assert not Favourite.objects.exists()
    assert len(browser.session.encode(dict(browser.session.items()))) == session
    star(browser, mail)
    assert Favourite.objects.get(user=user).position == 0


def test_one_keeps_no_more_than_the_limit_and_is_told(
    reader: tuple[User, Client], catalogue: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    _user, browser = reader
    monkeypatch.setattr(favourites, "MOST", 2)
    services = [ServicePageFactory(parent=catalogue) for _number in range(3)]
    star(browser, services[0])
    star(browser, services[1])

    answer = star(browser, services[2])
    by_script = browser.post(
        reverse("favourites_star"), {"keep": str(services[2].translation_key)}, headers={"HX-Request": "true"}
    )

    assert by_script.status_code == 409
    assert soup(browser.get(answer["Location"])).select_one('main [data-state="warn"]')
    assert Favourite.objects.count() == 2
    # What is no more visible takes no place, and what is too old of it is forgotten.
    Page.objects.get(pk=services[0].pk).specific.unpublish()
    monkeypatch.setattr(favourites, "MOST_ROWS", 2)
    assert star(browser, services[2]).status_code == 303
    assert set(Favourite.objects.values_list("key", flat=True)) == {one.translation_key for one in services[1:]}


def test_a_favourite_follows_moves_and_comes_back_after_a_withdrawal(
    reader: tuple[User, Client], home: Page, catalogue: Page, mail: Any, sections: Page
) -> None:
    _user, browser = reader
    other = ServicePageFactory(parent=catalogue, title="Agenda partagé")
    page = StandardPageFactory(parent=home, title="Aide")
    for one in (mail, page, other):
        star(browser, one)

    Page.objects.get(pk=page.pk).specific.move(StandardPageFactory(parent=home, title="Ailleurs"), pos="first-child")
    Page.objects.get(pk=mail.pk).specific.unpublish()
    assert listed(browser) == ["Aide", "Agenda partagé"]
    Page.objects.get(pk=mail.pk).specific.save_revision().publish()
    assert listed(browser) == ["Messagerie", "Aide", "Agenda partagé"]


def test_what_is_reserved_for_others_since_is_neither_shown_nor_counted(
    reader: tuple[User, Client], mail: Any, staff: Audience
) -> None:
    _user, browser = reader
    star(browser, mail)
    page = Page.objects.get(pk=mail.pk).specific
    page.access, page.audiences = Access.RESERVED, [staff]
    page.save_revision().publish()

    for address in ("/", reverse("favourites"), f"{reverse('favourites')}?removed={mail.translation_key}"):
        assert "Messagerie" not in browser.get(address).content.decode()


def test_a_favourite_is_shown_in_the_readers_language(
    reader: tuple[User, Client], catalogue: Page, mail: Any, english_home: Page
) -> None:
    _user, browser = reader
    star(browser, mail)
    english = catalogue.copy_for_translation(Locale.objects.get(language_code="en"))
    english.save_revision().publish()
    translated = mail.copy_for_translation(Locale.objects.get(language_code="en"))
    translated.title = "Mail"
    translated.save_revision().publish()

    assert listed(browser) == ["Messagerie"]
    assert part(browser.get("/en/"), "favourites") == ["Mail"]


def test_a_retired_service_gives_way_to_what_replaces_it_and_comes_back(
    reader: tuple[User, Client], catalogue: Page, mail: Any
) -> None:
    user, browser = reader
    heir = ServicePageFactory(parent=catalogue, title="Nouvelle messagerie")
    last = ServicePageFactory(parent=catalogue, title="Messagerie de demain")
    star(browser, mail)

    retire(service=mail.translation_key, successor=heir.translation_key, message="", author=None)
    assert listed(browser) == ["Nouvelle messagerie"]
    assert pressed(browser, heir.url)[str(heir.translation_key)] == "true"
    star(browser, heir)  # kept already
    assert Favourite.objects.count() == 1
    retire(service=heir.translation_key, successor=last.translation_key, message="", author=None)
    assert listed(browser) == ["Messagerie de demain"]
    assert pressed(browser, last.url)[str(last.translation_key)] == "true"
    restore(service=heir.translation_key)
    restore(service=mail.translation_key)
    assert listed(browser) == ["Messagerie"]
    retire(service=mail.translation_key, successor=heir.translation_key, message="", author=None)
    star(browser, heir, how="remove")
    assert starred(user) == frozenset()


def test_one_that_replaces_two_is_shown_once(reader: tuple[User, Client], catalogue: Page, mail: Any) -> None:
    _user, browser = reader
    heir = ServicePageFactory(parent=catalogue, title="Nouvelle messagerie")
    star(browser, mail)
    star(browser, heir)
    retire(service=mail.translation_key, successor=heir.translation_key, message="", author=None)

    assert listed(browser) == ["Nouvelle messagerie"]


def test_a_page_deleted_for_good_is_forgotten(reader: tuple[User, Client], mail: Any) -> None:
    _user, browser = reader
    star(browser, mail)

    Page.objects.get(pk=mail.pk).delete()

    assert not Favourite.objects.exists()


def test_the_order_is_the_readers_own_by_buttons_and_by_script(reader: tuple[User, Client], catalogue: Page) -> None:
    user, browser = reader
    one, two, three = (ServicePageFactory(parent=catalogue, title=title) for title in ("Un", "Deux", "Trois"))
    for service in (one, two, three):
        star(browser, service)

    answer = browser.post(reverse("favourites_order"), {"up": str(three.translation_key)})
    assert answer["Location"] == f"{reverse('favourites')}#f-{three.translation_key}"
    assert listed(browser) == ["Un", "Trois", "Deux"]
    browser.post(reverse("favourites_order"), {"down": str(one.translation_key)})
    assert listed(browser) == ["Trois", "Un", "Deux"]
    browser.post(reverse("favourites_order"), {"up": str(three.translation_key)})  # it is the first
    assert listed(browser) == ["Trois", "Un", "Deux"]

    keys = ",".join(str(key) for key in (two.translation_key, one.translation_key, uuid4(), three.translation_key))
    answer = browser.post(reverse("favourites_order"), {"order": keys}, headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert listed(browser) == part(browser.get("/"), "favourites") == ["Deux", "Un", "Trois"]
    # What is not visible keeps its place among the others.
    Page.objects.get(pk=one.pk).specific.unpublish()
    reorder(user=user, keys=[three.translation_key, two.translation_key])
    Page.objects.get(pk=one.pk).specific.save_revision().publish()
    assert listed(browser) == ["Trois", "Un", "Deux"]


def test_a_removal_can_be_undone_at_its_place(reader: tuple[User, Client], catalogue: Page) -> None:
    _user, browser = reader
    one, two = (ServicePageFactory(parent=catalogue, title=title) for title in ("Un", "Deux"))
    star(browser, one)
    star(browser, two)

    page = soup(browser.get(star(browser, one, how="remove", undo="1")["Location"]))
    assert [link.get_text(strip=True) for link in page.select(".favourites__name > a")] == ["Deux"]
    undo = {field["name"]: field["value"] for field in page.select('#undo input:not([name="csrfmiddlewaretoken"])')}
    assert page.select_one("button[form=undo]")["value"] == str(one.translation_key)
    browser.post(reverse("favourites_star"), {"keep": str(one.translation_key), **undo})

    assert listed(browser) == ["Un", "Deux"]


def test_what_is_recommended_is_offered_and_nothing_is_kept_unasked(
    staff: Audience, reader: tuple[User, Client], catalogue: Page, mail: Any, students: Audience
) -> None:
    user, browser = reader
    courses, marks = (
        ServicePageFactory(parent=catalogue, title=title, audiences=[students]) for title in ("Cours", "Notes")
    )
    ServicePageFactory(parent=catalogue, title="Paie", audiences=[staff])

    page = soup(browser.get("/"))
    offer = page.select_one(".keep-these:not([hidden])")
    assert [name.get_text() for name in offer.select(".keep-these__name")] == ["Cours", "Notes"]
    choices = soup(browser.get(reverse("favourites"))).select('.keep-these input[name="key"]')
    assert [one["value"] for one in choices] == [str(courses.translation_key), str(marks.translation_key)]
    assert starred(user) == frozenset()

    browser.post(reverse("favourites_keep"), {"keys": offer.select_one('button[name="keys"]')["value"]})
    assert listed(browser) == ["Cours", "Notes"]
    assert soup(browser.get("/")).select_one(".keep-these:not([hidden])") is None


def test_an_offer_put_off_is_not_made_again_in_that_browser(
    reader: tuple[User, Client], catalogue: Page, students: Audience
) -> None:
    _user, browser = reader
    ServicePageFactory(parent=catalogue, audiences=[students])
    later = soup(browser.get("/")).select_one('.keep-these button[name="key"]')

    browser.post(later["formaction"], {"key": later["value"], "next": "/"})

    assert soup(browser.get("/")).select_one(".keep-these:not([hidden])") is None
    assert soup(browser.get(reverse("favourites"))).select_one(".keep-these") is not None


def test_a_favourite_that_is_down_is_said_on_home_to_who_keeps_it(
    reader: tuple[User, Client], students: Audience, mail: Any
) -> None:
    _user, browser = reader
    _other, another = member(students)
    star(browser, mail)
    set_state(service=mail.translation_key, level=Level.DOWN, message="Panne.", until=None, author=None)

    banner = soup(browser.get("/")).select_one(".outages .alert-banner")
    assert "Messagerie" in banner.get_text()
    assert soup(another.get("/")).select_one(".outages") is None
    key = banner.select_one('input[name="key"]')["value"]
    browser.post(reverse("hide_alert"), {"key": key})
    page = browser.get("/")
    assert soup(page).select_one(".outages") is None
    assert "<!--" not in page.content.decode().partition("<main")[2]


def test_a_favourite_that_is_recommended_and_down_is_said_once(
    reader: tuple[User, Client], catalogue: Page, students: Audience
) -> None:
    _user, browser = reader
    service = ServicePageFactory(parent=catalogue, title="Cours", audiences=[students])
    star(browser, service)
    set_state(service=service.translation_key, level=Level.DOWN, message="Panne.", until=None, author=None)

    assert len(soup(browser.get("/")).select(".outages .alert-banner")) == 1


def test_favourites_are_in_the_readers_data_and_are_erased_when_asked(reader: tuple[User, Client], mail: Any) -> None:
    user, browser = reader
    star(browser, mail)

    held = browser.get(reverse("account_data")).json()["favourites"]
    assert [one["page"] for one in held] == [str(mail.translation_key)]
    assert "Messagerie" not in str(held)
    browser.post(reverse("account_erase"), {"what": "favourites"})
    assert not Favourite.objects.exists()
    star(browser, mail)
    user.delete()
    assert not Favourite.objects.exists()


def test_ten_stars_cost_as_many_queries_as_one(
    reader: tuple[User, Client], catalogue: Page, count_queries: Callable[..., int]
) -> None:
    user, browser = reader
    star(browser, ServicePageFactory(parent=catalogue))
    addresses = (catalogue.url, reverse("favourites"), "/")

    def costs() -> list[int]:
        for address in addresses:
            browser.get(address)  # what a process reads once for each content version
        return [count_queries(browser.get, address) for address in addresses]

    one = costs()
    services = [ServicePageFactory(parent=catalogue) for _number in range(9)]
    seen = table().seen_by(Reader(signed_in=True))
    keep(user=user, keys=[service.translation_key for service in services], reader=seen)
    assert len(shown_to(seen, user)) == 10

    assert costs() == one


def test_stars_of_a_kept_list_cost_one_query(
    kept_bodies: None, students: Audience, catalogue: Page, count_queries: Callable[..., int]
) -> None:
    for _number in range(5):
        ServicePageFactory(parent=catalogue)
    (_one, first), (_two, alike) = member(students), member(students)
    first.get(catalogue.url)
    warm = count_queries(alike.get, catalogue.url)

    assert warm <= 6
