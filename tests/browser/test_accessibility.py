"""axe finds nothing to mend (WCAG 2.2 AA), in light and in dark."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
PUBLIC = [
    "/",
    "/en/",
    "/actualites/",
    "/agenda/",
    "/agenda/?past=1",
    "/services/",
    "/demarches/",
    "/composantes-et-services/",
    "/composantes-et-services/ufr-sciences/",
    "/demarches/s-inscrire-a-l-universite/",
    "/services/arche/",
    "/aide/",
    "/recherche/?q=inscription",
    "/recherche/?q=zzzzz",
    "/nulle-part/",
    "/es/",
    "/es/servicios/",
    "/es/servicios/arche-cursos-en-linea/",
    "/es/noticias/",
    "/es/mapa/",
    "/es/contacto/",
    "/mentions-legales/",
    "/cookies/",
    "/accessibilite/",
    "/nouveautes-du-portail/",
]
SIGNED_IN = ["/", "/compte/", "/voir-comme/", "/actualites/calendrier-des-examens/"]


def violations(page) -> list[str]:
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PUBLIC)
def test_axe_finds_nothing_on_public_pages(visit, path, scheme):
    assert violations(visit(path, scheme=scheme, width=390)) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_pages_of_a_student(visit, scheme):
    page = visit("/", persona="ines.marchetti", scheme=scheme)
    found = {}
    for path in SIGNED_IN:
        page.goto(path)
        if broken := violations(page):
            found[path] = broken
    assert found == {}


def test_axe_finds_nothing_on_an_event_and_on_a_refusal(visit):
    page = visit("/agenda/")
    page.locator("main a[href^='/agenda/']").first.click()
    assert violations(page) == []
    refused = visit("/admin/", persona="ines.marchetti")
    assert violations(refused) == []


NARROW = [
    "/",
    "/services/",
    "/recherche/?q=inscription",
    "/demarches/s-inscrire-a-l-universite/",
    "/es/",
    "/es/mapa/",
    "/es/contacto/",
    "/cookies/",
    "/accessibilite/",
]


@pytest.mark.parametrize("path", NARROW)
def test_nothing_runs_over_the_side_at_360_pixels(visit, path):
    page = visit(path, width=360)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("persona", ["sylvie.combes", "louise.karadec"])
def test_nothing_of_a_reader_runs_over_the_side_at_360_pixels(visit, persona):
    page = visit("/", persona=persona, width=360)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360

    page.goto("/compte/")
    tables = page.locator("table:not(:has(thead))")
    assert tables.evaluate_all("all => all.filter(one => one.scrollWidth > one.parentElement.clientWidth).length") == 0


def test_the_menu_of_a_section_is_whole_on_a_wide_screen(visit):
    menu = visit("/composantes-et-services/ufr-sciences/", width=1440).locator(".section-menu__list").first
    assert menu.evaluate("menu => menu.scrollWidth <= menu.clientWidth")
