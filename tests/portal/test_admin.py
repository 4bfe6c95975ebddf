"""The admin's own screens answer, and what they link is there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from bs4 import Tag
from django.contrib.auth.models import Group
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from wagtail.models import Collection, Page, PageViewRestriction

from accounts.models import GroupMapping
from audience.models import Access, Audience
from tests.factories import AudienceFactory, PortalDocumentFactory, StandardPageFactory, UnitFactory
from tests.reading import soup

pytestmark = pytest.mark.django_db

LISTS = [
    "/admin/accounts/groupmapping/",
    "/admin/audience/audience/",
    "/admin/audience/rule/",
    "/admin/directory/unit/",
    "/admin/snippets/content/topic/",
    "/admin/snippets/news/newscategory/",
    "/admin/snippets/services/servicefamily/",
    "/admin/settings/content/portalsettings/",
]


@pytest.mark.parametrize("address", LISTS)
def test_each_list_answers_and_shows_no_broken_image(administrator: Client, students: Audience, address: str) -> None:
    GroupMapping.objects.create(value="urn:valmont:editor", group=Group.objects.create(name="Rédaction"))
    AudienceFactory(retired=True)
    UnitFactory()

    answer = administrator.get(address, follow=True)

    assert answer.status_code == 200
    images = [str(image["src"]) for image in soup(answer).select("img[src^='/static/']")]
    assert [image for image in images if not finders.find(image.removeprefix("/static/"))] == []


def kinds_and_names(boxes: Tag) -> dict[str, list[str]]:
    groups = [group.find_all("label") for group in boxes.find_all("div", recursive=False)]
    return {kind.get_text(strip=True): [name.get_text(strip=True) for name in names] for kind, *names in groups}


def test_a_document_asks_its_audiences_as_a_page_does(
    administrator: Client, students: Audience, staff: Audience
) -> None:
    AudienceFactory(name="Stagiaires", kind=staff.kind)
    document = PortalDocumentFactory(collection=Collection.get_first_root_node())
    document.audiences.set([staff])

    page = soup(administrator.get(reverse("wagtaildocs:edit", args=[document.pk])))

    boxes = page.select_one(".audience-checks")
    assert boxes is not None
    assert kinds_and_names(boxes) == {"Statut": ["Étudiants", "Personnels", "Stagiaires"]}
    assert [box["value"] for box in page.select("[name=audiences][checked]")] == [str(staff.pk)]
    assert len(page.select("[type=radio][name=access]")) == 2


def test_the_editor_is_not_told_that_a_reserved_page_is_visible_to_all(
    administrator: Client, home: Page, staff: Audience
) -> None:
    reserved = StandardPageFactory(parent=home, audiences=[staff], access=Access.RESERVED)
    below = StandardPageFactory(parent=reserved)
    public = StandardPageFactory(parent=home)
    private = StandardPageFactory(parent=home)
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)

    def said_reserved(page: Page) -> bool:
        answer = administrator.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
        return bool(soup(answer).select(".parvis-reserved"))

    assert [said_reserved(page) for page in (reserved, below, public, private)] == [True, True, False, False]


def test_see_as_offers_audiences_by_kind_in_order(
    sign_in: Callable[..., Client], students: Audience, staff: Audience
) -> None:
    other = AudienceFactory(name="Alumni", kind="other")
    page = soup(sign_in([students, staff, other]).get(reverse("see_as")))

    assert [legend.get_text(strip=True) for legend in page.select("legend")] == ["Statut", "Autre"]
    names = [label.get_text(strip=True) for label in page.select("fieldset label")]
    assert names == ["Étudiants", "Personnels", "Alumni"]
