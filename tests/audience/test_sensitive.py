"""Sensitive audiences: nothing says who is in one, and only its unit uses it."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.models import User
from audience.models import Access, Audience, Condition, Kind, KnownReader, Rule
from content.forms import DocumentForm
from content.models import PortalDocument
from content.page_forms import PortalPageForm
from news.models import NewsPage
from sections.addressing import Addressing
from tests.factories import AudienceFactory, NewsPageFactory, ReaderFactory, know
from tests.reading import soup

pytestmark = pytest.mark.django_db
NAME = "Suivis par la mission handicap"


@pytest.fixture
def mission(db: None) -> Group:
    return Group.objects.create(name="Mission handicap")


@pytest.fixture
def followed(mission: Group) -> Audience:
    """A sensitive audience, by the entitlement of those who are in it."""
    audience = AudienceFactory(slug="handicap", name=NAME, kind=Kind.GROUP, sensitive=True, used_by=mission)
    Condition.objects.create(
        rule=Rule.objects.create(audience=audience), attribute="entitlement", values="urn:valmont:handicap"
    )
    return audience


@pytest.fixture
def reader(followed: Audience, students: Audience) -> Client:
    user = ReaderFactory(first_name="Inès")
    know(user, [students, followed])
    KnownReader.objects.update(
        attributes={"person": {"entitlement": ["urn:valmont:handicap"], "affiliation": ["student"]}, "positions": []}
    )
    browser = Client()
    browser.force_login(user)
    return browser


@pytest.fixture
def page(news_index: Any, followed: Audience) -> Any:
    return NewsPageFactory(parent=news_index, title="Tiers temps", audiences=[followed], access=Access.RESERVED)


def editor(*groups: Group) -> User:
    user = ReaderFactory()
    user.groups.set(groups)
    return user


def test_what_is_reserved_for_it_is_read_by_those_in_it_and_nothing_there_names_it(
    reader: Client, page: Any, sign_in: Any, students: Audience
) -> None:
    answer = reader.get(page.url)

    assert "Tiers temps" in answer.content.decode()
    assert NAME not in answer.content.decode()
    assert sign_in([students]).get(page.url).status_code == 404


@pytest.mark.parametrize("address", ["/", "/actualites/", "/recherche/?q=tiers", "/plan-du-site/"])
def test_no_page_that_others_see_over_a_shoulder_names_it(reader: Client, page: Any, address: str) -> None:
    shown = reader.get(address).content.decode()

    assert NAME not in shown


def test_the_profile_line_keeps_the_other_audiences(reader: Client, home: Any) -> None:
    assert [tag.get_text() for tag in soup(reader.get("/")).select(".greeting__profile .audience-tag")] == ["Étudiants"]


def test_readers_find_it_in_their_own_account_and_data(reader: Client) -> None:
    assert NAME in reader.get("/compte/").content.decode()
    assert "handicap" in [one["audience"] for one in reader.get("/compte/donnees/").json()["audiences"]]


def test_a_form_offers_it_to_the_editors_of_its_unit_alone(
    followed: Audience, students: Audience, mission: Group, news_index: Any
) -> None:
    def offered(user: User, page: Any) -> set[Audience]:
        form_class: Any = NewsPage.get_edit_handler().get_form_class()
        form = form_class(instance=page, parent_page=news_index, for_user=user)
        assert isinstance(form, PortalPageForm)
        return set(form.fields["audiences"].queryset)

    assert offered(editor(), NewsPage()) == {students}
    assert offered(editor(mission), NewsPage()) == {students, followed}
    assert offered(ReaderFactory(is_superuser=True), NewsPage()) == {students}
    # Another editor who corrects the page does not take it away by saving.
    assert offered(editor(), NewsPageFactory(parent=news_index, audiences=[followed])) == {students, followed}


def test_an_editor_of_another_unit_cannot_send_it(followed: Audience, news_index: Any) -> None:
    form_class: Any = NewsPage.get_edit_handler().get_form_class()
    field = form_class(instance=NewsPage(), parent_page=news_index, for_user=editor()).fields["audiences"]

    with pytest.raises(ValidationError):
        field.clean([followed.pk])


def test_documents_offer_it_the_same_way(followed: Audience, mission: Group) -> None:
    from wagtail.documents.forms import get_document_form

    form_class: Any = get_document_form(PortalDocument)
    assert issubclass(form_class, DocumentForm)
    administrator = ReaderFactory(is_superuser=True)
    assert followed not in form_class(user=administrator).fields["audiences"].queryset
    administrator.groups.add(mission)
    assert followed in form_class(user=administrator).fields["audiences"].queryset


def test_its_readers_are_not_counted(
    reader: Client, followed: Audience, students: Audience, mission: Group, administrator: Client
) -> None:
    insider = editor(mission)
    insider.user_permissions.add(Permission.objects.get(codename="access_admin"))
    browser = Client()
    browser.force_login(insider)

    said = browser.get("/admin/audiences/sentence/", {"audiences": [followed.pk], "access": "reserved"}).json()
    assert NAME in said["sentence"]
    assert "1" not in said["sentence"]
    others = administrator.get("/admin/audiences/sentence/", {"audiences": [followed.pk], "access": "reserved"}).json()
    assert NAME not in others["sentence"]

    counted = administrator.get(
        "/admin/audiences/count/",
        {"attribute": ["entitlement"], "operator": ["in"], "values": ["urn:valmont:handicap"]},
    ).json()
    assert "1" not in counted["sentence"]
    assert counted["values"] == {}
    listed = administrator.get(
        "/admin/audiences/count/", {"attribute": ["entitlement"], "operator": ["in"], "values": ["x"]}
    ).json()
    assert listed["values"] == {"entitlement": []}


def test_no_announcement_is_offered_to_it(reader: Client, followed: Audience, students: Audience) -> None:
    offered = Addressing.load(base=[students], above=[]).groups

    assert not [option for group in offered for option in group.options if followed in option.audiences]


def test_see_as_offers_it_to_its_unit_and_logs_no_name(
    home: Any, followed: Audience, mission: Group, caplog: pytest.LogCaptureFixture
) -> None:
    permission = Permission.objects.get(codename="see_as")
    for groups, offered in (([], False), ([mission], True)):
        user = editor(*groups)
        user.user_permissions.add(permission)
        browser = Client()
        browser.force_login(user)
        assert (NAME in browser.get("/voir-comme/").content.decode()) is offered

    with caplog.at_level(logging.INFO, logger="audience.see_as"):
        browser.post("/voir-comme/", {"audience": [followed.pk]})
    assert f"[{followed.pk}]" not in caplog.text
    assert "sensitive" in caplog.text


def test_it_is_said_who_may_use_a_sensitive_audience() -> None:
    with pytest.raises(ValidationError, match="used_by"):
        Audience(slug="x", name="X", sensitive=True).clean()
