"""An editor publishes in the admin, and exactly the right readers see it a moment later, everywhere."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import TaskState, Workflow, WorkflowPage

from audience.models import Access, Audience, Kind
from news.models import NewsPage
from tests.editing import WRITERS, add_form, edit_form, editors_of, send
from tests.factories import NewsPageFactory, SectionPageFactory
from tests.reading import soup

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_bodies")]
TITLE = "Élections au conseil"


def places(news: Any) -> list[str]:
    return ["/", "/actualites/", "/actualites/rss/", "/actualites/atom/", "/recherche/?q=elections", news.get_url()]


def sees(browser: Client, news: Any) -> list[bool]:
    return [TITLE in browser.get(address).content.decode() for address in places(news)]


@pytest.fixture
def editor(sign_in: Any, news_index: Any) -> Client:
    """A browser of somebody who writes and publishes news, and is in no audience."""
    return sign_in(groups=(editors_of(news_index),))


@pytest.fixture
def writer(sign_in: Any, news_index: Any) -> Client:
    """A browser of somebody who writes news and does not publish them."""
    return sign_in(groups=(editors_of(news_index, rights=WRITERS),))


@pytest.fixture
def readers(client: Client, sign_in: Any, staff: Audience, students: Audience, news_index: Any) -> dict[str, Client]:
    """Readers who have each read every list before anything is published."""
    found = {"visitor": client, "student": sign_in([students]), "staff": sign_in([staff]), "unknown": sign_in()}
    for browser in found.values():
        for address in ("/", "/actualites/", "/actualites/rss/", "/actualites/atom/"):
            browser.get(address)
    return found


def test_what_is_reserved_is_seen_by_its_readers_and_nobody_else_everywhere(
    editor: Client, readers: dict[str, Client], news_index: Any, staff: Audience
) -> None:
    answer = send(
        editor,
        add_form(editor, news_index, NewsPage),
        title=TITLE,
        slug="elections",
        access="reserved",
        audiences=[staff],
        action="publish",
    )

    assert answer.status_code == 302
    news = NewsPage.objects.get(slug="elections")
    assert news.live
    assert sees(readers["staff"], news) == [True] * 6
    for name in ("visitor", "student", "unknown"):
        assert not any(sees(readers[name], news)), name


def test_what_is_recommended_comes_to_its_readers_and_is_open_to_all(
    editor: Client, readers: dict[str, Client], news_index: Any, staff: Audience
) -> None:
    send(
        editor,
        add_form(editor, news_index, NewsPage),
        title=TITLE,
        slug="elections",
        access="recommended",
        audiences=[staff],
        action="publish",
    )

    news = NewsPage.objects.get(slug="elections")
    assert sees(readers["staff"], news) == [True] * 6
    for name in ("visitor", "student", "unknown"):
        # Home leads to what is general or one's own; lists, search, feeds and the page are open.
        assert sees(readers[name], news) == [False] + [True] * 5, name


def test_tags_of_two_kinds_add_up(
    editor: Client, sign_in: Any, news_index: Any, staff: Audience, students: Audience
) -> None:
    history = Audience.objects.create(slug="histoire", name="Histoire", kind=Kind.PROGRAMME)
    both, one = sign_in([students, history]), sign_in([students])
    chosen = {"title": TITLE, "slug": "elections", "access": "reserved", "audiences": [students, history, staff]}
    send(editor, add_form(editor, news_index, NewsPage), **chosen, action="publish")

    news = NewsPage.objects.get(slug="elections")
    assert sees(both, news) == [True] * 6
    assert not any(sees(one, news))


def test_a_page_that_becomes_reserved_is_gone_at_once_for_the_others(
    editor: Client, readers: dict[str, Client], news_index: Any, staff: Audience
) -> None:
    news = NewsPageFactory(parent=news_index, title=TITLE)
    assert all(sees(readers["visitor"], news))

    send(editor, edit_form(editor, news), access="reserved", audiences=[staff], action="publish")

    assert not any(sees(readers["visitor"], news))
    assert all(sees(readers["staff"], news))


def test_the_form_reads_back_who_is_meant(editor: Client, sign_in: Any, news_index: Any, staff: Audience) -> None:
    sign_in([staff])
    news = NewsPageFactory(parent=news_index, title=TITLE, audiences=[staff], access=Access.RESERVED)

    page = soup(editor.get(reverse("wagtailadmin_pages:edit", args=[news.pk])))

    said = page.select_one("[data-audience-sentence]")
    assert said.get_text() == "Réservée à Personnels : 1 lecteur connu. Personne d’autre ne voit qu’elle existe."
    assert [box["value"] for box in page.select("input[name=audiences][checked]")] == [str(staff.pk)]


def test_a_draft_is_seen_by_nobody(
    editor: Client, readers: dict[str, Client], news_index: Any, staff: Audience
) -> None:
    form = add_form(editor, news_index, NewsPage)
    send(editor, form, title=TITLE, slug="elections", access="reserved", audiences=[staff])

    news = NewsPage.objects.get(slug="elections")
    assert not news.live
    assert not any(any(sees(browser, news)) for browser in readers.values())


def test_a_draft_of_other_audiences_changes_nothing_before_it_is_published(
    editor: Client, readers: dict[str, Client], news_index: Any, staff: Audience, students: Audience
) -> None:
    news = NewsPageFactory(parent=news_index, title=TITLE, audiences=[staff], access=Access.RESERVED)

    send(editor, edit_form(editor, news), audiences=[students])
    assert all(sees(readers["staff"], news))
    assert not any(sees(readers["student"], news))

    send(editor, edit_form(editor, news), action="publish")
    assert not any(sees(readers["staff"], news))
    assert all(sees(readers["student"], news))


def test_who_writes_without_publishing_asks_and_a_moderator_publishes(
    writer: Client, administrator: Client, readers: dict[str, Client], news_index: Any, staff: Audience
) -> None:
    if not WorkflowPage.objects.exists():
        WorkflowPage.objects.create(page=news_index, workflow=Workflow.objects.first())
    form = add_form(writer, news_index, NewsPage)
    send(writer, form, title=TITLE, slug="elections", access="reserved", audiences=[staff], action="submit")
    news = NewsPage.objects.get(slug="elections")
    assert not any(sees(readers["staff"], news))

    state = TaskState.objects.get()
    approve = reverse("wagtailadmin_pages:workflow_action", args=[news.pk, "approve", state.pk])
    administrator.post(approve, {"comment": ""})

    assert all(sees(readers["staff"], news))
    assert not any(sees(readers["student"], news))


def test_who_may_not_publish_cannot(writer: Client, readers: dict[str, Client], news_index: Any) -> None:
    send(writer, add_form(writer, news_index, NewsPage), title=TITLE, slug="elections", action="publish")

    assert not NewsPage.objects.filter(slug="elections", live=True).exists()


def test_what_is_scheduled_shows_at_its_hour_and_leaves_at_its_end(
    editor: Client, readers: dict[str, Client], news_index: Any
) -> None:
    now = timezone.localtime().replace(second=0, microsecond=0)
    starts, ends = now + timedelta(hours=2), now + timedelta(hours=4)
    written = {"go_live_at": f"{starts:%Y-%m-%d %H:%M}", "expire_at": f"{ends:%Y-%m-%d %H:%M}"}
    send(editor, add_form(editor, news_index, NewsPage), title=TITLE, slug="elections", **written, action="publish")
    news = NewsPage.objects.get(slug="elections")
    visitor = readers["visitor"]

    for hours, shown in ((0, False), (1.9, False), (2.1, True), (3.9, True)):
        with time_machine.travel(now + timedelta(hours=hours), tick=False):
            call_command("publish_scheduled", verbosity=0)
            assert sees(visitor, news) == [shown] * 6, hours
    with time_machine.travel(ends, tick=False):  # before the worker goes round
        assert sees(visitor, news) == [False] * 6


def test_a_preview_shows_the_draft_to_its_editor_alone(editor: Client, client: Client, news_index: Any) -> None:
    form = add_form(editor, news_index, NewsPage)
    preview = reverse("wagtailadmin_pages:preview_on_add", args=["news", "newspage", news_index.pk])
    sent = (preview, form[1])

    told = send(editor, sent, title=TITLE, slug="elections").json()
    shown = editor.get(preview)

    assert told["is_valid"]
    assert soup(shown).h1.get_text() == TITLE
    assert not NewsPage.objects.exists()
    assert TITLE not in client.get(preview, follow=False).content.decode()


def test_a_preview_of_a_page_reserved_for_others_shows_it(editor: Client, news_index: Any, staff: Audience) -> None:
    news = NewsPageFactory(parent=news_index, title=TITLE, audiences=[staff], access=Access.RESERVED)

    shown = editor.get(reverse("wagtailadmin_pages:view_draft", args=[news.pk]))

    assert soup(shown).h1.get_text() == TITLE


def test_an_editor_opens_a_page_not_meant_for_them_and_is_told(
    editor: Client, news_index: Any, staff: Audience
) -> None:
    news = NewsPageFactory(parent=news_index, title=TITLE, audiences=[staff], access=Access.RESERVED)

    page = editor.get(news.url)

    assert page.status_code == 200
    assert soup(page).select_one(".notices .alert-banner")
    assert TITLE not in editor.get("/actualites/").content.decode()


def test_an_editor_of_one_place_has_no_right_in_another(editor: Client, sections: Any, staff: Audience) -> None:
    elsewhere = SectionPageFactory(parent=sections, title="Cabinet", audiences=[staff], access=Access.RESERVED)

    assert editor.get(elsewhere.url).status_code == 404
    assert editor.get(reverse("wagtailadmin_pages:edit", args=[elsewhere.pk])).status_code == 302


def test_unpublishing_and_deleting_are_seen_at_once(
    editor: Client, readers: dict[str, Client], news_index: Any
) -> None:
    news = NewsPageFactory(parent=news_index, title=TITLE)
    editor.post(reverse("wagtailadmin_pages:unpublish", args=[news.pk]))
    assert not any(sees(readers["visitor"], news))

    send(editor, edit_form(editor, news), action="publish")
    assert all(sees(readers["visitor"], news))

    editor.post(reverse("wagtailadmin_pages:delete", args=[news.pk]))
    assert not any(TITLE in readers["visitor"].get(address).content.decode() for address in places(news)[:5])
