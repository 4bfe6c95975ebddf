"""An announcement is changed and withdrawn by its author, and by nobody else who announces."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import WorkflowState

from audience.models import Access
from news.models import AnnouncementPage
from tests.editing import PUBLISHERS
from tests.reading import form_of, soup
from tests.sections.faculty import Faculty
from tests.sections.test_announcing import SENT, announce, form_number, new, shown

pytestmark = pytest.mark.django_db


def test_its_author_changes_it(faculty: Faculty) -> None:
    (reader,) = faculty.readers(1, [faculty.sciences])
    browser = faculty.announcer(rights=PUBLISHERS)
    announce(browser)
    page = AnnouncementPage.objects.get()
    address = reverse("announcement_edit", args=[page.pk])

    held = form_of(browser, address, number=form_number(browser, address))
    announce(browser, address, text="Finalement en C3.")

    assert (held["title"], held["text"].strip()) == (SENT["title"], SENT["text"])
    assert held["audience"] == str(faculty.sciences.pk)
    assert "Finalement en C3." in reader.get(page.get_url()).content.decode()
    assert AnnouncementPage.objects.count() == 1


def test_audiences_set_in_the_admin_are_kept_unless_others_are_chosen(faculty: Faculty, staff: Any) -> None:
    browser = faculty.announcer(rights=PUBLISHERS)
    announce(browser)
    page = AnnouncementPage.objects.get()
    page.audiences, page.access = [staff, faculty.l1], Access.RESERVED
    page.save_revision().publish()
    address = reverse("announcement_edit", args=[page.pk])

    announce(browser, address, text="Autre texte.")

    assert {*AnnouncementPage.objects.get().audiences.all()} == {staff, faculty.l1}


def test_its_author_withdraws_it_at_once_even_where_others_publish(
    faculty: Faculty, proofreaders: Callable[[], Client]
) -> None:
    faculty.section.direct_publication = True
    faculty.section.save()
    (reader,) = faculty.readers(1, [faculty.sciences])
    browser = faculty.announcer(rights=("add",))
    announce(browser)
    page = AnnouncementPage.objects.get()

    answer = browser.post(reverse("announcement_withdraw", args=[page.pk]), follow=True)

    assert not shown(reader, page)
    assert soup(answer).select_one('.alert-banner[data-state="success"]')
    announce(browser, reverse("announcement_edit", args=[page.pk]))
    assert shown(reader, page)


def test_what_is_being_proofread_is_not_changed_and_can_be_withdrawn(
    faculty: Faculty, proofreaders: Callable[[], Client]
) -> None:
    author = faculty.announcer(rights=("add",))
    announce(author)
    page = AnnouncementPage.objects.get()
    address = reverse("announcement_edit", args=[page.pk])

    opened = soup(author.get(address))
    sent = author.post(address, {**SENT, "text": "Autre", "audience": "everyone", "until": "2026-12-31"})
    author.post(reverse("announcement_withdraw", args=[page.pk]))

    assert opened.select_one("[name=text]") is None
    assert sent.status_code == 409
    assert page.get_latest_revision_as_object().text == SENT["text"]
    assert not WorkflowState.objects.active().exists()


def test_another_announcer_neither_changes_nor_withdraws_it(faculty: Faculty) -> None:
    faculty.section.direct_publication = True
    faculty.section.save()
    announce(faculty.announcer(rights=("add",)))
    page, other = AnnouncementPage.objects.get(), faculty.announcer(rights=("add",))

    assert other.get(reverse("announcement_edit", args=[page.pk])).status_code == 404
    assert other.post(reverse("announcement_withdraw", args=[page.pk])).status_code == 404
    assert AnnouncementPage.objects.get().live


def test_who_lost_the_right_has_no_announcements_left(faculty: Faculty) -> None:
    browser = faculty.announcer(rights=PUBLISHERS)
    announce(browser)
    page = AnnouncementPage.objects.get()
    page.owner.groups.clear()

    assert browser.get(reverse("announcements")).status_code == 404
    assert browser.get(reverse("announcement_edit", args=[page.pk])).status_code == 404
    assert browser.post(reverse("announcement_withdraw", args=[page.pk])).status_code == 404


@pytest.mark.parametrize("pk", ["0", "999999999", "99999999999999999999999"])
def test_an_announcement_that_is_not_there(faculty: Faculty, pk: str) -> None:
    browser = faculty.announcer(rights=PUBLISHERS)
    base = reverse("announcements")

    assert browser.get(f"{base}{pk}/").status_code == 404


def sent_as(browser: Client) -> QueryDict:
    return form_of(browser, new(), number=form_number(browser, new()))


def test_a_form_without_its_token_of_safety_is_refused(faculty: Faculty) -> None:
    browser = faculty.announcer(rights=PUBLISHERS)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = browser.cookies

    assert strict.post(new(), {**sent_as(browser).dict(), **SENT, "csrfmiddlewaretoken": "x"}).status_code == 403
    assert not AnnouncementPage.objects.exists()


def test_until_is_a_whole_day(faculty: Faculty, time_machine: Any) -> None:
    (reader,) = faculty.readers(1, [faculty.sciences])
    today: date = timezone.localdate()
    announce(faculty.announcer(rights=PUBLISHERS), until=today.isoformat())
    page = AnnouncementPage.objects.get()
    midnight = timezone.localtime(page.expire_at)

    assert (midnight.date(), midnight.hour) == (today + timedelta(days=1), 0)
    assert page.last_day == today
    assert shown(reader, page)
