"""A secretary announces from a phone; those it is for see it, and nobody else."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_accessibility import violations

SECTION = "/composantes-et-services/ufr-sciences/"
TITLE = "Analyse : le TD de mardi passe en salle D107"
PLACES = ["/", "/actualites/", SECTION, "/actualites/rss/", "/recherche/?q=D107", "/sitemap.xml"]
DIRECT = (
    "from sections.models import SectionPage;"
    "p = SectionPage.objects.get(slug='ufr-sciences', locale__language_code='fr');"
    "p.direct_publication = {}; p.save_revision().publish()"
)
CLEAN = "from news.models import AnnouncementPage; [p.delete() for p in AnnouncementPage.objects.filter(title={!r})]"


@pytest.fixture
def proofread(stack):
    """The section has its announcements proofread, whatever the demonstration says."""
    stack.shell(DIRECT.format(False))
    yield stack
    stack.shell(CLEAN.format(TITLE))


def open_form(page: Page) -> None:
    page.goto(SECTION)
    page.locator("main a[href*='?list=']").click()
    expect(page.locator("#id_title")).to_be_visible()


def fill(page: Page) -> None:
    """Fill in what is asked, for the first year of sciences."""
    page.locator("#id_title").fill(TITLE)
    page.locator("#id_text").fill("Même horaire, même enseignante. La salle B204 est fermée jusqu’à vendredi.")
    page.locator("#id_audience").select_option(
        value=page.locator("#id_audience option", has_text="Licence 1").first.get_attribute("value")
    )


def send(page: Page) -> None:
    page.locator("main form:has(#id_title) button.button").click()
    page.wait_for_load_state()


def sees(page: Page, address: str) -> dict[str, bool]:
    return {path: TITLE in page.request.get(path).text() for path in [*PLACES, address]}


def test_a_room_change_for_one_year_reaches_it_and_nobody_else(visit, proofread):
    secretary = visit("/", persona="nadege.vautrin", width=390)
    open_form(secretary)
    asked = secretary.locator("main form:has(#id_title)").locator("input:not([type=hidden]), select, textarea")

    assert asked.count() == 4
    assert secretary.locator("#id_until").input_value()
    assert secretary.evaluate("document.documentElement.scrollWidth") <= 390
    assert violations(secretary) == []
    fill(secretary)
    send(secretary)

    expect(secretary.locator("h1")).to_have_text(TITLE)
    expect(secretary.locator(".own-announcement .announcement-figures strong").first).not_to_have_text("0")
    address = secretary.url.removeprefix(secretary.url.split("/composantes")[0])
    reader = visit("/", persona="ines.marchetti", width=390)
    expect(reader.locator("#announcements ~ *, .announcement-list")).to_contain_text([TITLE])
    found = sees(reader, address)
    assert not found.pop("/sitemap.xml")
    assert all(found.values()), found
    for name in ("malik.sauvage", "louise.karadec", "antoine.delestre", ""):
        other = visit("/", persona=name)
        assert not any(sees(other, address).values()), name
        assert other.request.get(address).status == 404

    secretary.locator(".own-announcement button").click()
    secretary.wait_for_load_state()
    assert violations(secretary) == []
    assert reader.request.get(address).status == 404


def test_a_writer_is_told_that_it_is_proofread_first(visit, proofread):
    writer = visit("/", persona="karim.benhaddou", width=390)
    open_form(writer)
    fill(writer)
    writer.locator("#id_until").fill("2020-01-01")
    send(writer)

    expect(writer.locator("#id_until_error")).to_be_visible()
    assert writer.locator("#id_title").input_value() == TITLE
    assert violations(writer) == []

    writer.locator("#id_until").fill("")
    fill(writer)
    writer.evaluate("document.querySelector('#id_until').valueAsDate = new Date(Date.now() + 3 * 24 * 3600 * 1000)")
    send(writer)

    expect(writer.locator(".alert-banner[data-state=info]")).to_contain_text(TITLE)
    expect(writer.locator(".own-announcement [data-state=info]")).to_be_visible()
    reader = visit("/", persona="ines.marchetti")
    assert not any(sees(reader, "/actualites/").values())
