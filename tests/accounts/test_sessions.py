"""My sessions: where one is signed in, and ending the others."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import PortalSession
from accounts.sessions import browser_name
from tests.accounts.steps import SignIn, is_signed_in
from tests.reading import soup

pytestmark = pytest.mark.django_db
PAGE = "/en/account/sessions/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Mobile Safari/604.1"


@pytest.fixture
def browsers(sign_in: SignIn) -> list[Client]:
    """Ada is signed in in two browsers, someone else in a third."""
    opened = [Client(headers={"user-agent": agent}) for agent in (FIREFOX, SAFARI, FIREFOX)]
    for client, sub in zip(opened, ("ada", "ada", "anonymous-47"), strict=True):
        sign_in(client, sub)
    return opened


def test_a_reader_sees_where_they_are_signed_in_and_which_is_this_one(browsers: list[Client]) -> None:
    rows = [row.get_text(" ", strip=True) for row in soup(browsers[0].get(PAGE)).select("main tbody tr")]

    assert len(rows) == 2
    assert rows[0].startswith("Safari, iPhone")
    assert "End" in rows[0]
    assert rows[1].startswith("Firefox, Linux")
    assert rows[1].endswith("this session")


def test_a_reader_ends_another_session_of_theirs(browsers: list[Client]) -> None:
    button = soup(browsers[0].get(PAGE)).select_one("button[name=end]")
    assert browsers[0].post(PAGE, {"end": button["value"]})["Location"] == PAGE

    assert [is_signed_in(client) for client in browsers] == [True, False, True]
    assert "1 session ended." in browsers[0].get(PAGE).content.decode()


@pytest.mark.parametrize("asked", ["others", "all", "", "x", "0"])
def test_neither_this_session_nor_those_of_others_are_ended(browsers: list[Client], asked: str) -> None:
    browsers[0].post(PAGE, {"end": asked})
    browsers[0].post(PAGE, {"end": str(PortalSession.objects.get(user__identities__subject="anonymous-47").pk)})
    browsers[0].post(PAGE, {"end": str(PortalSession.objects.order_by("pk").first().pk)})

    assert [is_signed_in(client) for client in browsers] == [True, asked != "others", True]


def test_signing_out_takes_the_session_off_the_list(browsers: list[Client]) -> None:
    browsers[1].post("/oidc/logout/")

    assert len(soup(browsers[0].get(PAGE)).select("main tbody tr")) == 1


def test_a_visitor_signs_in_first(client: Client) -> None:
    assert client.get(PAGE)["Location"].startswith("/oidc/authenticate/")


def test_the_sessions_are_in_the_readers_data(browsers: list[Client]) -> None:
    held = browsers[0].get("/en/account/data/").json()["sessions"]

    assert [one["browser"] for one in held] == ["Safari, iPhone", "Firefox, Linux"]


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537 Chrome/140 Safari/537 Edg/140", "Edge, Windows"),
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537 Chrome/140 Mobile Safari/537", "Chrome, Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 15) AppleWebKit/605 Version/18 Safari/605", "Safari, macOS"),
        ("curl/8.0", ""),
        ("<script>", ""),
        ("", ""),
    ],
)
def test_a_browser_is_named_without_its_version(agent: str, name: str) -> None:
    assert browser_name(agent) == name
