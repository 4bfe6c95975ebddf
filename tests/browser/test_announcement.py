"""A secretary announces from a phone; those it is for see it, and nobody else."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_accessibility import violations
from tests.browser.walk import Walk

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


def open_form(walk: Walk) -> None:
    walk.page.goto(SECTION)
    walk.click(walk.page.locator("main a[href*='?list=']"))
    expect(walk.page.locator("#id_title")).to_be_visible()


def fill(walk: Walk) -> None:
    """Fill in what is asked, for the first year of one programme of sciences."""
    walk.fill(walk.page.locator("#id_title"), TITLE)
    walk.fill(walk.page.locator("#id_text"), "Même horaire, même enseignante. La salle B204 ferme jusqu’à vendredi.")
    walk.choose(walk.page.locator("#id_audience"), "Mathématiques-informatique")


def send(walk: Walk) -> None:
    walk.click(walk.page.locator("main form:has(#id_title) button.button"))


def sees(page: Page, address: str) -> dict[str, bool]:
    return {path: TITLE in page.request.get(path).text() for path in [*PLACES, address]}


def test_a_room_change_for_one_year_reaches_it_and_nobody_else(visit, proofread):
    walk = Walk(visit("/", persona="nadege.vautrin", width=390))
    secretary = walk.page
    open_form(walk)
    asked = secretary.locator("main form:has(#id_title)").locator("input:not([type=hidden]), select, textarea")

    assert asked.count() == 4
    assert secretary.locator("#id_until").input_value()
    assert secretary.evaluate("document.documentElement.scrollWidth") <= 390
    assert violations(secretary) == []
    fill(walk)
    send(walk)

    expect(secretary.locator("h1")).to_have_text(TITLE)
    walk.announced(clicks=2, fields=3)
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
    walk = Walk(visit("/", persona="karim.benhaddou", width=390))
    writer = walk.page
    open_form(walk)
    fill(walk)
    writer.locator("#id_until").fill("2020-01-01")
    send(walk)

    expect(writer.locator("#id_until_error")).to_be_visible()
    assert writer.locator("#id_title").input_value() == TITLE
    assert violations(writer) == []

    writer.locator("#id_until").fill("")
    fill(walk)
    writer.evaluate("document.querySelector('#id_until').valueAsDate = new Date(Date.now() + 3 * 24 * 3600 * 1000)")
    send(walk)

    expect(writer.locator(".alert-banner[data-state=info]")).to_contain_text(TITLE)
    expect(writer.locator(".own-announcement [data-state=info]")).to_be_visible()
    reader = visit("/", persona="ines.marchetti")
    assert not any(sees(reader, "/actualites/").values())
