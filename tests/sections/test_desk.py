"""The admin's home begins an editor's day: with their own, and nothing of another's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from news.models import AnnouncementPage, NewsIndexPage, NewsPage
from tests.editing import PUBLISHERS, WRITERS, add_form, editors_of, send
from tests.factories import (
    AgendaPageFactory,
    AnnouncementPageFactory,
    NewsIndexPageFactory,
    ReaderFactory,
    SectionPageFactory,
)
from tests.reading import soup
from tests.sections.faculty import Faculty

pytestmark = pytest.mark.django_db

HOME = "/admin/"


def browser_of(*groups: Any, **user: Any) -> Client:
    reader = ReaderFactory(**user)
    reader.groups.set(groups)
    browser = Client()
    browser.force_login(reader)
    return browser


def desk(browser: Client, part: str) -> list[str]:
    """Return the titles in one list of the desk."""
    return [line.get_text(strip=True) for line in soup(browser.get(HOME)).select(f"#desk-{part} a")]


def buttons(browser: Client) -> dict[str, list[str]]:
    """Return what may be written, and the addresses at which it is."""
    found = soup(browser.get(HOME)).select(".desk__write > a, .desk__write > details")
    return {
        (one.summary or one).get_text(strip=True): [str(a["href"]) for a in ([one] if one.name == "a" else one("a"))]
        for one in found
    }


@pytest.fixture
def letters(sections: Any) -> Any:
    """Another section, with its list of news."""
    section = SectionPageFactory(parent=sections, title="Lettres", slug="lettres")
    NewsIndexPageFactory(parent=section, title="Actualités", slug="actualites-lettres")
    return section


def index_of(section: Page) -> NewsIndexPage:
    found: NewsIndexPage = NewsIndexPage.objects.descendant_of(section).get()
    return found


def write(browser: Client, index: Page, title: str, **said: Any) -> NewsPage:
    answer = send(
        browser, add_form(browser, index, NewsPage), title=title, slug=title.lower().replace(" ", "-"), **said
    )
    assert answer.status_code == 302
    page: NewsPage = NewsPage.objects.get(draft_title=title)
    return page


def test_a_writer_finds_their_drafts_and_a_writer_of_another_section_does_not(faculty: Faculty, letters: Any) -> None:
    group = editors_of(faculty.section, rights=WRITERS)
    mine, colleague, other = browser_of(group), browser_of(group), browser_of(editors_of(letters, rights=WRITERS))
    write(mine, faculty.index, "Brouillon des sciences")

    assert desk(mine, "drafts") == ["Brouillon des sciences"]
    for browser in (colleague, other):
        assert desk(browser, "drafts") == []
    assert "Brouillon des sciences" not in other.get(HOME).content.decode()


def test_what_one_may_no_longer_change_leaves_the_desk(faculty: Faculty) -> None:
    group = editors_of(faculty.section)
    editor = browser_of(group)
    write(editor, faculty.index, "Une actualité", action="publish")
    write(editor, faculty.index, "Un brouillon")
    assert (desk(editor, "published"), desk(editor, "drafts")) == (["Une actualité"], ["Un brouillon"])

    group.page_permissions.all().delete()

    assert not {"Une actualité", "Un brouillon"} & set(desk(editor, "published") + desk(editor, "drafts"))
    assert buttons(editor) == {}


def test_who_approves_finds_what_waits_and_nobody_else_does(
    faculty: Faculty, letters: Any, proofreaders: Callable[[], Client]
) -> None:
    writer, approver = browser_of(editors_of(faculty.section, rights=WRITERS), first_name="Karim"), proofreaders()
    page = write(writer, faculty.index, "Le budget du laboratoire", action="submit")
    other = browser_of(editors_of(letters, rights=PUBLISHERS))

    assert desk(approver, "to-review") == ["Le budget du laboratoire"]
    assert desk(writer, "to-review") == desk(other, "to-review") == []
    assert desk(writer, "drafts") == ["Le budget du laboratoire"]
    assert "Le budget du laboratoire" not in other.get(HOME).content.decode()

    page.current_workflow_task_state.approve(user=None)
    assert desk(approver, "to-review") == []


def test_announcements_that_end_within_a_week_are_told_to_those_who_may_change_them(
    faculty: Faculty, letters: Any
) -> None:
    soon = timezone.now() + timedelta(days=3)
    AnnouncementPageFactory(parent=faculty.index, title="Finit bientôt", expire_at=soon)
    AnnouncementPageFactory(parent=faculty.index, title="Finit tard", expire_at=soon + timedelta(days=30))
    editor, other = browser_of(editors_of(faculty.section)), browser_of(editors_of(letters))

    assert desk(editor, "ending") == ["Finit bientôt"]
    assert "Finit bientôt" not in other.get(HOME).content.decode()
    address = soup(editor.get(HOME)).select_one("#desk-ending a")
    assert address is not None
    assert editor.get(str(address["href"])).status_code == 200


def test_each_may_write_where_they_may_and_each_button_leads_to_a_form(
    faculty: Faculty, letters: Any, news_index: Any, agenda: Any
) -> None:
    here = AgendaPageFactory(parent=faculty.section, title="Agenda", slug="agenda-sciences")
    writer = browser_of(editors_of(faculty.section, rights=WRITERS))

    offered = buttons(writer)

    assert [address for addresses in offered.values() for address in addresses] == [
        reverse("announcement_new"),
        reverse("wagtailadmin_pages:add", args=["news", "newspage", faculty.index.pk]),
        reverse("wagtailadmin_pages:add", args=["events", "eventpage", here.pk]),
    ]
    assert [writer.get(address).status_code for addresses in offered.values() for address in addresses] == [200] * 3
    everywhere = buttons(browser_of(is_superuser=True))
    assert [len(places) for places in everywhere.values() if len(places) > 1] == [3, 2]


def test_a_reader_without_rights_has_no_desk(sign_in: Callable[..., Client]) -> None:
    assert sign_in().get(HOME).status_code in {302, 403}


def test_ten_of_everything_cost_no_more_queries_than_one(
    faculty: Faculty, proofreaders: Callable[[], Client], count_queries: Callable[..., int]
) -> None:
    editor, writer = proofreaders(), browser_of(editors_of(faculty.section, rights=WRITERS))

    def add(number: int) -> None:
        write(editor, faculty.index, f"Publiée {number}", action="publish")
        write(editor, faculty.index, f"Brouillon {number}")
        write(writer, faculty.index, f"À relire {number}", action="submit")
        AnnouncementPageFactory(
            parent=faculty.index, title=f"Annonce {number}", expire_at=timezone.now() + timedelta(days=2)
        )

    add(0)
    editor.get(HOME)
    one = count_queries(editor.get, HOME)
    for number in range(1, 5):
        add(number)
    editor.get(HOME)  # says what was just done, once
    assert count_queries(editor.get, HOME) == one
    assert AnnouncementPage.objects.count() == 5


def test_the_admin_wears_the_name_of_the_portal(administrator: Client, home: Page) -> None:
    page = administrator.get(HOME).content.decode()

    assert "Parvis</title>" in page
    assert "admin-brand__name" in page
    assert "admin/brand.css" in page
