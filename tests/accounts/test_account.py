"""My account: what the portal knows, and why."""

from __future__ import annotations

import json
from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import reverse

from audience.models import Audience, Condition, Kind, Rule
from tests.accounts.steps import SignIn

pytestmark = pytest.mark.django_db


@pytest.fixture
def teachers() -> Audience:
    audience = Audience.objects.create(slug="teachers", name="Enseignants", name_en="Teachers", kind=Kind.STATUS)
    rule = Rule.objects.create(audience=audience)
    Condition.objects.create(rule=rule, attribute="affiliation", values="faculty")
    return audience


def test_the_account_says_who_one_is_and_which_rule_put_one_in_an_audience(
    client: Client, sign_in: SignIn, teachers: Audience
) -> None:
    sign_in(client)

    page = client.get("/en/account/").content.decode()

    assert "Ada Byron" in page
    assert "U01" in page
    assert "Teachers" in page
    assert "faculty" in page


def test_a_visitor_signs_in_and_comes_back_to_the_account(client: Client, sign_in: SignIn) -> None:
    first = client.get("/en/account/")
    assert first["Location"] == "/oidc/authenticate/?next=/en/account/"

    assert sign_in(client, next="/en/account/")["Location"] == "/en/account/"


def test_the_account_is_never_kept_by_a_cache(client: Client, sign_in: SignIn) -> None:
    sign_in(client)

    assert "no-store" in client.get("/en/account/")["Cache-Control"]


def test_what_the_portal_holds_is_downloaded_as_json(
    client: Client, sign_in: SignIn, teachers: Audience, provider: str
) -> None:
    sign_in(client)

    answer = client.get(reverse("account_data"))
    held = json.loads(answer.content)

    assert answer["Content-Disposition"].startswith("attachment")
    assert held["account"]["email"] == "ada@valmont.example"
    assert [(one["issuer"], one["subject"]) for one in held["identities"]] == [(provider, "ada")]
    assert [one["audience"] for one in held["audiences"]] == ["teachers"]
    assert "password" not in answer.content.decode()


@pytest.mark.parametrize("name", ["account", "account_data"])
def test_the_account_is_only_read(client: Client, sign_in: SignIn, name: str) -> None:
    sign_in(client)

    assert client.post(reverse(name)).status_code == HTTPStatus.METHOD_NOT_ALLOWED


@pytest.mark.parametrize("what", ["", "account", "audiences", "nothing", "\x00"])
def test_only_what_is_the_readers_to_erase_is_erased(client: Client, sign_in: SignIn, what: str) -> None:
    sign_in(client)

    assert client.post(reverse("account_erase"), {"what": what}).status_code == HTTPStatus.NOT_FOUND
    assert client.get(reverse("account_erase")).status_code == HTTPStatus.METHOD_NOT_ALLOWED


def test_a_visitor_erases_nothing(client: Client) -> None:
    assert client.post(reverse("account_erase"), {"what": "visits"})["Location"].startswith("/oidc/authenticate/")
