"""What a browser does to sign in, step by step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from django.test import Client
from django.urls import reverse

Answer = Any  # the response of a test client, whose type has no public name
SignIn = Callable[..., Answer]
ClaimsOf = Callable[[str, dict[str, Any]], None]


def go(client: Client, *, next: str | None = None) -> str:
    """Ask to sign in; return the provider's address to which the portal sends."""
    answer = client.get(reverse("oidc_authentication_init"), {} if next is None else {"next": next})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def at_the_provider(address: str, *, sub: str) -> str:
    """Choose a persona on the provider's page; return the address to which it sends back."""
    answer = requests.post(address, data={"sub": sub}, allow_redirects=False, timeout=5)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def come_back(client: Client, address: str) -> Answer:
    parts = urlsplit(address)
    return client.get(f"{parts.path}?{parts.query}")


def asked(address: str) -> dict[str, str]:
    """Return the parameters the portal sent to the provider."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session
