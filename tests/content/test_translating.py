"""The editor's way to a translation, in the admin; and what is still to be translated."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupApprovalTask, GroupPagePermission, Locale, Page, Workflow, WorkflowPage, WorkflowTask

from audience.models import Access, Audience
from content.models import StandardPage
from search.models import Entry
from tests.editing import edit_form, editors_of, open_language, send
from tests.factories import NewsPageFactory, StandardPageFactory
from tests.reading import soup

pytestmark = pytest.mark.django_db


@pytest.fixture
def spanish(home: Page, english_home: Page) -> Locale:
    open_language("es")
    return Locale.objects.get(language_code="es")


def translate(editor: Client, page: Page, locale: Locale) -> Page:
    """Ask for a translation as the form does; return it."""
    address = reverse("simple_translation:submit_page_translation", args=[page.pk])
    answer = editor.post(address, {"locales": [locale.pk]})
    translated: Page = page.get_translation(locale)
    assert answer["Location"] == reverse("wagtailadmin_pages:edit", args=[translated.pk])
    return translated


def test_a_page_is_translated_published_and_linked_both_ways(
    client: Client, administrator: Client, home: Page, spanish: Locale, staff: Audience
) -> None:
    page = StandardPageFactory(parent=home, title="Aide", slug="aide", audiences=[staff])
    buttons = administrator.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert reverse("simple_translation:submit_page_translation", args=[page.pk]) in buttons

    draft = translate(administrator, page, spanish)
    assert not draft.live
    assert "Aide" in {entry.title for entry in Entry.objects.listed_in("es")}  # still offered, in French
    send(administrator, edit_form(administrator, draft), title="Ayuda", slug="ayuda", action="publish")

    translated = StandardPage.objects.get(pk=draft.pk)
    assert list(translated.audiences.all()) == [staff]
    assert soup(client.get("/aide/")).select_one('.language-menu [hreflang="es"]')["href"] == "/es/ayuda/"
    assert soup(client.get("/es/ayuda/")).select_one('.language-menu [hreflang="fr"]')["href"] == "/aide/"
    assert "Aide" not in {entry.title for entry in Entry.objects.listed_in("es")}


def test_who_writes_a_page_writes_its_translation_and_it_is_reviewed_alike(
    sign_in: Any, home: Page, spanish: Locale
) -> None:
    page = StandardPageFactory(parent=home, title="Aide")
    group = editors_of(page)
    group.permissions.add(Permission.objects.get(codename="submit_translation"))
    task = GroupApprovalTask.objects.create(name="Relecture")
    workflow = Workflow.objects.create(name="Relecture")
    WorkflowTask.objects.create(workflow=workflow, task=task)
    WorkflowPage.objects.create(workflow=workflow, page=page)
    editor = sign_in([], groups=(group,))

    translated = translate(editor, page, spanish)

    assert editor.get(reverse("wagtailadmin_pages:edit", args=[translated.pk])).status_code == 200
    assert translated.get_workflow() == workflow
    assert GroupPagePermission.objects.filter(page=translated, group=group).count() == 3


def test_nobody_else_may_write_it(sign_in: Any, administrator: Client, home: Page, spanish: Locale) -> None:
    other = sign_in([], groups=(editors_of(StandardPageFactory(parent=home)),))
    translated = translate(administrator, StandardPageFactory(parent=home), spanish)

    assert other.get(reverse("wagtailadmin_pages:edit", args=[translated.pk])).status_code == 302


def test_a_translation_asked_for_changes_nothing_for_readers(
    client: Client, administrator: Client, home: Page, spanish: Locale, staff: Audience
) -> None:
    page = StandardPageFactory(parent=home, slug="conseil", audiences=[staff], access=Access.RESERVED)
    translate(administrator, page, spanish)

    assert client.get("/conseil/").status_code == client.get("/es/conseil/").status_code == 404


# What is still to be translated


def reported(editor: Client, **query: Any) -> list[str]:
    page = soup(editor.get(reverse("pages_to_translate"), query))
    return [link.get_text(strip=True) for link in page.select(".title-wrapper a, td.title a[href$='/edit/']")]


def test_the_report_lists_what_the_editor_may_translate_and_some_language_lacks(
    administrator: Client, sign_in: Any, home: Page, news_index: Page, spanish: Locale
) -> None:
    aide = StandardPageFactory(parent=home, title="Aide")
    news = NewsPageFactory(parent=news_index, title="Fermeture")
    StandardPageFactory(parent=home, title="Brouillon", live=False)
    for locale in (spanish, Locale.objects.get(language_code="en")):
        news_index.copy_for_translation(locale)
        news.copy_for_translation(locale)
    english = Locale.objects.get(language_code="en")
    aide.copy_for_translation(english)

    assert "Aide" in reported(administrator)
    assert not {"Fermeture", "Brouillon", "Accueil"} & set(reported(administrator))
    assert "Aide" in reported(administrator, language=spanish.pk)
    assert "Aide" not in reported(administrator, language=english.pk)
    assert reported(sign_in([], groups=(editors_of(news_index),))) == []
