"""Signing in and coming back, through the demonstration's provider."""

from __future__ import annotations

import re
from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import OIDCIdentity, User
from audience.models import KnownReader
from tests.accounts.steps import ClaimsOf, SignIn, asked, at_the_provider, come_back, go, is_signed_in

pytestmark = pytest.mark.django_db


def test_whoever_signs_in_becomes_a_known_reader_with_the_names_the_provider_gives(
    client: Client, sign_in: SignIn
) -> None:
    sign_in(client)

    user = User.objects.get()
    assert user.get_full_name() == "Ada Byron"
    assert user.email == "ada@valmont.example"
    assert KnownReader.objects.get().user == user
    assert is_signed_in(client)


def test_a_user_name_says_nothing_of_the_person(client: Client, sign_in: SignIn) -> None:
    sign_in(client)

    assert re.fullmatch(r"[0-9a-f]{32}", User.objects.get().username)


def test_a_reader_returns_to_the_page_they_asked_for(client: Client, sign_in: SignIn) -> None:
    answer = sign_in(client, next="/en/news/a-page/?page=2")

    assert answer["Location"] == "/en/news/a-page/?page=2"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example/",
        "////evil.example",
        "/\\evil.example/",
        "\\\\evil.example/",
        "/\t/evil.example/",
        "/\n/evil.example/",
        "\x00//evil.example",
        " //evil.example/",
        "http:evil.example",
        "http:///evil.example",
        "https:/evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "//testserver@evil.example/",
        "http://testserver.evil.example/",
        "/%5C%5Cevil.example/\\..//",
        "evil.example",
        "/" + "a" * 2000,
    ],
)
def test_nobody_is_sent_elsewhere_after_signing_in(client: Client, sign_in: SignIn, elsewhere: str) -> None:
    answer = sign_in(client, next=elsewhere)

    assert answer["Location"] == "/"


def test_returning_to_the_sign_in_itself_ends_at_home(client: Client, sign_in: SignIn) -> None:
    answer = sign_in(client, next=reverse("oidc_authentication_init"))

    assert answer["Location"] == "/"


def test_two_tabs_each_return_to_their_own_page(client: Client, provider: str) -> None:
    first, second = go(client, next="/first/"), go(client, next="/second/")

    assert come_back(client, at_the_provider(first, sub="ada"))["Location"] == "/first/"
    assert come_back(client, at_the_provider(second, sub="ada"))["Location"] == "/second/"


def test_tabs_reopened_together_without_a_session_all_sign_in(client: Client, provider: str) -> None:
    alone = Client()
    first = go(client, next="/first/")
    second = go(alone, next="/second/")
    client.cookies.update({name: cookie for name, cookie in alone.cookies.items() if name.startswith("sign_in_")})

    assert come_back(client, at_the_provider(first, sub="ada"))["Location"] == "/first/"
    assert come_back(client, at_the_provider(second, sub="ada"))["Location"] == "/second/"


def test_abandoned_tabs_do_not_fill_the_request(client: Client, provider: str) -> None:
    for number in range(40):
        last = go(client, next=f"/{'long-address' * 20}/{number}/")

    kept = [cookie for cookie in client.cookies.values() if cookie.value]
    assert sum(len(cookie.value) for cookie in kept) < 6000
    assert come_back(client, at_the_provider(last, sub="ada")).status_code == HTTPStatus.FOUND


def test_asking_to_sign_in_leaves_no_session_behind(client: Client, provider: str, settings: Settings) -> None:
    go(client)

    assert settings.SESSION_COOKIE_NAME not in client.cookies


def test_a_reader_already_signed_in_goes_straight_to_the_page(client: Client, sign_in: SignIn) -> None:
    sign_in(client)

    assert go(client, next="/en/news/") == "/en/news/"


