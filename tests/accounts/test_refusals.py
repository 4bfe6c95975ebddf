"""Whatever goes wrong in a sign-in ends on a page, without a session, with a reference that the log also has."""

from __future__ import annotations

import json
import logging
import re
import time
from typing import Any

import jwt
import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from tests.accounts.forger import KEY, OTHER_KEY, Forger, public
from tests.accounts.steps import SignIn, asked, at_the_provider, come_back, go, is_signed_in

pytestmark = pytest.mark.django_db
CALLBACK = "/oidc/callback/"


def assert_refused(client: Client, answer: Any, *, status: int, title: str) -> None:
    page = answer.content.decode()
    assert answer.status_code == status, page
    assert title in page
    assert not is_signed_in(client)
    assert not User.objects.exists()


def test_a_good_token_signs_in(client: Client, forger: Forger) -> None:
    assert forger.sign_in(client, next="/en/here/")["Location"] == "/en/here/"
    assert is_signed_in(client)


@pytest.mark.parametrize(
    ("token", "title"),
    [
        ({"iss": "https://evil.example"}, "could not be verified"),
        ({"iss": None}, "could not be verified"),
        ({"aud": "another-client"}, "could not be verified"),
        ({"aud": None}, "could not be verified"),
        ({"aud": ["parvis", "another-client"]}, "could not be verified"),
        ({"azp": "another-client"}, "could not be verified"),
        ({"exp": None}, "could not be verified"),
        ({"exp": "soon"}, "could not be verified"),
        ({"exp": int(time.time()) - 3600}, "This sign-in is over"),
        ({"iat": int(time.time()) + 3600}, "could not be verified"),
        ({"nbf": int(time.time()) + 3600}, "could not be verified"),
        ({"nonce": "stolen"}, "could not be verified"),
        ({"nonce": None}, "could not be verified"),
        ({"sub": None}, "could not be verified"),
        ({"sub": ""}, "could not be verified"),
        ({"sub": 42}, "could not be verified"),
        ({"sub": "a\x00b"}, "could not be verified"),
        ({"sub": "x" * 300}, "could not be verified"),
    ],
)
def test_a_token_that_is_not_for_us_now_and_about_someone_is_refused(
    client: Client, forger: Forger, token: dict[str, Any], title: str
) -> None:
    forger.token = token
    assert_refused(client, forger.sign_in(client), status=400, title=title)


def test_a_clock_a_little_ahead_or_behind_is_forgiven(client: Client, forger: Forger) -> None:
    now = int(time.time())
    forger.token = {"iat": now + 30, "exp": now - 20}
    assert forger.sign_in(client).status_code == 302


def test_several_audiences_are_accepted_from_the_party_they_authorise(client: Client, forger: Forger) -> None:
    forger.token = {"aud": ["parvis", "another-client"], "azp": "parvis"}
    assert forger.sign_in(client).status_code == 302


def test_an_unsigned_token_is_refused(client: Client, forger: Forger) -> None:
    forger.key, forger.algorithm = None, "none"
    assert_refused(client, forger.sign_in(client), status=400, title="could not be verified")


def test_a_token_signed_with_the_public_key_as_a_secret_is_refused(client: Client, forger: Forger) -> None:
    forger.sign_with_public_key = True
    assert_refused(client, forger.sign_in(client), status=400, title="could not be verified")


def test_a_token_signed_by_another_is_refused(client: Client, forger: Forger) -> None:
    forger.key = OTHER_KEY
    assert_refused(client, forger.sign_in(client), status=400, title="could not be verified")


def test_userinfo_of_another_subject_is_refused(client: Client, forger: Forger) -> None:
    forger.userinfo = {"sub": "someone-else", "eduPersonEntitlement": "urn:admin"}
    assert_refused(client, forger.sign_in(client), status=400, title="could not be verified")


def test_signed_userinfo_is_verified(client: Client, forger: Forger) -> None:
    forger.userinfo = {}
    assert_refused(client, forger.sign_in(client), status=400, title="could not be verified")


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/.well-known/openid-configuration", (500, "")),
        ("/.well-known/openid-configuration", (200, "<html>Maintenance</html>")),
        ("/.well-known/openid-configuration", (200, '{"issuer": "https://evil.example"}')),
        ("/.well-known/openid-configuration", (200, "[]")),
    ],
)
def test_a_provider_that_cannot_be_discovered_is_said_on_a_503(
    client: Client, forger: Forger, path: str, answer: tuple[int, str]
) -> None:
    forger.answers[path] = answer
    page = client.get(reverse("oidc_authentication_init"), {"next": "/en/"})
    assert_refused(client, page, status=503, title="The sign-in service does not answer")


