"""The provider says that a session is over: it ends here, if the token proves it, and once."""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts.models import PortalSession, SpentLogout
from accounts.sessions import forget_ended
from tests.accounts.forger import OTHER_KEY, Forger
from tests.accounts.steps import is_signed_in

pytestmark = pytest.mark.django_db
ADDRESS = "/oidc/backchannel/"
EVENT = "http://schemas.openid.net/event/backchannel-logout"


@pytest.fixture
def browsers(forger: Forger) -> list[Client]:
    """Two browsers in which mallory is signed in, in the provider's sessions “one” and “two”."""
    opened = []
    for sid in ("one", "two"):
        forger.token = {"sid": sid}
        client = Client()
        forger.sign_in(client)
        opened.append(client)
    return opened


def say(token: str) -> Any:
    return Client(enforce_csrf_checks=True).post(ADDRESS, {"logout_token": token})


def open_in(browsers: list[Client]) -> list[bool]:
    return [Session.objects.filter(session_key=client.cookies["sessionid"].value).exists() for client in browsers]


def test_a_subject_is_signed_out_everywhere(browsers: list[Client], forger: Forger) -> None:
    answer = say(forger.logout_token())

    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert open_in(browsers) == [False, False]
    assert not PortalSession.objects.exists()
    assert not any(is_signed_in(client) for client in browsers)


@pytest.mark.parametrize("sub", ["mallory", None])
def test_one_session_of_the_provider_is_ended_alone(browsers: list[Client], forger: Forger, sub: str | None) -> None:
    assert say(forger.logout_token(sid="two", sub=sub)).status_code == 200

    assert open_in(browsers) == [True, False]


def test_a_subject_or_session_nobody_knows_ends_nothing(browsers: list[Client], forger: Forger) -> None:
    assert say(forger.logout_token(sub="someone-else")).status_code == 200
    assert say(forger.logout_token(sid="three")).status_code == 200
    assert say(forger.logout_token(sid="one", sub="someone-else")).status_code == 200

    assert open_in(browsers) == [True, True]


@pytest.mark.parametrize(
    "differs",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "another-client"},
        {"aud": None},
        {"iat": None},
        {"iat": int(time.time()) + 3600},
        {"iat": int(time.time()) - 3600, "exp": None},
        {"iat": "now"},
        {"exp": int(time.time()) - 3600},
        {"jti": None},
        {"jti": ""},
        {"jti": 7},
        {"events": None},
        {"events": {}},
        {"events": [EVENT]},
        {"events": {EVENT: "yes"}},
        {"events": {"http://schemas.openid.net/event/other": {}}},
        {"nonce": "n"},
        {"sub": None},
        {"sub": ""},
        {"sub": 42},
        {"sid": ["one"]},
        {"sid": "x" * 300},
        {"header": {"typ": "at+jwt"}},
        {"header": {"kid": "unheard-of"}},
    ],
)
def test_a_token_that_does_not_prove_it_ends_nothing(
    browsers: list[Client], forger: Forger, differs: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        answer = say(forger.logout_token(**differs))

    assert answer.status_code == 400
    assert answer.json()["error"] == "invalid_request"
    assert answer.json()["error_description"].removeprefix("reference ") in caplog.text
    assert "mallory" not in caplog.text
    assert open_in(browsers) == [True, True]


@pytest.mark.parametrize("forge", ["none", "public key", "another's key", "an id_token", "nothing", "words", "long"])
def test_a_forged_token_ends_nothing(browsers: list[Client], forger: Forger, forge: str) -> None:
    token = ""
    match forge:
        case "none":
            forger.key, forger.algorithm = None, "none"
        case "public key":
            forger.sign_with_public_key = True
        case "another's key":
            forger.key = OTHER_KEY
        case "an id_token":
            forger.token = {}
            token = forger.id_token()
        case "words":
            token = "a.b.c"
        case "long":
            token = "x" * 30_000
    if forge not in {"an id_token", "nothing", "words", "long"}:
        token = forger.logout_token()

    assert say(token).status_code == 400
    assert open_in(browsers) == [True, True]


def test_a_token_is_obeyed_once(browsers: list[Client], forger: Forger) -> None:
    token = forger.logout_token(sid="two")
    assert say(token).status_code == 200
    forger.token = {"sid": "two"}
    again = Client()
    forger.sign_in(again)

    assert say(token).status_code == 400
    assert is_signed_in(again)


def test_it_is_not_obeyed_while_the_keys_cannot_be_had(browsers: list[Client], forger: Forger) -> None:
    forger.answers["/jwks"] = (500, "")

    assert say(forger.logout_token()).status_code == 503
    assert open_in(browsers) == [True, True]


def test_it_is_only_posted(client: Client, forger: Forger) -> None:
    assert client.get(ADDRESS).status_code == 405


def test_what_is_over_is_forgotten_by_the_worker(browsers: list[Client], forger: Forger) -> None:
    say(forger.logout_token(sid="one", sub=None))
    Session.objects.filter(session_key=browsers[1].session.session_key).delete()
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        forget_ended()

    assert not PortalSession.objects.exists()
    assert not SpentLogout.objects.exists()
