"""The editors' guide where they write."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.apps import apps
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale

from content import guide
from content.changes import PortalChange, Reach
from tests.factories import NewsPageFactory, StandardPageFactory
from tests.reading import soup

pytestmark = pytest.mark.django_db


def test_the_guide_is_the_document_word_for_word() -> None:
    source = Path(guide.SOURCE).read_text(encoding="utf-8")
    parts = guide.parts()

    assert [part.title for part in parts] == [line[3:] for line in source.splitlines() if line.startswith("## ")]
    shown = "".join(BeautifulSoup(part.html, "html.parser").get_text() for part in parts)
    assert not {"**", "`", "](", "|---"} & {mark for mark in ("**", "`", "](", "|---") if mark in shown}
    for word in ("Historique", "réservée", "redirection"):
        assert (word in source) == (word in shown)


def test_each_type_of_page_sends_to_a_part_that_is_there() -> None:
    there = {part.slug for part in guide.parts()}
    models = {model._meta.model_name for model in apps.get_models()}

    assert {*guide.PARTS.values(), guide.EVERY_PAGE, guide.AUDIENCES, guide.TRANSLATING} <= there
    assert set(guide.PARTS) <= models


def test_what_the_guide_is_written_with_is_shown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    written = tmp_path / "guide.md"
    written.write_text(
        "# Titre\n\n## Un & deux\n\nUn **mot**, *un autre*, `du code`, [un lien](x.md), <b>rien</b>.\n\n"
        "- un\n  deux\n- trois\n\n1. quatre\n\n> dit\n\n| A | B |\n|---|---|\n| c | d |\n\n### Plus bas\n\nFin.\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(guide, "SOURCE", written)
    [part] = guide.parts()
    html = BeautifulSoup(part.html, "html.parser")

    assert (part.slug, part.title) == ("un-deux", "Un & deux")
    assert [html.b.get_text(), html.i.get_text(), html.code.get_text()] == ["mot", "un autre", "du code"]
    assert "un lien, <b>rien</b>." in html.p.get_text()
    assert [item.get_text() for item in html.select("ul li, ol li")] == ["un deux", "trois", "quatre"]
    assert html.blockquote.get_text() == "dit"
    assert [cell.get_text() for cell in html.select("th, td")] == ["A", "B", "c", "d"]
    assert html.h2.get_text() == "Plus bas"


def test_without_its_file_there_is_no_guide_and_nothing_else_fails(
    administrator: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(guide, "SOURCE", tmp_path / "absent.md")

    assert administrator.get(reverse("guide")).status_code == 404
    assert administrator.get("/admin/").status_code == 200


def test_a_page_leads_to_the_part_that_speaks_of_it(administrator: Client, home: Any, news_index: Any) -> None:
    def offered(page: Any) -> str:
        return administrator.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()

    assert reverse("guide_part", args=["actualites"]) in offered(NewsPageFactory(parent=news_index))
    assert reverse("guide_part", args=[guide.EVERY_PAGE]) in offered(StandardPageFactory(parent=home))
    assert reverse("guide_part", args=[guide.AUDIENCES]) in offered(StandardPageFactory(parent=home))


def test_the_screens_of_the_guide_answer_editors_and_nobody_else(
    administrator: Client, client: Client, sign_in: Any, home: Any
) -> None:
    for part in guide.parts():
        page = soup(administrator.get(reverse("guide_part", args=[part.slug])))
        assert page.h1.get_text() == part.title
        assert page.article["lang"] == "fr"
    assert administrator.get(reverse("guide_part", args=["nulle-part"])).status_code == 404
    assert client.get(reverse("guide")).status_code == 302
    assert sign_in([]).get(reverse("guide")).status_code in {302, 403}


def test_the_admins_home_leads_to_the_guide_and_says_what_is_new(administrator: Client, home: Any) -> None:
    french = Locale.objects.get(language_code="fr")
    PortalChange.objects.create(title="Un gabarit de plus", reach=Reach.EDITORS, locale=french)

    page = administrator.get("/admin/").content.decode()
    assert reverse("guide_part", args=[guide.TRANSLATING]) in page
    assert "Un gabarit de plus" in page
