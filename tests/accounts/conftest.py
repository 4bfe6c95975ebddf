"""Providers to sign in at: the demonstration's, and one that says whatever a test wants."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from django.test import Client
from pytest_django import Settings

from accounts.demo_provider import Persona, running
from tests.accounts.forger import Forger
from tests.accounts.steps import Answer, ClaimsOf, SignIn, at_the_provider, come_back, go

ADA = Persona(
    sub="ada",
    label="Lecturer",
    claims={
        "given_name": "Ada",
        "family_name": "Byron",
        "email": "ada@valmont.example",
        "eduPersonAffiliation": ["faculty", "member"],
        "supannEntiteAffectation": "U01",
    },
)
NOBODY = Persona(sub="anonymous-47")


@pytest.fixture(scope="session")
def demo_provider() -> Iterator[str]:
    """The address of the demonstration's provider, which knows Ada and someone of whom it says nothing."""
    with running([ADA, NOBODY]) as server:
        yield f"http://127.0.0.1:{server.server_port}"


@pytest.fixture
def provider(demo_provider: str, settings: Settings) -> str:
    settings.OIDC_ISSUER = demo_provider
    return demo_provider


@pytest.fixture
def claims_of(provider: str) -> ClaimsOf:
    """Say what the provider releases of someone from now on."""

    def say(sub: str, claims: dict[str, Any]) -> None:
        requests.put(f"{provider}/users/{sub}", json=claims, timeout=5).raise_for_status()

    return say


@pytest.fixture
def sign_in(provider: str) -> SignIn:
    """Sign someone in through the provider, as a browser does; return the portal's last answer."""

    def through(client: Client, sub: str = "ada", *, next: str | None = None) -> Answer:
        return come_back(client, at_the_provider(go(client, next=next), sub=sub))

    return through


@pytest.fixture
def forger(settings: Settings) -> Iterator[Forger]:
    """A provider whose tokens, keys and answers the test chooses."""
    with Forger.running() as forger:
        settings.OIDC_ISSUER = forger.issuer
        yield forger
