"""What the portal knows of the identity provider: its endpoints and its keys, asked when needed and cached.

Nothing here runs at start-up: with the provider away, the portal starts and serves what is public.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jwt
import requests
from django.conf import settings
from django.core.cache import cache

from accounts.errors import Reason, SignInError

FRESH = 3600  # seconds after which the provider is asked again
STALE = 7 * 24 * 3600  # seconds during which an old answer serves when the provider does not give a new one
ALGORITHMS = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"}


@dataclass(frozen=True, slots=True)
class Provider:
    """The addresses of the provider; `userinfo` and `end_session` are empty when it has none."""

    issuer: str
    authorization: str
    token: str
    userinfo: str
    jwks: str
    end_session: str


GIVEN = {
    "authorization": "OIDC_OP_AUTHORIZATION_ENDPOINT",
    "token": "OIDC_OP_TOKEN_ENDPOINT",
    "userinfo": "OIDC_OP_USER_ENDPOINT",
    "jwks": "OIDC_OP_JWKS_ENDPOINT",
    "end_session": "OIDC_OP_LOGOUT_ENDPOINT",
}
DISCOVERED = {
    "authorization": "authorization_endpoint",
    "token": "token_endpoint",
    "userinfo": "userinfo_endpoint",
    "jwks": "jwks_uri",
    "end_session": "end_session_endpoint",
}
REQUIRED = ("authorization", "token", "jwks")


def provider() -> Provider:
    """Return the provider's addresses: those given in settings, the others by discovery.

    Raises SignInError when they have to be discovered and cannot be.
    """
    given = {name: str(getattr(settings, setting, "") or "") for name, setting in GIVEN.items()}
    issuer = str(settings.OIDC_ISSUER)
    if all(given[name] for name in REQUIRED):
        return Provider(issuer=issuer, **given)

    def described(content: dict[str, Any]) -> Provider:
        said = content.get("issuer")
        # A document that speaks for another issuer would lend its keys to it (OpenID Connect Discovery 1.0, 4.3).
        if not isinstance(said, str) or said.rstrip("/") != issuer.rstrip("/"):
            raise SignInError(Reason.UNAVAILABLE, "discovery names another issuer")
        found = {name: given[name] or _address(content.get(field)) for name, field in DISCOVERED.items()}
        if missing := [name for name in REQUIRED if not found[name]]:
            raise SignInError(Reason.UNAVAILABLE, f"discovery lacks {', '.join(missing)}")
        return Provider(issuer=said, **found)

    # What cannot be used is not kept: an error page in JSON would else stop every sign-in until it is no longer fresh.
    return described(_cached(f"{issuer.rstrip('/')}/.well-known/openid-configuration", usable=described))


def signing_key(token: str, *, algorithm: str) -> jwt.PyJWK:
    """Return the provider's key that signed `token` with `algorithm`.

    An unknown key is asked for once more, for the provider may just have changed it. Raises SignInError.
    """
    try:
        header = jwt.get_unverified_header(token)
    except jwt.InvalidTokenError:
        raise SignInError(Reason.UNTRUSTED, "not a token") from None
    # The algorithm is the portal's choice: “none”, or HS256 with a public key as secret, end here.
    if algorithm not in ALGORITHMS or header.get("alg") != algorithm:
        raise SignInError(Reason.UNTRUSTED, "signature algorithm")
    address = provider().jwks
    for renew in (False, True):
        found = _matching(_cached(address, renew=renew), kid=header.get("kid"), algorithm=algorithm)
        if found is not None:
            return found
    raise SignInError(Reason.UNTRUSTED, "unknown key")


def _matching(keys: dict[str, Any], *, kid: object, algorithm: str) -> jwt.PyJWK | None:
    """Return the key named `kid`; for a token that names none, the only key of the algorithm."""
    family = "EC" if algorithm.startswith("ES") else "RSA"
    listed = keys.get("keys")
    usable = [
        key
        for key in (listed if isinstance(listed, list) else [])
        if isinstance(key, dict)
        and key.get("kty") == family
        and key.get("use", "sig") == "sig"
        and key.get("alg", algorithm) == algorithm
    ]
    chosen = usable if kid is None else [key for key in usable if key.get("kid") == kid]
    if len(chosen) != 1:
        return None
    try:
        return jwt.PyJWK.from_dict(chosen[0], algorithm=algorithm)
    except jwt.PyJWTError:
        return None


def fetch(address: str, **options: Any) -> requests.Response:
    """Return the provider's answer at `address`. Raises SignInError when there is none, or an error."""
    try:
        answer = requests.get(
            address,
            timeout=getattr(settings, "OIDC_TIMEOUT", None) or 5,
            verify=getattr(settings, "OIDC_VERIFY_SSL", True),
            proxies=getattr(settings, "OIDC_PROXY", None),
            **options,
        )
        answer.raise_for_status()
    except requests.RequestException as error:
        raise SignInError(Reason.UNAVAILABLE, f"provider: {type(error).__name__}") from None
    return answer


def as_object(answer: requests.Response) -> dict[str, Any]:
    """Return the JSON object in `answer`. Raises SignInError: a proxy's page in HTML is no answer."""
    try:
        content = answer.json()
    except requests.JSONDecodeError:
        raise SignInError(Reason.UNAVAILABLE, "provider: not JSON") from None
    if not isinstance(content, dict):
        raise SignInError(Reason.UNAVAILABLE, "provider: not an object")
    return content


def _cached(
    address: str, *, renew: bool = False, usable: Callable[[dict[str, Any]], object] = lambda content: None
) -> dict[str, Any]:
    """Return the JSON at `address`, at most FRESH seconds old, or STALE when the provider is away.

    Content at which `usable` raises SignInError is as good as no answer, and is not kept.
    """
    key = f"accounts.provider:{hashlib.sha256(address.encode()).hexdigest()}"
    kept: tuple[float, dict[str, Any]] | None = cache.get(key)
    if kept and not renew and time.time() - kept[0] < FRESH:
        return kept[1]
    try:
        content = as_object(fetch(address))
        usable(content)
    except SignInError:
        if kept is None:
            raise
        return kept[1]
    cache.set(key, (time.time(), content), STALE)
    return content


def _address(value: object) -> str:
    return value if isinstance(value, str) and value.startswith(("https://", "http://")) else ""
