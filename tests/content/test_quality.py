"""What could be better in a page: said to those who may edit it, never in the way of publishing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from audience.models import Audience
from content.models import PageFlaw, PortalImage, StandardPage, Topic
from content.quality import LONGEST_SENTENCE, Flaw, findings, now, says_nothing
from tests.content.everything import picture, plant
from tests.editing import add_form, editors_of, send
from tests.factories import NewsIndexPageFactory, NewsPageFactory, SectionPageFactory, StandardPageFactory, UnitFactory
from tests.reading import soup

pytestmark = pytest.mark.django_db
LONG = "Un mot " * LONGEST_SENTENCE


def flaws(page: Any) -> set[str]:
    return {one.flaw.value for one in now(findings(page))}


def text(html: str) -> dict[str, Any]:
    return {"type": "text", "value": html}


def good(home: Any, students: Audience, *body: dict[str, Any], **more: Any) -> Any:
    """Return a page in which nothing could be better, but for what is said of it."""
    said = {"summary": "En bref.", "unit": UnitFactory(), "audiences": [students], "body": list(body), **more}
    return StandardPageFactory(parent=home, **said)


def test_a_page_in_order_has_nothing_to_mend(home: Any, students: Audience) -> None:
    link = '<a href="https://cvec.example/">payer la CVEC</a>, <a href="#dates">voir les dates</a>'
    body = [
        text(f"<p>Vous devez {link}.</p>"),
        {"type": "heading", "value": {"text": "Dates"}},
        {"type": "heading", "value": {"text": "En juin", "level": "3"}},
        {"type": "image", "value": {"image": picture(alternative="Le campus").pk}},
    ]

    assert flaws(good(home, students, *body, image=picture(is_decorative=True), review_on=date(2999, 1, 1))) == set()


@pytest.mark.parametrize(
    ("more", "flaw"),
    [
        ({"summary": ""}, Flaw.SUMMARY),
        ({"unit": None}, Flaw.UNIT),
        ({"audiences": []}, Flaw.UNTAGGED),
        ({"review_on": date(2020, 1, 1)}, Flaw.REVIEW),
        ({"body": [{"type": "heading", "value": {"text": "Trop bas", "level": "3"}}]}, Flaw.HEADING),
        ({"body": [text(f"<p>{LONG}.</p>")]}, Flaw.SENTENCE),
        ({"body": [text('<p><a href="/aide/">Cliquez ici</a></p>')]}, Flaw.LINK),
        ({"body": [text('<p><a href="https://a.example/x">https://a.example/x</a></p>')]}, Flaw.LINK),
        ({"body": [{"type": "callout", "value": {"text": '<p><a href="/aide/">ici</a></p>'}}]}, Flaw.LINK),
        ({"body": [{"type": "steps", "value": {"items": [{"title": "Un", "label": "en savoir plus"}]}}]}, Flaw.LINK),
        ({"body": [text('<p><a href="#nulle-part">voir plus bas</a></p>')]}, Flaw.ANCHOR),
    ],
)
def test_each_flaw_is_found_alone(home: Any, students: Audience, more: dict[str, Any], flaw: Flaw) -> None:
    assert flaws(good(home, students, **more)) == {flaw.value}


def test_images_that_nobody_described_are_found_in_every_place(home: Any, students: Audience) -> None:
    bare = {"image": picture("Sans légende").pk}
    body = [
        {"type": "image", "value": bare},
        {"type": "gallery", "value": {"items": [bare, {**bare, "decorative": True}]}},
    ]

    page = good(home, students, *body, image=picture())

    assert [(one.flaw, one.quote) for one in findings(page)] == [
        (Flaw.ALTERNATIVE, "Le campus"),
        (Flaw.ALTERNATIVE, "Sans légende"),
        (Flaw.ALTERNATIVE, "Sans légende"),
    ]


def test_a_topic_is_a_tag_too(home: Any, students: Audience) -> None:
    page = good(home, students, audiences=[])
    page.topics = [Topic.objects.create(slug="vie", name="Vie étudiante")]
    page.save()

    assert flaws(page) == set()


def test_cells_of_tables_are_read(home: Any, students: Audience) -> None:
    table = {"columns": [{"type": "prose", "heading": "Où"}], "rows": [{"values": ['<p><a href="/a/">ici</a></p>']}]}

    assert flaws(good(home, students, {"type": "table", "value": {"caption": "C", "table": table}})) == {"link"}


@pytest.mark.parametrize(
    ("words", "nothing"),
    [("ici", True), ("Cliquez ici !", True), ("« En savoir plus » →", True), ("Plus d’infos", True),
     ("click here", True), ("www.a.example", True), ("le règlement des études", False), ("Ici, les dates", False),
     ("aide@a.example", False)],
)  # fmt: skip
def test_words_of_a_link_say_something_or_nothing(words: str, nothing: bool) -> None:
    assert says_nothing(words) is nothing


def test_none_of_it_keeps_a_page_from_being_published(administrator: Client, home: Any) -> None:
    send(administrator, add_form(administrator, home, StandardPage), title="Vide", slug="vide", action="publish")

    page = StandardPage.objects.get(slug="vide")
    assert page.live
    assert flaws(page) == {"summary", "unit", "untagged"}


# In the editor


def test_the_editor_reads_what_could_be_better(administrator: Client, home: Any, students: Audience) -> None:
    page = good(home, students, summary="", body=[text("<p><a href='/a/'>ici</a></p>".replace("'", '"'))])

    form = soup(administrator.get(reverse("wagtailadmin_pages:edit", args=[page.pk])))

    place = form.select_one("[data-quality]")
    assert [one["data-flaw"] for one in place.select("li")] == ["summary", "link"]
    assert place.select_one("q").get_text() == "ici"
    again = administrator.get(place["data-quality"])
    assert [one["data-flaw"] for one in soup(again).select("li")] == ["summary", "link"]


def test_a_page_not_yet_saved_and_a_list_are_not_judged(administrator: Client, home: Any, news_index: Any) -> None:
    adding = reverse("wagtailadmin_pages:add", args=["content", "standardpage", home.pk])

    for address in (adding, reverse("wagtailadmin_pages:edit", args=[news_index.pk])):
        assert not soup(administrator.get(address)).select("[data-quality]")
    assert not PageFlaw.objects.filter(page=news_index.pk).exists()


def test_what_could_be_better_in_the_last_draft_is_what_is_said(
    administrator: Client, home: Any, students: Any
) -> None:
    page = good(home, students)
    page.summary = ""
    page.save_revision()

    said = soup(administrator.get(reverse("page_quality", args=[page.pk])))

    assert [one["data-flaw"] for one in said.select("li")] == ["summary"]
    assert not PageFlaw.objects.filter(page=page.pk).exists()


def test_nobody_asks_about_a_page_that_they_may_not_edit(
    client: Client, sign_in: Any, home: Any, sections: Any
) -> None:
    mine, others = (SectionPageFactory(parent=sections) for _ in range(2))
    editor = sign_in(groups=(editors_of(mine),))

    assert editor.get(reverse("page_quality", args=[mine.pk])).status_code == 200
    assert editor.get(reverse("page_quality", args=[others.pk])).status_code in {302, 403}
    assert editor.get(reverse("page_quality", args=[999_999])).status_code == 404
    for browser in (client, sign_in()):
        assert browser.get(reverse("page_quality", args=[mine.pk])).status_code in {302, 403}


# The report


def report(browser: Client, **asked: str) -> list[str]:
    page = soup(browser.get(reverse("quality_report"), asked))
    return [link.get_text(strip=True) for link in page.select("table.listing td.title a")]


def test_the_report_is_of_the_pages_that_one_may_edit(sign_in: Any, home: Any, sections: Any, students: Any) -> None:
    mine, others = (
        SectionPageFactory(parent=sections, title="À moi"),
        SectionPageFactory(parent=sections, title="À eux"),
    )
    for section, title in ((mine, "Ma page"), (others, "Leur page")):
        StandardPageFactory(parent=section, title=title)
    good(mine, students, title="Sans défaut")
    StandardPageFactory(parent=mine, title="Brouillon", live=False)

    editor = sign_in(groups=(editors_of(mine),))

    assert set(report(editor)) == {"À moi", "Ma page"}
    assert "Leur page" not in editor.get(reverse("quality_report"), {"export": "csv"}).getvalue().decode()
    assert editor.get(reverse("wagtailadmin_home")).content.decode().count(reverse("quality_report")) > 0


def test_the_report_is_filtered_by_flaw(administrator: Client, home: Any, students: Audience) -> None:
    good(home, students, title="Sans structure", unit=None)
    good(home, students, title="Sans résumé", summary="")

    assert report(administrator, flaw="unit") == ["Sans structure"]
    assert set(report(administrator)) == {"Sans structure", "Sans résumé"}


def test_a_review_date_passes_by_itself(administrator: Client, home: Any, students: Audience) -> None:
    with time_machine.travel("2026-05-01 12:00+02:00", tick=False):
        good(home, students, title="À relire", review_on=date(2026, 5, 10))
        assert report(administrator) == []
    with time_machine.travel("2026-05-10 12:00+02:00", tick=False):
        assert report(administrator) == []
    with time_machine.travel("2026-05-11 12:00+02:00", tick=False):
        assert report(administrator, flaw="review") == ["À relire"]


def test_the_report_forgets_what_was_mended(administrator: Client, home: Any, students: Audience) -> None:
    page = good(home, students, title="Page", summary="")
    assert report(administrator) == ["Page"]

    page.summary = "En bref."
    page.save()
    assert report(administrator) == []
    page.summary = ""
    page.save()
    page.delete()
    assert PageFlaw.objects.count() == 0


def test_an_image_described_at_last_is_so_on_its_pages(home: Any, students: Audience) -> None:
    image = picture()
    page = good(home, students, {"type": "image", "value": {"image": image.pk}})
    assert PageFlaw.objects.filter(page=page.pk, flaw="alternative").exists()

    described = PortalImage.objects.get(pk=image.pk)
    described.alternative = "Le campus"
    described.save()

    assert not PageFlaw.objects.filter(page=page.pk).exists()


def test_every_page_is_judged_again_on_demand(home: Any, capsys: Any) -> None:
    StandardPageFactory(parent=home)
    PageFlaw.objects.all().delete()

    call_command("check_quality")

    assert PageFlaw.objects.exists()
    assert " 1 with something that could be better" in capsys.readouterr().out


def test_thirty_flawed_pages_cost_the_report_no_more_queries_than_one(
    administrator: Client, home: Any, count_queries: Any
) -> None:
    index = NewsIndexPageFactory(parent=home)
    NewsPageFactory(parent=index)
    administrator.get(reverse("quality_report"))
    one = count_queries(administrator.get, reverse("quality_report"))
    NewsPageFactory.create_batch(29, parent=index)

    assert count_queries(administrator.get, reverse("quality_report")) == one


def test_the_page_of_all_blocks_is_judged_without_harm(home: Any) -> None:
    assert flaws(plant(home)) == {"summary", "unit", "untagged"}


# Wagtail's own checks, in the preview


def test_a_preview_has_wagtails_checks_and_a_page_has_not(administrator: Client, home: Any, students: Audience) -> None:
    page = good(home, students)
    page.save_revision()

    preview = administrator.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk])).content.decode()

    assert "checker-axe-configuration" in preview
    assert '"include": ["main"]' in preview
    assert "empty-meta-description" not in preview.partition('"messages"')[0]
    assert "wagtail-userbar" not in administrator.get(page.url).content.decode()