@pytest.mark.parametrize(
    ("path", "answer", "status"),
    [
        ("/token", (500, "oops"), 503),
        ("/token", (200, "<html>"), 503),
        ("/token", (200, "[]"), 503),
        ("/token", (401, '{"error": "invalid_client"}'), 503),
        ("/token", (400, '{"error": "invalid_grant"}'), 400),
        ("/token", (200, "{}"), 400),
        ("/token", (200, '{"id_token": "x", "access_token": "y"}'), 400),
        ("/jwks", (500, ""), 503),
        ("/jwks", (200, '{"keys": []}'), 400),
        ("/jwks", (200, '{"keys": "none"}'), 400),
        ("/userinfo", (500, ""), 503),
        ("/userinfo", (401, ""), 503),
        ("/userinfo", (200, "<html>"), 503),
        ("/userinfo", (200, "null"), 503),
    ],
)
def test_whatever_the_provider_answers_it_is_never_a_500(
    client: Client, forger: Forger, path: str, answer: tuple[int, str], status: int
) -> None:
    forger.answers[path] = answer
    assert_refused(client, forger.sign_in(client), status=status, title="help desk")


def test_a_provider_that_is_away_is_said_on_a_503(client: Client, settings: Settings) -> None:
    settings.OIDC_ISSUER = "http://127.0.0.1:9"
    page = client.get(reverse("oidc_authentication_init"), {"next": "/en/"})
    assert_refused(client, page, status=503, title="The sign-in service does not answer")


@pytest.mark.parametrize(
    ("error", "status", "title"),
    [
        ("access_denied", 403, "You have not been signed in"),
        ("login_required", 403, "You have not been signed in"),
        ("server_error", 503, "The sign-in service does not answer"),
        ("<script>", 503, "The sign-in service does not answer"),
    ],
)
def test_an_error_of_the_provider_is_said(client: Client, forger: Forger, error: str, status: int, title: str) -> None:
    answer = forger.sign_in(client, code="", error=error)
    assert_refused(client, answer, status=status, title=title)
    assert "<script>" not in answer.content.decode()


def test_an_answer_that_names_another_issuer_is_refused(client: Client, forger: Forger) -> None:
    answer = forger.sign_in(client, iss="https://evil.example")
    assert_refused(client, answer, status=400, title="could not be verified")


@pytest.mark.parametrize("query", ["", "?code=x", "?state=x&code=y", "?error=x", f"?code=x&state={'a' * 32}"])
def test_an_answer_nobody_asked_for_is_refused(client: Client, forger: Forger, query: str) -> None:
    assert client.get(f"{CALLBACK}{query}").status_code == 400
    assert not is_signed_in(client)


def test_a_state_does_not_work_in_another_browser(client: Client, provider: str) -> None:
    back = at_the_provider(go(client), sub="ada")

    assert come_back(Client(), back).status_code == 400


def test_a_callback_does_not_work_twice(client: Client, provider: str) -> None:
    back = at_the_provider(go(client), sub="ada")
    come_back(client, back)
    client.cookies.pop("sessionid")

    assert come_back(client, back).status_code == 400
    assert not is_signed_in(client)


def test_a_code_does_not_work_twice_even_with_its_cookie(client: Client, provider: str) -> None:
    address = go(client)
    cookies = {name: cookie.value for name, cookie in client.cookies.items()}
    back = at_the_provider(address, sub="ada")
    come_back(client, back)
    thief = Client()
    thief.cookies.load(cookies)

    assert come_back(thief, back).status_code == 400
    assert not is_signed_in(thief)


def test_the_page_gives_the_logs_reference_and_a_way_to_try_again(
    client: Client, forger: Forger, caplog: pytest.LogCaptureFixture
) -> None:
    forger.userinfo = {"sub": "secret-subject"}
    with caplog.at_level(logging.WARNING, logger="accounts.views"):
        page = forger.sign_in(client, next="/en/there/").content.decode()

    (record,) = [record for record in caplog.records if record.name == "accounts.views"]
    reference = re.search(r"reference ([0-9A-F]{8})", record.getMessage())
    assert reference
    assert reference[1] in page
    assert "next=%2Fen%2Fthere%2F" in page
    assert "secret-subject" not in caplog.text
    assert "mallory" not in caplog.text


def test_the_page_speaks_the_language_of_the_page_asked_for(client: Client, forger: Forger) -> None:
    forger.userinfo = {"sub": "other"}

    assert "The sign-in could not be verified" in forger.sign_in(client, next="/en/").content.decode()


def test_a_forged_error_does_not_sign_a_reader_out(client: Client, sign_in: SignIn) -> None:
    sign_in(client)
    client.get(f"{CALLBACK}?error=access_denied&state=x")

    assert is_signed_in(client)


def test_a_token_that_names_no_key_is_accepted_when_there_is_only_one(client: Client, forger: Forger) -> None:
    forger.header = {}
    assert forger.sign_in(client).status_code == 302


def test_a_token_that_names_no_key_is_refused_when_there_are_two(client: Client, forger: Forger) -> None:
    forger.header = {}
    forger.keys = [public(KEY, kid="one"), public(OTHER_KEY, kid="two")]
    assert_refused(client, forger.sign_in(client), status=400, title="could not be verified")


