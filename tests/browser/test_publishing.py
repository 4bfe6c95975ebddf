"""An editor publishes; exactly the right readers see it a moment later, everywhere."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from tests.browser.admin import publish

TITLE = "Séminaire des gestionnaires en Argonne"
PLACES = ["/", "/actualites/", "/actualites/rss/", "/actualites/atom/", "/recherche/?q=argonne", "/sitemap.xml"]
RESERVED_FOR_DRH = f"""
from news.models import NewsIndexPage, NewsPage
from audience.models import Access, Audience
index = NewsIndexPage.objects.get(slug="actualites")
page = NewsPage(title={TITLE!r}, slug="seminaire-argonne", access=Access.RESERVED)
page.audiences = [Audience.objects.get(slug="drh")]
index.add_child(instance=page)
page.save_revision().publish()
"""


def seen(page, path: str, words: str) -> bool:
    return words in page.request.get(path).text()


def everywhere(page, words: str, *, but: tuple[str, ...] = ("/sitemap.xml",)) -> dict[str, bool]:
    return {path: seen(page, path, words) for path in PLACES if path not in but}


@pytest.fixture
def reserved_news(stack):
    stack.shell(RESERVED_FOR_DRH)
    yield "/actualites/seminaire-argonne/"
    stack.shell("from wagtail.models import Page; [p.delete() for p in Page.objects.filter(slug='seminaire-argonne')]")


def test_news_reserved_for_one_unit_reaches_its_staff_and_nobody_else(visit, reserved_news, stack):
    staff = visit("/", persona="sylvie.combes")
    others = [visit("/", persona=name) for name in ("ines.marchetti", "antoine.delestre", "")]

    assert all(everywhere(staff, TITLE).values()), everywhere(staff, TITLE)
    assert staff.request.get(reserved_news).status == 200
    for page in [*others, staff]:
        assert not seen(page, "/sitemap.xml", "seminaire-argonne")
    for page in others:
        assert not any(everywhere(page, TITLE).values()), everywhere(page, TITLE)
        assert page.request.get(reserved_news).status == 404

    stack.shell("from news.models import NewsPage; NewsPage.objects.get(slug='seminaire-argonne').unpublish()")
    assert not any(everywhere(staff, TITLE).values())
    assert staff.request.get(reserved_news).status == 404


STEPS = {
    "reserve": "from audience.models import Audience;"
    "p=SectionPage.objects.get(slug='ufr-lettres', locale__language_code='fr');"
    "p.access='reserved'; p.audiences=[Audience.objects.get(slug='drh')]; p.save_revision().publish()",
    "open": "p=SectionPage.objects.get(slug='ufr-lettres', locale__language_code='fr');"
    "p.access='recommended'; p.audiences=[]; p.save_revision().publish()",
}


def test_reserving_a_section_hides_all_below_it_at_once(visit, stack):
    imports = "from sections.models import SectionPage; "
    visitor = visit("/composantes-et-services/ufr-lettres/")
    below = json.loads(
        stack.shell(
            imports + "import json; from wagtail.models import Page;"
            "p=SectionPage.objects.get(slug='ufr-lettres', locale__language_code='fr');"
            "print(json.dumps([q.url for q in p.get_descendants().live()]))"
        ).splitlines()[-1]
    )
    below = [url for url in below if visitor.request.get(url).status == 200]  # some are reserved by themselves
    assert len(below) > 2
    assert all(visitor.request.get(url).status == 200 for url in below)
    try:
        stack.shell(imports + STEPS["reserve"])
        assert all(visitor.request.get(url).status == 404 for url in below)
        assert not seen(visitor, "/composantes-et-services/", "ufr-lettres")
    finally:
        stack.shell(imports + STEPS["open"])
    assert all(visitor.request.get(url).status == 200 for url in below)


def test_an_editor_publishes_news_with_an_audience_in_the_admin(visit, stack):
    editor = visit("/admin/", persona="mathilde.roche")
    index = stack.shell("from news.models import NewsIndexPage; print(NewsIndexPage.objects.get(slug='actualites').pk)")
    editor.goto(f"/admin/pages/add/news/newspage/{index.split()[-1]}/")
    editor.get_by_role("textbox", name="Titre").first.fill("Le restaurant change ses horaires")
    editor.get_by_role("tab", name="Paramètres").click()
    editor.get_by_role("radio", name="Réservée à ces lecteurs").check()
    editor.get_by_role("checkbox", name="Licence 1", exact=True).check()
    expect(editor.locator("[data-audience-sentence]")).to_contain_text("Licence 1")
    expect(editor.locator("[data-audience-sentence]")).to_contain_text("lecteurs connus")
    publish(editor)

    student = visit("/actualites/", persona="ines.marchetti")
    lecturer = visit("/actualites/", persona="antoine.delestre")
    expect(student.locator("main")).to_contain_text("Le restaurant change ses horaires")
    expect(lecturer.locator("main")).not_to_contain_text("Le restaurant change ses horaires")
