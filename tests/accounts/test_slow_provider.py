"""A provider that drips its answers, or is late with each of them, holds nobody for long."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from accounts.sessions import PortalSession
from tests.accounts.forger import Forger
from tests.accounts.steps import go, is_signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.once]
DISCOVERY = "/.well-known/openid-configuration"


SOON = 15  # seconds, of the forty that an answer drips: a machine may have much else to do


@pytest.fixture
def impatient(settings: Settings) -> Callable[[], None]:
    def now() -> None:
        settings.OIDC_TIMEOUT = 0.3  # so that all together has 0.9 s

    return now


@pytest.mark.parametrize("path", ["/token", "/userinfo", "/jwks"])
def test_headers_that_come_byte_by_byte_end_a_sign_in_in_time(
    client: Client, forger: Forger, impatient: Callable[[], None], path: str
) -> None:
    go(client)  # the address of discovery is known
    forger.drips = {path}

    impatient()
    began = time.monotonic()
    answer = forger.sign_in(client)

    assert answer.status_code == 503
    assert not is_signed_in(client)
    assert time.monotonic() - began < SOON


def test_a_discovery_that_drips_lets_nobody_wait(client: Client, forger: Forger, impatient: Callable[[], None]) -> None:
    cache.clear()
    forger.drips = {DISCOVERY}

    impatient()
    began = time.monotonic()

    assert client.get("/oidc/authenticate/").status_code == 503
    assert time.monotonic() - began < SOON


def test_answers_each_in_time_are_too_late_together(
    client: Client, forger: Forger, impatient: Callable[[], None]
) -> None:
    """Discovery, token, keys and userinfo at 0.28 s each: none is late, and the reader would wait for all."""
    forger.late = 0.28

    impatient()
    began = time.monotonic()
    answer = forger.sign_in(client)
    took = time.monotonic() - began

    assert answer.status_code == 503
    assert not is_signed_in(client)
    assert took < SOON


def test_one_signs_out_though_the_provider_drips(client: Client, forger: Forger, impatient: Callable[[], None]) -> None:
    forger.sign_in(client, next="/en/")
    assert is_signed_in(client)
    cache.clear()
    forger.drips = {DISCOVERY}

    impatient()
    began = time.monotonic()
    client.post("/oidc/logout/")

    assert not is_signed_in(client)
    assert time.monotonic() - began < SOON


def test_a_sign_out_of_the_back_channel_waits_no_longer(
    client: Client, forger: Forger, impatient: Callable[[], None]
) -> None:
    forger.sign_in(client)
    cache.clear()
    forger.drips = {"/jwks"}

    impatient()
    began = time.monotonic()
    answer = client.post("/oidc/backchannel/", {"logout_token": forger.logout_token()})

    assert answer.status_code == 503
    assert time.monotonic() - began < SOON
    assert PortalSession.objects.count() == 1
