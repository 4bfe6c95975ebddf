"""See as: what others would see, and nothing in their name."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from audience.models import Access, Audience, Kind
from services.models import ServiceState
from tests.factories import AudienceFactory, NewsPageFactory, ReaderFactory, ServicePageFactory, know
from tests.reading import soup

pytestmark = pytest.mark.django_db
SEE_AS = "/voir-comme/"


def see(browser: Client, *audiences: Audience, at: str = "") -> Any:
    return browser.post(SEE_AS, {"audience": [audience.pk for audience in audiences], "at": at})


def shown(browser: Client, title: str, address: str = "/actualites/") -> bool:
    return title in browser.get(address).content.decode()


@pytest.fixture
def editor(db: None) -> Client:
    """A browser of an editor with the right, in no audience."""
    user = ReaderFactory(username="editor", first_name="Claire", last_name="Duval", email="claire@valmont.example")
    user.user_permissions.add(Permission.objects.get(codename="see_as"))
    know(user)
    browser = Client()
    browser.force_login(user)
    return browser


@pytest.fixture
def reserved(news_index: Any, staff: Audience, students: Audience) -> dict[str, Any]:
    return {
        "staff": NewsPageFactory(parent=news_index, title="Conseil social", audiences=[staff], access=Access.RESERVED),
        "students": NewsPageFactory(parent=news_index, title="Bourses", audiences=[students], access=Access.RESERVED),
    }


def test_with_the_right_one_sees_what_any_audience_sees(
    editor: Client, reserved: dict[str, Any], staff: Audience
) -> None:
    assert not shown(editor, "Conseil social")
    see(editor, staff)

    assert shown(editor, "Conseil social")
    assert not shown(editor, "Bourses")
    assert editor.get(reserved["staff"].url).status_code == 200
    assert editor.get(reserved["students"].url).status_code == 404


@pytest.mark.parametrize("address", ["/recherche/?q=conseil", "/actualites/rss/", "/actualites/"])
def test_it_reaches_search_feeds_and_bodies_that_readers_share(
    kept_bodies: None, editor: Client, reserved: dict[str, Any], sign_in: Any, staff: Audience, address: str
) -> None:
    colleague = sign_in([staff])
    assert shown(colleague, "Conseil social", address)
    assert not shown(editor, "Conseil social", address)
    see(editor, staff)

    assert shown(editor, "Conseil social", address)
    # What was shown while seeing as others is kept for nobody.
    assert "see-as__text" not in colleague.get(address).content.decode()
    editor.post(SEE_AS, {"leave": "1"})
    assert not shown(editor, "Conseil social", address)


def test_a_narrower_audience_brings_those_it_belongs_to(
    editor: Client, reserved: dict[str, Any], students: Audience
) -> None:
    see(editor, AudienceFactory(slug="l2", name="L2", kind=Kind.LEVEL, broader=students))

    assert shown(editor, "Bourses")


def test_without_an_audience_one_sees_what_a_visitor_sees(
    sign_in: Any, reserved: dict[str, Any], staff: Audience
) -> None:
    browser = sign_in([staff], is_superuser=True)
    see(browser)

    page = soup(browser.get("/"))
    assert not shown(browser, "Conseil social")
    assert page.select_one("main .sign-in")
    assert "un visiteur" in page.select_one(".see-as__text").get_text()


def test_without_the_right_it_only_narrows(
    sign_in: Any, reserved: dict[str, Any], staff: Audience, students: Audience
) -> None:
    browser = sign_in([staff])
    offered = [box["value"] for box in soup(browser.get(SEE_AS)).select("input[name=audience]")]
    assert offered == [str(staff.pk)]

    see(browser, students)
    assert not shown(browser, "Bourses")
    assert not shown(browser, "Conseil social")

    see(browser, staff, students)
    assert not shown(browser, "Bourses")
    assert shown(browser, "Conseil social")


def test_without_the_right_audiences_of_two_positions_are_not_crossed(
    sign_in: Any, news_index: Any, students: Audience
) -> None:
    history = AudienceFactory(name="Histoire", kind=Kind.PROGRAMME)
    second = AudienceFactory(name="L2", kind=Kind.LEVEL)
    NewsPageFactory(parent=news_index, title="L2 Histoire", audiences=[history, second], access=Access.RESERVED)
    browser = sign_in([history], [second])
    see(browser, history, second)

    assert not shown(browser, "L2 Histoire")


def test_who_loses_the_right_sees_no_more_than_their_own(
    editor: Client, reserved: dict[str, Any], staff: Audience
) -> None:
    see(editor, staff)
    Permission.objects.get(codename="see_as").user_set.clear()

    assert not shown(editor, "Conseil social")


def test_with_the_right_one_sees_another_date(editor: Client, news_index: Any, staff: Audience) -> None:
    later = timezone.now() + timedelta(days=30)
    NewsPageFactory(parent=news_index, title="Rentrée", go_live_at=later)
    NewsPageFactory(parent=news_index, title="Soldes", expire_at=later)

    see(editor, staff, at=(later + timedelta(days=1)).date().isoformat())

    assert shown(editor, "Rentrée")
    assert not shown(editor, "Soldes")
    assert "Date vue" in soup(editor.get("/")).select_one(".see-as__text").get_text()


def test_without_the_right_the_date_is_now(sign_in: Any, news_index: Any, staff: Audience) -> None:
    later = timezone.now() + timedelta(days=30)
    NewsPageFactory(parent=news_index, title="Rentrée", go_live_at=later)
    browser = sign_in([staff])
    see(browser, staff, at=(later + timedelta(days=1)).date().isoformat())

    assert not shown(browser, "Rentrée")
    assert soup(browser.get(SEE_AS)).select("input[name=at]") == []


@pytest.mark.parametrize("at", ["demain", "2026-02-30", "99999-01-01", "2026-13-01T00:00", "0001-01-01"])
def test_a_date_that_cannot_be_read_is_said(editor: Client, home: Any, staff: Audience, at: str) -> None:
    answer = see(editor, staff, at=at)

    page = editor.get(answer["Location"])
    assert page.status_code == 200
    if at != "0001-01-01":
        assert "Cette date ne se lit pas : écrivez-la comme 2026-09-01." in page.content.decode()
        assert soup(page).select_one(".see-as") is None


@pytest.mark.parametrize("pk", ["0", "x", "-1", "999999", "9" * 40])
def test_an_audience_that_is_not_there_is_ignored(editor: Client, home: Any, pk: str) -> None:
    assert editor.post(SEE_AS, {"audience": [pk]}).status_code == 302
    assert "un visiteur" in editor.get("/").content.decode()


def test_it_is_marked_on_every_screen_with_a_way_back(
    editor: Client, reserved: dict[str, Any], staff: Audience
) -> None:
    see(editor, staff)

    for address in ("/", "/actualites/", reserved["staff"].url, "/recherche/?q=conseil", "/nulle-part/", "/en/"):
        banner = soup(editor.get(address)).select_one("aside.see-as")
        assert banner is not None, address
        assert "Personnels" in banner.get_text()
        assert banner.select_one("button[name=leave]")


def test_one_leaves_and_is_back_on_the_same_page(editor: Client, reserved: dict[str, Any], staff: Audience) -> None:
    see(editor, staff)

    answer = editor.post(SEE_AS, {"leave": "1", "next": "/actualites/?page=1"})

    assert answer["Location"] == "/actualites/?page=1"
    assert not shown(editor, "Conseil social")
    assert soup(editor.get("/")).select_one(".see-as") is None


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_leaving_leads_nowhere_else(editor: Client, home: Any, staff: Audience, elsewhere: str) -> None:
    see(editor, staff)

    assert editor.post(SEE_AS, {"leave": "1", "next": elsewhere})["Location"] == "/"


def test_it_is_logged_without_a_name(
    editor: Client, home: Any, staff: Audience, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="audience.see_as"):
        see(editor, staff, at="2026-09-01")
        editor.post(SEE_AS, {"leave": "1"})

    began, left = (record.getMessage() for record in caplog.records if record.name == "audience.see_as")
    account = editor.session["_auth_user_id"]
    assert began.startswith(f"see as: account {account} audiences [{staff.pk}] at 2026-09-01")
    assert left == f"see as left: account {account}"
    for name in ("Claire", "Duval", "claire@", "editor"):
        assert name not in began + left


def test_nothing_is_sent_in_anothers_name(editor: Client, catalogue: Any, staff: Audience) -> None:
    service = ServicePageFactory(parent=catalogue, title="Mél")
    service.operators.add(ReaderFactory._meta.model.objects.get(username="editor"))
    service.save()
    see(editor, staff)

    for address in (f"/en/service-state/{service.translation_key}/", "/", "/actualites/", "/recherche/"):
        refused = editor.post(address, {"level": "down", "message": "x"})
        assert refused.status_code == 403, address
    assert "Rien n’est envoyé tant que vous voyez le portail comme d’autres." in refused.content.decode()
    assert editor.get(f"/en/service-state/{service.translation_key}/").status_code == 404
    assert not ServiceState.objects.exists()


def test_one_may_sign_out(editor: Client, home: Any, staff: Audience) -> None:
    see(editor, staff)

    editor.post("/oidc/logout/")

    assert "_auth_user_id" not in editor.session
    assert soup(editor.get("/")).select_one(".see-as") is None


def test_the_rights_of_the_editor_in_the_admin_are_their_own(
    sign_in: Any, reserved: dict[str, Any], students: Audience
) -> None:
    administrator = sign_in(is_superuser=True)
    see(administrator, students)

    assert administrator.get("/admin/").status_code == 200
    assert administrator.get(f"/admin/pages/{reserved['staff'].pk}/edit/").status_code == 200
    # On the portal, seeing as students, the page is not there even for who edits it.
    assert administrator.get(reserved["staff"].url).status_code == 404


def test_nothing_personal_is_shown(editor: Client, home: Any, staff: Audience) -> None:
    see(editor, staff)

    main = soup(editor.get("/")).main.get_text(" ", strip=True)

    assert "Claire" not in main
    assert main.startswith("Bonjour")
    assert "Personnels" in main


@pytest.mark.parametrize("address", ["/compte/", "/compte/sessions/", "/compte/donnees/"])
def test_ones_account_is_not_shown_meanwhile(editor: Client, home: Any, staff: Audience, address: str) -> None:
    assert editor.get(address).status_code == 200
    editor.post("/voir-comme/", {"audience": [staff.pk]})

    answer = editor.get(address)

    assert answer.status_code == 403
    assert "see-as__leave" in answer.content.decode()


def test_a_visitor_signs_in_first(client: Client, home: Any) -> None:
    assert client.get(SEE_AS)["Location"] == f"/oidc/authenticate/?next={SEE_AS}"
    assert client.post(SEE_AS, {"audience": ["1"]}).status_code == 302
    assert "see_as" not in client.session


def test_a_retired_audience_is_not_offered(editor: Client, home: Any) -> None:
    retired = AudienceFactory(name="Anciens élèves 2010", retired=True)

    assert "Anciens élèves 2010" not in editor.get(SEE_AS).content.decode()
    see(editor, retired)
    assert "un visiteur" in editor.get("/").content.decode()
