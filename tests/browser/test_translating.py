"""From a French page to its Spanish translation, as an editor does it; and the languages as a reader meets them."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.admin import translate

GUIDE = "/demarches/partir-avec-erasmus/"  # not yet in Spanish


def test_an_editor_translates_a_page_and_readers_go_from_one_to_the_other(visit):
    editor = visit(GUIDE, persona="mathilde.roche")
    translate(editor, language="espagnol", title="Estudiar con Erasmus+")

    reader = visit(GUIDE)
    reader.locator(".language-menu summary").click()
    reader.locator(".language-menu a[hreflang=es]").click()
    expect(reader.locator("h1")).to_have_text("Estudiar con Erasmus+")
    expect(reader.locator("html")).to_have_attribute("lang", "es")
    reader.locator(".language-menu summary").click()
    reader.locator(".language-menu a[hreflang=fr]").click()
    expect(reader.locator("h1")).to_have_text("Partir étudier avec Erasmus+")


def test_the_language_menu_works_with_the_keyboard_and_on_a_phone(visit):
    page = visit("/", width=390)
    summary = page.locator(".language-menu summary")
    summary.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator(".language-menu a[hreflang=fr]")).to_be_focused()
    box = page.locator(".language-menu .menu__panel").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390


def test_a_reader_writes_without_script_and_is_told_where_it_goes(visit):
    page = visit("/services/assistance-numerique/")
    page.locator("footer a[href^='/contact/']").click()
    expect(page.locator("[data-to=unit]")).to_be_visible()
    page.locator("[name=name]").fill("Ada Bon")
    page.locator("[name=email]").fill("ada@exemple.org")
    page.locator("[name=subject]").fill("Une question")
    page.locator("[name=message]").fill("À quelle heure ouvrez-vous le samedi ?")
    page.wait_for_timeout(4000)  # nobody writes faster
    page.locator("main form button").click()
    expect(page.locator("[role=status] h1")).to_be_visible()
    assert "contact" in page.url
