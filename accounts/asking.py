"""The question that a sign-in is, as the provider is asked it."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from mozilla_django_oidc.utils import absolutify, generate_code_challenge

from accounts.attempts import Attempt
from accounts.provider import provider


def asked_of_provider(request: HttpRequest, destination: str, *, silent: bool = False) -> tuple[Attempt, str]:
    """Return a new attempt that ends at `destination`, and the address at which the provider is asked.

    Raises SignInError when its addresses cannot be had.
    """
    known = provider()
    attempt = Attempt.begin(destination, issuer=known.issuer, silent=silent)
    query = {
        "response_type": "code",
        "scope": settings.OIDC_RP_SCOPES,
        "client_id": settings.OIDC_RP_CLIENT_ID,
        "redirect_uri": absolutify(request, reverse("oidc_authentication_callback")),
        "state": attempt.state,
        "nonce": attempt.nonce,
        "code_challenge": generate_code_challenge(attempt.code_verifier, "S256"),
        "code_challenge_method": "S256",
        "ui_locales": language_of(destination),
        **getattr(settings, "OIDC_AUTH_REQUEST_EXTRA_PARAMS", {}),
        **({"prompt": "none"} if silent else {}),
    }
    return attempt, with_query(known.authorization, query)


def with_query(address: str, query: dict[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"


def language_of(destination: str) -> str:
    path = urlsplit(destination).path
    return translation.get_language_from_path(path) or settings.LANGUAGE_CODE