def test_a_page_that_keeps_asking_a_signed_in_reader_to_sign_in_ends_in_a_403(client: Client, sign_in: SignIn) -> None:
    sign_in(client)
    init = reverse("oidc_authentication_init")

    statuses = [client.get(init, {"next": "/en/forbidden/"}).status_code for _ in range(3)]

    assert statuses == [302, 302, 403]


def test_the_session_key_changes_at_sign_in(client: Client, sign_in: SignIn) -> None:
    session = client.session
    session["before"] = True
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = str(before)

    sign_in(client)

    assert client.session.session_key != before


def test_the_request_carries_state_nonce_and_a_code_challenge(client: Client, provider: str) -> None:
    sent = asked(go(client))

    assert sent["code_challenge_method"] == "S256"
    assert len(sent["state"]) == len(sent["nonce"]) == 32


def test_a_reader_of_whom_the_provider_says_nothing_signs_in(client: Client, sign_in: SignIn) -> None:
    assert sign_in(client, "anonymous-47").status_code == HTTPStatus.FOUND

    page = client.get("/en/account/").content.decode()
    assert "not given by the sign-in service" in page
    assert "no rule of the portal matches" in page


def test_two_accounts_with_one_address_are_two_people(client: Client, sign_in: SignIn, claims_of: ClaimsOf) -> None:
    claims_of("twin-1", {"email": "shared@valmont.example"})
    claims_of("twin-2", {"email": "shared@valmont.example"})

    sign_in(client, "twin-1")
    sign_in(Client(), "twin-2")

    assert User.objects.filter(email="shared@valmont.example").count() == 2


def test_a_changed_name_and_address_are_taken_over(client: Client, sign_in: SignIn, claims_of: ClaimsOf) -> None:
    claims_of("changing", {"given_name": "Jean", "family_name": "Martin", "email": "jm@valmont.example"})
    sign_in(client, "changing")
    claims_of("changing", {"given_name": "Jeanne", "family_name": "Martin", "email": "jeanne@valmont.example"})
    sign_in(Client(), "changing")

    user = User.objects.get()
    assert (user.get_full_name(), user.email) == ("Jeanne Martin", "jeanne@valmont.example")


def test_a_new_set_of_claims_replaces_what_was_known(client: Client, sign_in: SignIn, claims_of: ClaimsOf) -> None:
    claims_of("moving", {"eduPersonAffiliation": ["student"], "supannEntiteAffectation": "U01"})
    sign_in(client, "moving")
    claims_of("moving", {"eduPersonAffiliation": ["student"], "supannEntiteAffectation": "U02"})
    sign_in(Client(), "moving")

    assert KnownReader.objects.get().units == ["U02"]


def test_hostile_names_are_kept_as_one_plain_line(client: Client, sign_in: SignIn, claims_of: ClaimsOf) -> None:
    claims_of("hostile", {"given_name": "A\u202e\x00da\n<b>", "family_name": ["x" * 10_000], "email": "no address"})
    sign_in(client, "hostile")

    user = User.objects.get()
    assert user.first_name == "A da <b>"
    assert user.last_name == "x" * 150
    assert user.email == ""
    assert "&lt;b&gt;" in client.get("/en/account/").content.decode()


def test_a_disabled_user_stays_out(client: Client, sign_in: SignIn) -> None:
    sign_in(client)
    User.objects.update(is_active=False)

    answer = sign_in(Client(), next="/en/")

    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert "This account is closed" in answer.content.decode()


def test_disabling_a_user_ends_their_session(client: Client, sign_in: SignIn) -> None:
    sign_in(client)
    User.objects.update(is_active=False)

    assert client.get("/en/account/").status_code == HTTPStatus.FOUND


def test_an_identity_is_kept_by_issuer_and_subject(client: Client, sign_in: SignIn, provider: str) -> None:
    sign_in(client)
    sign_in(Client())

    identity = OIDCIdentity.objects.get()
    assert (identity.issuer, identity.subject) == (provider, "ada")
