"""A signed-in reader is asked for again at the provider between two pages, without a word."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from accounts.recheck import DUE
from audience.models import Access, Audience, Condition, Kind, Rule
from tests.accounts.forger import Forger
from tests.accounts.steps import ClaimsOf, SignIn, asked, come_back, is_signed_in
from tests.factories import NewsPageFactory
from tests.reading import soup

pytestmark = pytest.mark.django_db


def make_due(client: Client) -> None:
    session = client.session
    session[DUE] = int(time.time()) - 1
    session.save()


def provider_asked(answer: Any) -> str:
    """Return the address to which the browser is sent, at the provider."""
    assert answer.status_code == 200
    seconds, _, address = answer["Refresh"].partition("; url=")
    assert seconds == "0"
    return str(address)


def round_trip(client: Client, answer: Any, *, sub: str = "ada") -> Any:
    """Follow `answer` to the provider, where `sub` is signed in, and back."""
    said = requests.get(
        provider_asked(answer), cookies={"demo_provider_sub": sub} if sub else {}, allow_redirects=False, timeout=5
    )
    return come_back(client, said.headers["Location"])


def test_a_session_that_was_not_asked_for_is_asked_for_and_the_page_comes(client: Client, sign_in: SignIn) -> None:
    sign_in(client)
    key = client.session.session_key
    make_due(client)

    answer = client.get("/en/account/?x=1")

    assert asked(provider_asked(answer))["prompt"] == "none"
    assert asked(provider_asked(answer))["code_challenge_method"] == "S256"
    assert "no-store" in answer["Cache-Control"]
    assert soup(answer).a["href"] == provider_asked(answer)
    assert round_trip(client, answer)["Location"] == "/en/account/?x=1"
    assert client.get("/en/account/?x=1").context["name"] == "Ada Byron"
    assert client.session.session_key == key


@pytest.mark.parametrize("age", [0, 3600])
def test_a_session_is_not_asked_for_before_its_age_nor_where_there_is_none(
    client: Client, sign_in: SignIn, settings: Settings, age: int
) -> None:
    settings.OIDC_RECHECK_AGE = age
    sign_in(client)
    if not age:
        make_due(client)

    assert "Refresh" not in client.get("/en/account/")


def test_changed_claims_change_the_reader_at_once(
    client: Client, sign_in: SignIn, claims_of: ClaimsOf, news_index: Any
) -> None:
    audience = Audience.objects.create(slug="staff", name="Personnels", kind=Kind.STATUS)
    Condition.objects.create(rule=Rule.objects.create(audience=audience), attribute="affiliation", values="staff")
    page = NewsPageFactory(parent=news_index, title="Réservée", audiences=[audience], access=Access.RESERVED)
    claims_of("moving", {"eduPersonAffiliation": ["student"]})
    sign_in(client, "moving")
    assert client.get(page.url).status_code == 404

    claims_of("moving", {"eduPersonAffiliation": ["staff"]})
    make_due(client)
    round_trip(client, client.get("/"), sub="moving")

    assert client.get(page.url).status_code == 200


def test_a_session_that_is_over_at_the_provider_is_over_here_and_the_reader_is_told(
    client: Client, sign_in: SignIn
) -> None:
    sign_in(client)
    make_due(client)

    answer = round_trip(client, client.get("/en/"), sub="")

    assert answer["Location"] == "/en/"
    assert not is_signed_in(client)
    assert "You have been signed out" in client.get("/en/").content.decode()


def test_someone_else_at_the_provider_does_not_read_in_the_readers_place(client: Client, sign_in: SignIn) -> None:
    sign_in(client)
    make_due(client)

    round_trip(client, client.get("/en/"), sub="anonymous-47")

    assert not is_signed_in(client)


def test_a_form_being_sent_is_taken_and_never_sent_round(client: Client, sign_in: SignIn) -> None:
    sign_in(client)
    make_due(client)

    assert client.post("/en/account/erase/", {"what": "visits"})["Location"] == "/en/account/"
    assert client.post("/en/account/sessions/", {"end": "x"}, headers={"HX-Request": "true"}).status_code == 302


def test_a_part_of_a_page_has_the_page_under_it_sent_round(client: Client, sign_in: SignIn) -> None:
    sign_in(client)
    make_due(client)
    under = {"HX-Request": "true", "HX-Current-URL": "http://testserver/en/search/?q=exam"}

    answer = client.get("/en/search/?q=exam&part=1", headers=under)

    address = answer["HX-Redirect"]
    assert asked(address)["prompt"] == "none"
    said = requests.get(address, cookies={"demo_provider_sub": "ada"}, allow_redirects=False, timeout=5)
    assert come_back(client, said.headers["Location"])["Location"] == "/en/search/?q=exam"


def test_a_link_that_htmx_follows_ends_where_it_leads(client: Client, sign_in: SignIn) -> None:
    sign_in(client)
    make_due(client)
    boosted = {"HX-Request": "true", "HX-Boosted": "true", "HX-Current-URL": "http://testserver/en/search/?q=a"}

    address = client.get("/en/search/?q=b", headers=boosted)["HX-Redirect"]

    said = requests.get(address, cookies={"demo_provider_sub": "ada"}, allow_redirects=False, timeout=5)
    assert come_back(client, said.headers["Location"])["Location"] == "/en/search/?q=b"


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"},
        {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"},
        {"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"},
        {"X-Requested-With": "XMLHttpRequest"},
        {"HX-Request": "true", "HX-Current-URL": "https://evil.example//x"},
        {"HX-Request": "true", "HX-Current-URL": "http://["},
    ],
)
def test_what_a_browser_cannot_follow_is_answered(client: Client, sign_in: SignIn, headers: dict[str, str]) -> None:
    sign_in(client)
    make_due(client)

    answer = client.get("/en/account/", headers=headers)

    assert "Refresh" not in answer
    assert "HX-Redirect" not in answer
    assert answer.status_code == 200


def test_while_the_provider_is_away_those_who_are_signed_in_stay(
    client: Client, sign_in: SignIn, settings: Settings
) -> None:
    sign_in(client)
    make_due(client)
    settings.OIDC_ISSUER = "http://127.0.0.1:9"

    answer = client.get("/en/account/")

    assert answer.context["name"] == "Ada Byron"


@pytest.mark.parametrize(
    ("path", "said"),
    [("/token", (500, "")), ("/token", (400, '{"error": "invalid_grant"}')), ("/userinfo", (200, "<html>"))],
)
def test_a_check_that_comes_to_nothing_is_put_off_and_ends_nothing(
    client: Client, forger: Forger, path: str, said: tuple[int, str]
) -> None:
    forger.sign_in(client)
    make_due(client)
    forger.answers[path] = said
    question = asked(provider_asked(client.get("/en/account/")))
    forger.nonce = question["nonce"]

    answer = client.get("/oidc/callback/", {"code": "x", "state": question["state"]})

    assert answer["Location"] == "/en/account/"
    assert is_signed_in(client)
    assert "Refresh" not in client.get("/en/account/")


@pytest.mark.parametrize("error", ["server_error", "temporarily_unavailable"])
def test_a_provider_in_trouble_ends_no_session(client: Client, forger: Forger, error: str) -> None:
    forger.sign_in(client)
    make_due(client)
    question = asked(provider_asked(client.get("/en/account/")))

    client.get("/oidc/callback/", {"error": error, "state": question["state"]})

    assert is_signed_in(client)


def test_an_account_closed_meanwhile_is_not_let_in_again(client: Client, forger: Forger) -> None:
    forger.sign_in(client)
    make_due(client)
    question = asked(provider_asked(client.get("/en/account/")))
    forger.nonce = question["nonce"]
    User.objects.update(is_active=False)

    client.get("/oidc/callback/", {"code": "x", "state": question["state"]})

    assert client.get("/en/account/").status_code == 302


def test_a_visitor_is_never_sent_round(client: Client, provider: str, home: Any) -> None:
    assert "Refresh" not in client.get("/")


def test_a_silent_answer_that_nobody_asked_for_changes_nothing(client: Client, sign_in: SignIn) -> None:
    sign_in(client)

    assert client.get("/oidc/callback/?error=login_required&state=" + "x" * 32).status_code == 400
    assert is_signed_in(client)


def test_the_admin_is_sent_round_as_any_page(client: Client, sign_in: SignIn) -> None:
    sign_in(client)
    make_due(client)

    answer = client.get("/admin/pages/?p=2")

    assert urlsplit(provider_asked(answer)).path == "/oauth2/authorize"
    assert round_trip(client, answer)["Location"] == "/admin/pages/?p=2"
