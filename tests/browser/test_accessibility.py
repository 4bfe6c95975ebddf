"""axe finds nothing to mend (WCAG 2.2 AA), in any colours and at any width, and a page that is enlarged loses nothing.

Each page is loaded once, then looked at in other colours and widths where it stands: two of six in `make test`, all of
them with PARVIS_WHOLE=1.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import sign_in
from tests.servers.stack import Stack

WHOLE = bool(os.environ.get("PARVIS_WHOLE"))
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
NARROW, WIDE = 360, 1440
DESK, ENLARGED = 1280, {"200 %": 640, "400 %": 320}  # the widths that a desk of 1280 pixels is left with
# Colours change at once where motion is not wanted, and axe measures them as they are.
COLOURS = {
    "light": {"color_scheme": "light", "forced_colors": "none", "reduced_motion": "reduce"},
    "dark": {"color_scheme": "dark", "forced_colors": "none", "reduced_motion": "reduce"},
    "forced": {"color_scheme": "light", "forced_colors": "active", "reduced_motion": "reduce"},
}
MODES = [(colours, width) for width in (NARROW, WIDE) for colours in COLOURS]
VISITOR, STUDENT, SECRETARY, EDITOR = "", "ines.marchetti", "nadege.vautrin", "mathilde.roche"
TODAY = date.today()  # noqa: DTZ011  # of this machine, as the portal's
PAGES = [
    (VISITOR, "/"),
    (VISITOR, "/en/"),
    (VISITOR, "/es/"),
    (VISITOR, "/actualites/"),
    (VISITOR, "/actualites/?category=campus"),
    (VISITOR, f"/actualites/{TODAY.year}/"),
    (VISITOR, "/agenda/"),
    (VISITOR, "/agenda/?past=1"),
    (VISITOR, f"/agenda/{TODAY:%Y/%m}/"),
    (VISITOR, "/agenda/?kind=deadline"),
    (VISITOR, "an event"),
    (VISITOR, "/services/"),
    (VISITOR, "/services/?by=letter&for=all"),
    (VISITOR, "/a-z/"),
    (VISITOR, "/services/arche/"),
    (VISITOR, "/demarches/"),
    (VISITOR, "/demarches/?audience=etudiants"),
    (VISITOR, "/demarches/s-inscrire-a-l-universite/"),
    (VISITOR, "/composantes-et-services/"),
    (VISITOR, "/composantes-et-services/ufr-sciences/"),
    (VISITOR, "/mentions-legales/"),
    (VISITOR, "/cookies/"),
    (VISITOR, "/accessibilite/"),
    (VISITOR, "/aide/"),
    (VISITOR, "/recherche/?q=inscription"),
    (VISITOR, "/recherche/?q=zzzzz"),
    (VISITOR, "/recherche/"),
    (VISITOR, "/plan-du-portail/"),
    (VISITOR, "/contact/"),
    (VISITOR, "/alertes/"),
    (VISITOR, "/nouveautes-du-portail/"),
    (VISITOR, "/nulle-part/"),
    (VISITOR, "/oidc/callback/?error=access_denied&state=x"),
    (VISITOR, "/es/servicios/arche-cursos-en-linea/"),
    (VISITOR, "/es/mapa/"),
    (VISITOR, "/es/contacto/"),
    (STUDENT, "/"),
    (STUDENT, "/actualites/calendrier-des-examens/"),
    (STUDENT, "/compte/"),
    (STUDENT, "/favoris/"),
    (STUDENT, "/a-z/"),
    (STUDENT, "/voir-comme/"),
    (STUDENT, "/admin/"),
    (SECRETARY, "/composantes-et-services/ufr-sciences/"),
    (SECRETARY, "an announcement"),
    (SECRETARY, "/annonces/nouvelle/"),
    (EDITOR, "/"),
    (EDITOR, "/styleguide/"),
    *([(EDITOR, "/styleguide/?theme=contrast")] if WHOLE else []),
]
# Some addresses are found on others.
FOUND = {
    "an event": ("/agenda/", ".event-row__title a"),
    "an announcement": ("/", ".announcement-card__title a"),
}
# What a phone folds or lays out otherwise: the contents of a page, the names of weekdays, empty days.
FOLDED = ".toc--side, .breadcrumbs, .month-weekdays, .month__day--empty, .site-header, .main-menu, .bottom-nav"
FOLDED += ", .facets__groups, .foldable__rest"
UNSEEN = """([folded]) => [...document.querySelectorAll('main :is(h1, h2, h3, h4, p, a, button, dt, dd, th, td, time)')]
    .filter(one => one.textContent.trim() && !one.closest(folded))
    .filter(one => !one.checkVisibility({checkOpacity: true, checkVisibilityCSS: true}))
    .map(one => one.textContent.trim().slice(0, 60))"""
MOVING = """() => [...document.querySelectorAll('body *')].filter(one => {
    const style = getComputedStyle(one);
    const animated = style.animationName !== 'none' && /[1-9]/.test(style.animationDuration);
    return animated || /[1-9]/.test(style.transitionDuration);
}).map(one => one.className)"""


def violations(page: Page) -> list[str]:
    """Return what axe finds in what is shown now."""
    if not page.evaluate("!!window.axe"):
        page.evaluate(AXE)
    found = page.evaluate("options => axe.run(document, options)", RULES)["violations"]
    return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]


def over_the_side(page: Page, width: int) -> bool:
    page.set_viewport_size({"width": width, "height": 900})
    return bool(page.evaluate("document.documentElement.scrollWidth") > width)


@pytest.fixture(scope="module")
def browse(chromium: Browser, stack: Stack) -> Iterator[Callable[[str, str], Page]]:
    """Open a page as a persona, in the one browser kept for them."""
    kept: dict[str, Page] = {}

    def opened(persona: str, path: str) -> Page:
        if persona not in kept:
            context = chromium.new_context(base_url=stack.address, locale="fr-FR")
            kept[persona] = context.new_page()
            if persona:
                sign_in(kept[persona], persona, stack)
        page = kept[persona]
        if path in FOUND:
            here, link = FOUND[path]
            page.goto(here)
            path = page.locator(link).first.get_attribute("href") or ""
        page.goto(path)
        return page

    yield opened
    for page in kept.values():
        page.context.close()


@pytest.mark.parametrize(("persona", "path"), PAGES, ids=lambda said: said or "visitor")
def test_a_page_is_for_everyone(browse: Callable[[str, str], Page], persona: str, path: str) -> None:
    number = PAGES.index((persona, path))
    modes = MODES if WHOLE else [MODES[number % 6], MODES[(number + 4) % 6]]
    modes = modes if WHOLE or "styleguide" not in path else modes[:1]  # it holds as much as ten others
    page = browse(persona, path)
    wrong: list[object] = []
    for colours, width in modes:
        page.emulate_media(**COLOURS[colours])  # type: ignore[arg-type]  # words that it knows
        page.set_viewport_size({"width": width, "height": 900})
        wrong += [(colours, width, said) for said in violations(page)]

    # 200 % and 400 % of a desk: nothing over the side, and nothing that was read is gone.
    page.set_viewport_size({"width": DESK, "height": 900})
    hidden = page.evaluate(UNSEEN, [FOLDED])
    wrong += [("over the side", width) for width in (NARROW, *ENLARGED.values()) if over_the_side(page, width)]
    wrong += [("gone at 400 %", said) for said in page.evaluate(UNSEEN, [FOLDED]) if said not in hidden]
    wrong += [("moves", said) for said in page.evaluate(MOVING)]
    assert wrong == []


def test_nothing_of_a_reader_runs_over_the_side_of_a_phone(browse: Callable[[str, str], Page]) -> None:
    for persona in ("sylvie.combes", "louise.karadec"):
        page = browse(persona, "/")
        assert not over_the_side(page, NARROW)
        page = browse(persona, "/compte/")
        facts = page.locator("table:not(:has(thead))")
        assert facts.evaluate_all("all => all.filter(t => t.scrollWidth > t.parentElement.clientWidth).length") == 0


def test_the_menu_of_a_section_is_whole_on_a_wide_screen(browse: Callable[[str, str], Page]) -> None:
    page = browse(VISITOR, "/composantes-et-services/ufr-sciences/")
    page.set_viewport_size({"width": WIDE, "height": 900})
    menu = page.locator(".section-menu__list").first
    assert menu.evaluate("menu => menu.scrollWidth <= menu.clientWidth")


def test_guidance_prints_its_text_and_nothing_of_the_portal_around_it(browse: Callable[[str, str], Page]) -> None:
    page = browse(VISITOR, "/demarches/s-inscrire-a-l-universite/")
    page.emulate_media(media="print")
    try:
        for gone in (".site-header", ".main-menu", ".bottom-nav", ".site-footer", ".feedback", ".toc", ".breadcrumbs"):
            assert page.locator(gone).evaluate_all("all => all.every(one => !one.checkVisibility())"), gone
        for kept in ("h1", ".steps__title", ".prose p", ".page-facts"):
            assert page.locator(kept).first.is_visible(), kept
    finally:
        page.emulate_media(media="screen")
