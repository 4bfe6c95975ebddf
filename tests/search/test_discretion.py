"""Discreet pages: that someone opened one is neither counted nor remembered anywhere."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale, Page

from audience.models import Access, Audience
from guidance.answers import Answer
from news.models import Opening
from news.openings import figures_of, forget_openings
from search.models import Entry
from tests.editing import edit_form, send
from tests.factories import (
    AnnouncementPageFactory,
    CataloguePageFactory,
    GuidanceIndexPageFactory,
    GuidancePageFactory,
    ReaderFactory,
    ServicePageFactory,
    StandardPageFactory,
)
from tests.reading import said, soup

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(home: Page) -> Any:
    return StandardPageFactory(parent=home, title="Signaler des violences", discreet=True)


@pytest.fixture
def fiche(home: Page) -> Any:
    index = GuidanceIndexPageFactory(parent=home, title="Démarches", slug="demarches")
    return GuidancePageFactory(
        parent=index,
        title="Aménagements d’examen",
        discreet=True,
        steps=[("step", {"title": "Demander", "text": "<p>À la mission.</p>"})],
    )


def entry_of(page: Page) -> Entry:
    return Entry.objects.of_page(page).get()


def test_no_cache_keeps_it_and_the_next_page_is_not_told_of_it(
    client: Client, kept_bodies: None, home: Page, page: Any, sign_in: Any
) -> None:
    for browser in (client, sign_in()):
        for _time in range(2):
            answer = browser.get(page.url)
            assert "no-store" in answer["Cache-Control"]
            assert answer["Referrer-Policy"] == "no-referrer"
        assert browser.get(home.url)["Referrer-Policy"] == "same-origin"
    assert "no-store" not in client.get(home.url)["Cache-Control"]


def test_it_says_so_to_its_readers_and_names_its_address_in_no_other(client: Client, page: Any, home: Page) -> None:
    shown = soup(client.get(page.url))

    assert shown.select_one(".discreet-note")
    told = [link["href"] for link in shown.select("a[href]") if "from=%2F" in link["href"]]
    assert told == []
    assert not soup(client.get(home.url)).select_one(".discreet-note")


def test_its_translations_and_the_pages_below_are_discreet_too(client: Client, home: Page, page: Any) -> None:
    below = StandardPageFactory(parent=page)
    english = page.copy_for_translation(Locale.objects.get(language_code="en"))
    english.discreet = False
    english.save_revision().publish()
    assert [entry_of(one).discreet for one in (page, below, english)] == [True, True, True]
    assert client.get(english.url)["Referrer-Policy"] == "no-referrer"

    page.discreet = False
    page.save_revision().publish()
    assert [entry_of(one).discreet for one in (page, below, english)] == [False, False, False]


def test_home_cannot_be(client: Client, home: Any, page: Any) -> None:
    home.discreet = True
    home.save()

    assert not entry_of(home).discreet
    assert "no-store" not in client.get(home.url)["Cache-Control"]


def test_a_click_on_it_is_not_sent(client: Client, home: Page, page: Any) -> None:
    StandardPageFactory(parent=home, title="Signaler une panne")

    found = soup(client.get(reverse("search"), {"q": "signaler"})).select(".search-result")

    assert {one.h2.get_text(strip=True): one.has_attr("data-discreet") for one in found} == {
        "Signaler des violences": True,
        "Signaler une panne": False,
    }


def test_the_services_offered_as_favourites_leave_it_out(home: Page, students: Audience, sign_in: Any) -> None:
    catalogue = CataloguePageFactory(parent=home, title="Services", slug="services")
    ServicePageFactory(parent=catalogue, title="Moodle", audiences=[students])
    ServicePageFactory(parent=catalogue, title="Rendez-vous psychologue", audiences=[students], discreet=True)

    offered = soup(sign_in([students]).get(reverse("favourites"))).select_one("main").get_text()

    assert "Moodle" in offered
    assert "psychologue" not in offered


def test_who_opened_a_discreet_announcement_is_not_noted(news_index: Any, students: Audience, sign_in: Any) -> None:
    announcement = AnnouncementPageFactory(
        parent=news_index, audiences=[students], access=Access.RESERVED, discreet=True, owner=ReaderFactory()
    )

    sign_in([students]).get(announcement.url)
    assert not Opening.objects.exists()
    figures = figures_of([entry_of(announcement)], opened={announcement.pk: 40})[announcement.pk]
    assert (figures.opened, figures.discreet) == (None, True)

    Opening.objects.create(announcement=announcement, key="before")
    assert forget_openings() == 1


@pytest.mark.parametrize("by_htmx", [False, True])
def test_an_answer_to_was_this_useful_is_kept_and_nothing_in_the_session(
    client: Client, fiche: Any, by_htmx: bool
) -> None:
    headers = {"HX-Request": "true"} if by_htmx else {}
    answer = client.post(f"{fiche.url}useful/", {"useful": "yes"}, headers=headers, follow=True)

    assert Answer.objects.count() == 1
    assert said("Thank you: those who write this page will read your answer.") in answer.content.decode()
    assert str(fiche.pk) not in str(dict(client.session))


def test_no_step_is_ticked_off_there(client: Client, fiche: Any) -> None:
    shown = client.get(fiche.url).content.decode()

    assert "Demander" in shown
    assert "data-ticks" not in shown
    assert "steps.js" not in shown


def test_signing_in_for_it_leaves_no_address_in_the_session(sign_in: Any, page: Any) -> None:
    browser = sign_in()
    for _time in range(2):
        browser.get("/oidc/authenticate/", {"next": page.url})

    assert page.slug not in str(dict(browser.session))


@pytest.mark.parametrize(("site", "status"), [("same-origin", 303), ("cross-site", 403), ("same-site", 403), ("", 403)])
def test_its_own_forms_are_taken_though_browsers_do_not_say_where_they_come_from(
    sign_in: Any, page: Any, site: str, status: int
) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = sign_in().cookies
    token = soup(browser.get(page.url)).select_one("#stars [name=csrfmiddlewaretoken]")["value"]
    headers = {"Origin": "null"} | ({"Sec-Fetch-Site": site} if site else {})
    address = reverse("favourites_star")
    form = {"csrfmiddlewaretoken": token, "next": page.url, "keep": page.translation_key}

    assert browser.post(address, form, headers=headers).status_code == status
    # The form's own key is asked for all the same.
    assert browser.post(address, {**form, "csrfmiddlewaretoken": "x" * 64}, headers=headers).status_code == 403


def test_an_editor_ticks_it_and_is_shown_it(home: Page, sign_in: Any) -> None:
    page = StandardPageFactory(parent=home, title="Écoute")
    browser = sign_in(is_superuser=True)
    form = edit_form(browser, page)
    assert "discreet" not in form[1]

    send(browser, form, discreet="on", action="publish")
    assert entry_of(page).discreet
    english = page.copy_for_translation(Locale.objects.get(language_code="en"))

    marks = soup(browser.get(reverse("wagtailadmin_explore", args=[home.pk]))).select("tr .w-status")
    assert said("discreet") in [mark.get_text(strip=True) for mark in marks]
    for one in (page, english):
        assert "parvis-discreet" in browser.get(reverse("wagtailadmin_pages:edit", args=[one.pk])).content.decode()
    # Of home, all would be.
    assert not soup(browser.get(reverse("wagtailadmin_pages:edit", args=[home.pk]))).select("[name=discreet]")
