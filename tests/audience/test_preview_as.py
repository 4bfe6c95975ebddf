"""Wagtail's preview of a page, as each audience would see it."""

from __future__ import annotations

from typing import Any

import pytest
from wagtail.models import Page

from audience.models import Access, Audience
from tests.factories import AudienceFactory, NewsPageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def reserved(news_index: Any, staff: Audience, students: Audience) -> None:
    NewsPageFactory(parent=news_index, title="Conseil social", audiences=[staff], access=Access.RESERVED)
    NewsPageFactory(parent=news_index, title="Bourses", audiences=[students], access=Access.RESERVED)


def preview(browser: Any, page: Any, mode: str) -> str:
    answer = browser.get(f"/admin/pages/{page.pk}/view_draft/", {"mode": mode})
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_audiences_in_use_are_offered_and_a_visitor(news_index: Any, staff: Audience, students: Audience) -> None:
    AudienceFactory(name="Retirée", retired=True)

    modes = [name for name, _label in Page.objects.get(pk=news_index.pk).specific.preview_modes]

    assert modes[:2] == ["", "visitor"]
    assert set(modes[2:]) == {f"audience-{staff.pk}", f"audience-{students.pk}"}


def test_with_the_right_a_preview_shows_what_that_audience_sees(
    administrator: Any, news_index: Any, reserved: None, staff: Audience, students: Audience
) -> None:
    news_index.save_revision()

    as_staff = preview(administrator, news_index, f"audience-{staff.pk}")
    as_visitor = preview(administrator, news_index, "visitor")

    assert "Conseil social" in as_staff
    assert "Bourses" not in as_staff
    assert "Conseil social" not in as_visitor


def test_without_the_right_a_preview_shows_no_more_than_the_editor_sees(
    news_index: Any, reserved: None, staff: Audience, students: Audience, sign_in: Any
) -> None:
    from django.contrib.auth.models import Group, Permission
    from wagtail.models import GroupPagePermission

    editors = Group.objects.create(name="Writers of news")
    editors.permissions.add(Permission.objects.get(codename="access_admin"))
    GroupPagePermission.objects.create(group=editors, page=news_index, permission_type="change")
    news_index.save_revision()
    browser = sign_in([students], groups=(editors,))

    assert "Conseil social" not in preview(browser, news_index, f"audience-{staff.pk}")
    assert "Bourses" in preview(browser, news_index, f"audience-{students.pk}")


@pytest.mark.parametrize("mode", ["audience-x", "audience-", "audience-999999", "nothing"])
def test_a_mode_that_is_not_there_shows_nothing_reserved(
    administrator: Any, news_index: Any, reserved: None, mode: str
) -> None:
    answer = administrator.get(f"/admin/pages/{news_index.pk}/view_draft/", {"mode": mode})

    assert "Conseil social" not in answer.content.decode()
