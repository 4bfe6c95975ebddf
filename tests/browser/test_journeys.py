"""Ten journeys through the portal, their clicks and fields counted: a reader is there in three clicks.

Two are walked elsewhere with more to check: a room change for one year (test_announcement.py) and an emergency
(test_alerts.py). Signing in is not counted: the provider asks for it, once a day.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser.admin import publish

MOST_CLICKS = 3
PHONE = 390
LODGING = "/demarches/se-loger/"
WORDS = "Le catalogue ne répond pas, les prêts continuent."
Visit = Callable[..., Page]


class Walk:
    """A page, and what was clicked and filled in on the way."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.clicks = self.fields = 0

    def click(self, what: Locator) -> None:
        what.click()
        self.clicks += 1
        self.page.wait_for_load_state()

    def fill(self, what: Locator, words: str) -> None:
        what.fill(words)
        self.fields += 1

    def search(self, words: str) -> None:
        """Search from where one is: on a phone the box is a place of its own."""
        box = self.page.locator("main input[name=q]")
        if not box.count():
            self.click(self.page.locator(".bottom-nav__link[href^='/recherche/']"))
        self.fill(box.first, words)
        box.first.press("Enter")
        self.page.wait_for_load_state()

    def heading(self, words: str) -> None:
        expect(self.page.locator("h1")).to_contain_text(words)


def test_a_newcomer_finds_on_the_first_day_how_to_enrol_and_whom_to_ask(visit: Visit) -> None:
    walk = Walk(visit("/", persona="a7f3c1d9", width=PHONE))
    expect(walk.page.locator("main .empty-state").first).to_contain_text("publics")
    walk.search("s’inscrire")
    walk.click(walk.page.get_by_role("link", name="S’inscrire à l’université").first)
    walk.heading("S’inscrire à l’université")
    assert walk.page.locator(".contact-card").count()
    assert (walk.clicks <= MOST_CLICKS, walk.fields) == (True, 1)


def test_a_student_with_a_disability_finds_how_exams_are_arranged(visit: Visit) -> None:
    walk = Walk(visit("/", persona="ines.marchetti", width=PHONE))
    walk.search("handicap examen")
    first = walk.page.locator(".search-result__title a")
    expect(first.first).to_be_visible()
    titles = [one for one in first.all_inner_texts()[:5] if re.search("aménag|handicap", one, re.IGNORECASE)]
    assert titles, first.all_inner_texts()
    walk.click(walk.page.locator(".search-result__title a", has_text=titles[0]).first)
    assert walk.clicks <= MOST_CLICKS


def test_an_outage_of_the_library_is_said_in_three_clicks_and_seen_in_one(visit: Visit) -> None:
    officer = Walk(visit("/services/", persona="mathilde.roche", width=PHONE))
    officer.click(officer.page.locator(".service-card", has_text="Catalogue de la BU").locator("a").last)
    officer.click(officer.page.locator(".reading__main > p > a.more-link").first)
    form = officer.page.url
    officer.page.locator("input[name=level][value=down]").check()
    officer.fill(officer.page.locator("textarea[name=message]"), WORDS)
    officer.click(officer.page.locator("main form button"))
    try:
        reader = Walk(visit("/services/", width=PHONE))
        reader.click(reader.page.locator(".service-card__title a", has_text="Catalogue de la BU").first)
        expect(reader.page.locator(".callout[data-state=down]")).to_contain_text(WORDS)
        assert (reader.clicks, officer.clicks, officer.fields) == (1, 3, 1)
    finally:
        officer.page.goto(form)
        officer.page.locator("input[name=level][value=normal]").check()
        officer.page.locator("textarea[name=message]").fill("")
        officer.page.locator("main form button").click()
        officer.page.wait_for_load_state()


def test_whoever_works_here_opens_a_page_reserved_for_staff_from_its_address(visit: Visit) -> None:
    walk = Walk(visit("/demarches/preparer-une-mission/", width=PHONE))
    walk.heading("n’existe pas, ou ne vous est pas ouverte")
    walk.click(walk.page.locator("main .sign-in a.button"))
    walk.page.locator("button[value='sylvie.combes']").click()
    walk.heading("Préparer une mission et ses frais")
    assert walk.clicks == 1


def test_an_applicant_who_is_not_signed_in_reaches_the_service_to_apply(visit: Visit) -> None:
    walk = Walk(visit("/", width=PHONE))
    walk.click(walk.page.locator(".bottom-nav__link[href='/services/']"))
    apply = walk.page.locator(".service-card", has_text="eCandidat").first
    walk.click(apply.locator("a").last)
    walk.heading("eCandidat")
    assert walk.page.locator(".contact-card").count() or walk.page.locator("main a.button").count()
    assert walk.clicks <= MOST_CLICKS


def test_a_graduate_finds_how_to_fetch_the_diploma(visit: Visit) -> None:
    walk = Walk(visit("/", persona="ophelie.lambert", width=PHONE))
    walk.search("diplôme")
    walk.click(walk.page.locator(".search-result", has_text="Retirer son diplôme").locator("a").last)
    walk.heading("Retirer son diplôme")
    assert walk.clicks <= MOST_CLICKS


def test_an_editor_corrects_a_title_from_the_page_itself(visit: Visit) -> None:
    walk = Walk(visit(LODGING, persona="mathilde.roche"))
    walk.click(walk.page.locator(".site-header details.menu:not(.language-menu) summary"))
    walk.click(walk.page.get_by_role("link", name="Modifier cette page"))
    walk.fill(walk.page.get_by_role("textbox", name="Titre").first, "Se loger à Valmont")
    publish(walk.page)  # opens the menu of the foot, and publishes
    walk.page.goto(LODGING)
    expect(walk.page.locator("h1")).to_have_text("Se loger à Valmont")
    assert (walk.clicks + 2, walk.fields) == (4, 1)
