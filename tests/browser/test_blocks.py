"""A page of all blocks in a real browser: on a phone, on paper, without scripts, and in the editor."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import _note_foreign
from tests.browser.test_accessibility import violations

PLANT = """
from home.models import HomePage
from tests.content.everything import every_block, plant, poisoned
from tests.factories import StandardPageFactory
home = HomePage.objects.get(locale__language_code="fr")
page = plant(home)
for slug, words in (("longs", "x" * 3000), ("droite-a-gauche", "مرحبا بالجامعة " * 30)):
    body = [{"type": one["type"], "value": poisoned(one["value"], words)} for one in page.body.raw_data]
    StandardPageFactory(parent=home, title=words[:60], slug=slug, body=body)
print("planted", page.pk)
"""
PATH = "/tous-les-blocs/"


@pytest.fixture(scope="module")
def planted(stack):
    """The number of the page of all blocks."""
    return re.search(r"planted (\d+)", stack.shell(PLANT))[1]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_axe_finds_nothing_on_the_page_of_all_blocks(visit, planted, width, scheme):
    page = visit(PATH, width=width, scheme=scheme)
    for summary in page.locator("main summary").all():
        summary.click()

    assert violations(page) == []


@pytest.mark.parametrize("path", [PATH, "/longs/", "/droite-a-gauche/"])
@pytest.mark.parametrize("width", [360, 700, 1280])
def test_no_block_runs_over_the_side(visit, planted, path, width):
    page = visit(path, width=width)

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    wide = """() => [...document.querySelectorAll('.prose > *')]
        .filter(one => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
        .map(one => one.className)"""
    assert page.evaluate(wide) == []


def test_a_wide_table_and_long_lines_of_code_scroll_by_the_keyboard(visit, planted):
    page = visit(PATH, width=360)

    for selector in (".table-scroll", ".code__text"):
        box = page.locator(selector).first
        box.focus()
        expect(box).to_be_focused()
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(500)
        assert box.evaluate("one => one.scrollLeft") > 0


def test_on_paper_all_is_open_and_addresses_are_written_out(visit, planted):
    page = visit(PATH, width=700)
    page.emulate_media(media="print")

    expect(page.locator(".accordion__body p")).to_be_visible()
    expect(page.locator(".video-card__text p")).to_be_visible()
    for hidden in (".site-header", ".bottom-nav", ".video-card__play", ".place-card a[href^='geo:']"):
        expect(page.locator(hidden)).to_be_hidden()
    address = "getComputedStyle(document.querySelector('.video-card__link'), '::after').content"
    assert "pod.valmont.example/video/12" in page.evaluate(address)
    assert page.evaluate("document.querySelector('.code__text').scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", [390, 1440])
def test_everything_works_without_scripts_and_asks_no_other_host(chromium, stack, planted, width):
    asked: list[str] = []
    context = chromium.new_context(
        base_url=stack.address, java_script_enabled=False, viewport={"width": width, "height": 900}
    )
    page = context.new_page()
    page.on("request", lambda request: _note_foreign(request.url, asked))
    page.goto(PATH)
    for details in page.locator("main details").all():
        details.locator("summary").click()
        expect(details).to_have_attribute("open", "")
    expect(page.locator(".accordion__body p")).to_be_visible()
    expect(page.locator(".video-card__link")).to_have_attribute("href", "https://pod.valmont.example/video/12")
    page.locator(".gallery__link").click()
    assert "/media/images/" in page.url
    context.close()
    assert asked == []


# In the editor


def test_an_editor_tries_a_block_before_adding_it(visit, planted):
    page = visit(f"/admin/pages/{planted}/edit/", persona="mathilde.roche")
    errors: list[str] = []
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.locator(".c-sf-add-button").first.click()
    page.get_by_role("option", name="Citation").locator("xpath=following-sibling::button").click()

    shown = page.frame_locator("iframe[src*='block-preview']").locator("blockquote")
    expect(shown).to_be_visible()
    assert shown.evaluate("one => getComputedStyle(one).fontStyle") == "italic"
    assert [one for one in errors if "Content Security Policy" in one] == []


def test_what_could_be_better_is_said_again_when_the_draft_saves_itself(visit, planted):
    page = visit(f"/admin/pages/{planted}/edit/", persona="mathilde.roche")
    expect(page.locator("[data-quality] [data-flaw=summary]")).to_have_count(1)

    page.wait_for_timeout(3_000)  # what counts as a change is measured against the form once all its widgets are there
    page.locator("#id_summary").click()
    page.keyboard.type("Tout ce qu’une page peut dire.")
    page.keyboard.press("Tab")

    expect(page.locator("[data-quality] [data-flaw=summary]")).to_have_count(0, timeout=15_000)


def test_wagtails_checks_run_on_the_preview(visit, planted):
    page = visit(f"/admin/pages/{planted}/edit/", persona="mathilde.roche")
    page.locator("[data-side-panel-toggle='checks']").click()

    expect(page.locator("[data-content-word-count]").first).to_have_text(re.compile(r"^\d{2,}$"), timeout=15_000)
    expect(page.locator("[data-content-checker-count]").last).to_have_text("0")
