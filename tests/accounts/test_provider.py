"""What the portal remembers of the provider."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.provider import provider
from tests.accounts.forger import KEY, OTHER_KEY, Forger, public

pytestmark = pytest.mark.django_db
DISCOVERY = "/.well-known/openid-configuration"


@pytest.fixture(autouse=True)
def real_cache(settings: Settings) -> Iterator[None]:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "accounts"}}
    cache.clear()
    yield
    cache.clear()


def test_addresses_and_keys_are_asked_once_for_several_sign_ins(forger: Forger) -> None:
    for _ in range(3):
        assert forger.sign_in(Client()).status_code == 302

    assert forger.asked.count(DISCOVERY) == forger.asked.count("/jwks") == 1


def test_a_new_key_of_the_provider_is_found(forger: Forger) -> None:
    forger.sign_in(Client())
    forger.keys, forger.key, forger.header = [public(OTHER_KEY, kid="two")], OTHER_KEY, {"kid": "two"}

    assert forger.sign_in(Client()).status_code == 302
    assert forger.asked.count("/jwks") == 2


def test_what_was_known_serves_while_the_provider_does_not_answer(forger: Forger) -> None:
    before = provider()
    forger.answers[DISCOVERY] = (500, "")
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        assert provider() == before


@pytest.mark.parametrize("answer", ["{}", '{"error": "maintenance"}'])
def test_an_answer_that_cannot_be_used_is_not_kept(forger: Forger, answer: str) -> None:
    forger.answers[DISCOVERY] = (200, answer)
    assert Client().get("/oidc/authenticate/").status_code == 503

    del forger.answers[DISCOVERY]

    assert forger.sign_in(Client()).status_code == 302


def test_an_answer_that_cannot_be_used_does_not_replace_the_last_good_one(forger: Forger) -> None:
    before = provider()
    forger.answers[DISCOVERY] = (200, "{}")
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        assert provider() == before


def test_a_key_for_something_else_signs_nothing(forger: Forger) -> None:
    forger.keys = [public(KEY, kid="one", use="enc")]

    assert forger.sign_in(Client()).status_code == 400


def test_addresses_given_in_settings_are_not_discovered(forger: Forger, settings: Settings) -> None:
    settings.OIDC_OP_AUTHORIZATION_ENDPOINT = "https://op.example/authorize"
    settings.OIDC_OP_TOKEN_ENDPOINT = "https://op.example/token"
    settings.OIDC_OP_JWKS_ENDPOINT = "https://op.example/keys"

    assert provider().token == "https://op.example/token"
    assert provider().userinfo == ""
    assert forger.asked == []


def test_one_address_given_in_settings_wins_over_the_discovered_one(forger: Forger, settings: Settings) -> None:
    settings.OIDC_OP_LOGOUT_ENDPOINT = "https://op.example/bye"

    assert provider().end_session == "https://op.example/bye"
    assert provider().token == f"{forger.issuer}/token"
