"""Ten journeys through the portal, their clicks and fields counted: a reader is there in three clicks.

Two are walked elsewhere, counted in the same way, with more to check: a room change for one year of one programme
(test_announcement.py) and an operator's emergency (test_alerts.py). Signing in is not counted: the provider asks for
it, once a day.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.admin import publish
from tests.browser.walk import Walk
from tests.servers.stack import Stack

PHONE = 390
LODGING = "/demarches/se-loger/"
MATHS = "/composantes-et-services/departement-mathematiques/"
WORDS = "Le catalogue ne répond pas, les prêts continuent."
NOTE = "TD d’algèbre : la feuille 10 est à préparer"
CLEAN = (
    f"from news.models import AnnouncementPage; [p.delete() for p in AnnouncementPage.objects.filter(title={NOTE!r})]"
)
Visit = Callable[..., Page]


def test_a_newcomer_finds_on_the_first_day_how_to_enrol_and_whom_to_ask(visit: Visit) -> None:
    walk = Walk(visit("/", persona="a7f3c1d9", width=PHONE))
    expect(walk.page.locator("main .empty-state").first).to_contain_text("publics")
    walk.search("s’inscrire")
    walk.click(walk.page.get_by_role("link", name="S’inscrire à l’université").first)
    walk.heading("S’inscrire à l’université")
    assert walk.page.locator(".contact-card").count()
    walk.read(clicks=2, fields=1)


def test_a_student_with_a_disability_finds_how_exams_are_arranged(visit: Visit) -> None:
    walk = Walk(visit("/", persona="ines.marchetti", width=PHONE))
    walk.search("handicap examen")
    first = walk.page.locator(".search-result__title a")
    expect(first.first).to_be_visible()
    titles = [one for one in first.all_inner_texts()[:5] if re.search("aménag|handicap", one, re.IGNORECASE)]
    assert titles, first.all_inner_texts()
    walk.click(walk.page.locator(".search-result__title a", has_text=titles[0]).first)
    walk.read(clicks=2, fields=1)


def test_a_lecturer_s_note_reaches_one_group_and_no_other(visit: Visit, stack: Stack) -> None:
    lecturer = Walk(visit("/", persona="antoine.delestre", width=PHONE))
    lecturer.click(lecturer.page.locator(f"main a[href='{MATHS}']").first)
    lecturer.click(lecturer.page.locator("main a[href*='?list=']"))
    lecturer.fill(lecturer.page.locator("#id_title"), NOTE)
    lecturer.fill(lecturer.page.locator("#id_text"), "Exercices 1 à 4 pour jeudi. La salle ne change pas.")
    lecturer.choose(lecturer.page.locator("#id_audience"), "TD 3")
    lecturer.click(lecturer.page.locator("main form:has(#id_title) button.button"))
    try:
        lecturer.heading(NOTE)
        lecturer.announced(clicks=3, fields=3)
        address = lecturer.page.url
        inside, beside = visit("/", persona="ines.marchetti", width=PHONE), visit("/", persona="noe.garrigue")
        expect(inside.locator(".announcement-card__title", has_text=NOTE)).to_be_visible()
        assert NOTE not in beside.content()
        assert [page.request.get(address).status for page in (inside, beside)] == [200, 404]
    finally:
        stack.shell(CLEAN)


def test_an_outage_of_the_library_is_said_in_three_clicks_by_its_operator_and_seen_in_one(visit: Visit) -> None:
    officer = Walk(visit("/services/", persona="camille.stavrou", width=PHONE))
    officer.click(officer.page.locator(".service-card", has_text="Catalogue de la BU").locator("a").last)
    officer.click(officer.page.locator(".reading__main > p > a.more-link").first)
    form = officer.page.url
    officer.check(officer.page.locator("input[name=level][value=down]"))
    officer.fill(officer.page.locator("textarea[name=message]"), WORDS)
    officer.click(officer.page.locator("main form button"))
    try:
        officer.announced(clicks=3, fields=2)
        reader = Walk(visit("/services/", width=PHONE))
        reader.click(reader.page.locator(".service-card__title a", has_text="Catalogue de la BU").first)
        expect(reader.page.locator(".callout[data-state=down]")).to_contain_text(WORDS)
        reader.read(clicks=1)
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
    walk.read(clicks=1)


def test_an_applicant_who_is_not_signed_in_reaches_the_service_to_apply(visit: Visit) -> None:
    walk = Walk(visit("/", width=PHONE))
    walk.click(walk.page.locator(".bottom-nav__link[href='/services/']"))
    apply = walk.page.locator(".service-card", has_text="eCandidat").first
    walk.click(apply.locator("a").last)
    walk.heading("eCandidat")
    assert walk.page.locator(".contact-card").count() or walk.page.locator("main a.button").count()
    walk.read(clicks=2)


def test_a_graduate_finds_how_to_fetch_the_diploma(visit: Visit) -> None:
    walk = Walk(visit("/", persona="ophelie.lambert", width=PHONE))
    walk.search("diplôme")
    walk.click(walk.page.locator(".search-result", has_text="Retirer son diplôme").locator("a").last)
    walk.heading("Retirer son diplôme")
    walk.read(clicks=2, fields=1)


def test_an_editor_corrects_a_title_from_the_page_itself(visit: Visit) -> None:
    walk = Walk(visit(LODGING, persona="mathilde.roche"))
    walk.click(walk.page.locator(".site-header details.menu:not(.language-menu) summary"))
    walk.click(walk.page.get_by_role("link", name="Modifier cette page"))
    walk.fill(walk.page.get_by_role("textbox", name="Titre").first, "Se loger à Valmont")
    publish(walk.page)  # opens the menu of the foot, and publishes
    walk.page.goto(LODGING)
    expect(walk.page.locator("h1")).to_have_text("Se loger à Valmont")
    assert (walk.clicks + 2, walk.fields) == (4, 1)