def test_an_unknown_key_asks_once_more_and_no_more(client: Client, forger: Forger) -> None:
    forger.header = {"kid": "unheard-of"}
    assert_refused(client, forger.sign_in(client), status=400, title="could not be verified")
    assert forger.asked.count("/jwks") == 2


def test_a_token_whose_header_is_no_token_is_refused(client: Client, forger: Forger) -> None:
    forger.answers["/token"] = (200, json.dumps({"access_token": "a", "id_token": jwt.encode({}, "k" * 32) + "x"}))
    assert_refused(client, forger.sign_in(client), status=400, title="could not be verified")


def test_an_answer_at_which_another_provider_was_asked_is_refused(
    client: Client, forger: Forger, demo_provider: str, settings: Settings
) -> None:
    address = go(client, next="/en/")
    settings.OIDC_ISSUER = demo_provider
    answer = client.get(CALLBACK, {"code": "any", "state": asked(address)["state"]})

    assert_refused(client, answer, status=400, title="could not be verified")
    assert "/token" not in forger.asked


def test_a_provider_that_always_names_itself_is_not_believed_when_it_does_not(client: Client, forger: Forger) -> None:
    forger.names_itself = True
    assert_refused(client, forger.sign_in(client), status=400, title="could not be verified")
    assert forger.sign_in(client, iss=forger.issuer).status_code == 302


@pytest.mark.parametrize("path", ["/token", "/jwks", "/userinfo"])
def test_an_answer_without_end_is_not_read(client: Client, forger: Forger, path: str) -> None:
    forger.padded = path  # what comes after three megabytes of nothing is a good answer
    assert_refused(client, forger.sign_in(client), status=503, title="does not answer")


def test_an_answer_that_comes_byte_by_byte_is_not_waited_for(
    client: Client, forger: Forger, settings: Settings
) -> None:
    settings.OIDC_TIMEOUT = 0.2
    go(client)
    forger.pause = 0.1
    began = time.monotonic()

    assert_refused(client, client.get("/oidc/authenticate/?next=/en/"), status=503, title="does not answer")
    assert time.monotonic() - began < 3


@pytest.mark.parametrize("body", ["[" * 100_000, '{"sub": "mallory", "sub": 1e999}', "\xff", "{'sub': 'mallory'}"])
def test_what_only_looks_like_json_is_no_answer(client: Client, forger: Forger, body: str) -> None:
    forger.answers["/userinfo"] = (200, body)
    answer = forger.sign_in(client)

    assert answer.status_code in {400, 503}
    assert not is_signed_in(client)


@pytest.mark.parametrize("query", ["state={0}&code=x", "code={0}&state=x", "error={0}", "iss={0}&state=x&code=y"])
def test_a_callback_of_ten_thousand_characters_is_refused(client: Client, forger: Forger, query: str) -> None:
    answer = client.get(f"{CALLBACK}?{query.format('x' * 10_000)}")

    assert answer.status_code == 400
    assert not is_signed_in(client)


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ request.user.password }}{% load x %}",
    "'; DROP TABLE accounts_user; --",
    "\u202etxt.exe\u2066",
    "Ａｄａ\u200b\ufeff\u0301\u0301",
    "<!--slot:greeting:1-->",
    "x" * 10_000,
]


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_claims_are_words_wherever_they_are_shown(client: Client, forger: Forger, value: str) -> None:
    names = ["given_name", "family_name", "name", "email", "eduPersonAffiliation", "supannEntiteAffectation"]
    names += ["supannEtuCursusAnnee", "supannEtuDiplome", "eduPersonEntitlement", "isMemberOf", "supannEmpCorps"]
    forger.userinfo = {"sub": "mallory"} | {name: [value] for name in names}
    forger.userinfo["supannEtuInscription"] = f"[affect={value}][cursusann={value}]"
    assert forger.sign_in(client).status_code == 302

    for address in ("/en/account/", "/en/", "/en/account/data/", "/en/search/?q=x"):
        answer = client.get(address)
        page = answer.content.decode()
        assert answer.status_code == 200
        assert len(page) < 60_000
        if answer["Content-Type"].startswith("text/html"):
            assert "<script>alert" not in page
            assert "<img src=x" not in page
            assert "md5$" not in page
            assert "\u202e" not in page.split("account-attributes")[0]
            assert "<!--slot" not in page
    assert User.objects.count() == 1


def test_a_token_of_ten_thousand_characters_signs_in_and_out(client: Client, forger: Forger) -> None:
    forger.token = {"isMemberOf": ["cn=group,ou=groups,dc=valmont" * 10] * 40}
    assert forger.sign_in(client).status_code == 302

    answer = client.post(reverse("oidc_logout"))

    assert len(answer["Refresh"]) < 1000
    assert not is_signed_in(client)
