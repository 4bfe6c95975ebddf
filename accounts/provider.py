"""What the portal knows of the identity provider: its endpoints and its keys, asked when needed and cached.

Nothing here runs at start-up: with the provider away, the portal starts and serves what is public.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import jwt
import requests
from django.conf import settings
from django.core.cache import cache
from urllib3.exceptions import HTTPError

from accounts import bounded
from accounts.errors import Reason, SignInError

FRESH = 3600  # seconds after which the provider is asked again
STALE = 7 * 24 * 3600  # seconds during which an old answer serves when the provider does not give a new one
SOON = 30  # seconds during which the provider is not asked the same again
ANSWERS_IN_ALL = 3  # a sign-in asks for four at most, and waits for each only a moment
MOST_BYTES = 1_000_000  # of an answer
ANSWERS = "accounts.provider:answers"
P = ParamSpec("P")
T = TypeVar("T")
ALGORITHMS = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"}


@dataclass(frozen=True, slots=True)
class Provider:
    """The addresses of the provider; `userinfo` and `end_session` are empty when it has none.

    `names_itself`: its answers to a sign-in say whose they are (RFC 9207), so that one which does not is not its own.
    """

    issuer: str
    authorization: str
    token: str
    userinfo: str
    jwks: str
    end_session: str
    names_itself: bool


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
        return Provider(issuer=issuer, names_itself=False, **given)

    def described(content: dict[str, Any]) -> Provider:
        said = content.get("issuer")
        # A document that speaks for another issuer would lend its keys to it (OpenID Connect Discovery 1.0, 4.3).
        if not isinstance(said, str) or said.rstrip("/") != issuer.rstrip("/"):
            raise SignInError(Reason.UNAVAILABLE, "discovery names another issuer")
        found = {name: given[name] or _address(content.get(field)) for name, field in DISCOVERED.items()}
        if missing := [name for name in REQUIRED if not found[name]]:
            raise SignInError(Reason.UNAVAILABLE, f"discovery lacks {', '.join(missing)}")
        named = content.get("authorization_response_iss_parameter_supported") is True
        return Provider(issuer=said, names_itself=named, **found)

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


@dataclass(frozen=True, slots=True)
class Said:
    """What the provider answered, read whole."""

    status: int
    content_type: str
    body: bytes


def _timeout() -> float:
    return float(getattr(settings, "OIDC_TIMEOUT", None) or 5)


def one_exchange() -> AbstractContextManager[float]:
    """Within, all that is asked of the provider together lasts no longer than ANSWERS_IN_ALL times one wait."""
    return bounded.all_within(ANSWERS_IN_ALL * _timeout())


def in_one_exchange(view: Callable[P, T]) -> Callable[P, T]:
    """Let all that a view asks of the provider be one exchange."""

    @wraps(view)
    def bounded_view(*args: P.args, **kwargs: P.kwargs) -> T:
        with one_exchange():
            return view(*args, **kwargs)

    return bounded_view


def ask(address: str, *, data: Mapping[str, str] | None = None, **options: Any) -> Said:
    """Return the provider's answer at `address`, whatever its status; `data` is posted.

    Raises SignInError when there is none: a wait has an end, also for an answer that comes byte by byte, all that one
    request of a reader's makes the portal ask together has one, and what is longer than any token or set of claims is
    not read.
    """
    body = bytearray()
    try:
        with (
            one_exchange() as until,
            bounded.session(until) as session,
            session.request(
                "GET" if data is None else "POST",
                address,
                data=data,
                timeout=min(_timeout(), bounded.left(until)),
                verify=getattr(settings, "OIDC_VERIFY_SSL", True),
                proxies=getattr(settings, "OIDC_PROXY", None),
                stream=True,
                allow_redirects=data is None,
                **options,
            ) as answer,
        ):
            # Not iter_content, which waits until its whole part is there.
            while part := answer.raw.read1(16_384, decode_content=True):
                body += part
                if len(body) > MOST_BYTES:
                    raise SignInError(Reason.UNAVAILABLE, "provider: answer too long")
                bounded.left(until)
            return Said(answer.status_code, answer.headers.get("content-type", "").lower(), bytes(body))
    except TimeoutError:
        raise SignInError(Reason.UNAVAILABLE, "provider: answer too slow") from None
    except (requests.RequestException, HTTPError) as error:
        raise SignInError(Reason.UNAVAILABLE, f"provider: {type(error).__name__}") from None


def fetch(address: str, **options: Any) -> Said:
    """Return the provider's answer at `address`. Raises SignInError when there is none, or an error."""
    answer = ask(address, **options)
    if answer.status != 200:
        raise SignInError(Reason.UNAVAILABLE, f"provider: {answer.status}")
    return answer


def as_object(answer: Said) -> dict[str, Any]:
    """Return the JSON object in `answer`. Raises SignInError: a proxy's page in HTML is no answer."""
    try:
        content = json.loads(answer.body)
    except (ValueError, RecursionError):
        raise SignInError(Reason.UNAVAILABLE, "provider: not JSON") from None
    if not isinstance(content, dict):
        raise SignInError(Reason.UNAVAILABLE, "provider: not an object")
    return content


def answers() -> bool:
    """Return whether the provider answers now. One request asks, and for half a minute all others are told the same."""
    if not cache.add(ANSWERS, False, SOON):
        return bool(cache.get(ANSWERS))
    try:
        address = f"{str(settings.OIDC_ISSUER).rstrip('/')}/.well-known/openid-configuration"
        given = all(getattr(settings, GIVEN[name], "") for name in REQUIRED)
        # Without discovery, any word of its key server will do.
        said = ask(str(getattr(settings, GIVEN["jwks"])) if given else address).status < 500
    except SignInError:
        said = False
    cache.set(ANSWERS, said, SOON)
    return said


def _cached(
    address: str, *, renew: bool = False, usable: Callable[[dict[str, Any]], object] = lambda content: None
) -> dict[str, Any]:
    """Return the JSON at `address`, at most FRESH seconds old, or STALE when the provider is away.

    Content at which `usable` raises SignInError is as good as no answer, and is not kept.
    """
    key = f"accounts.provider:{hashlib.sha256(address.encode()).hexdigest()}"
    kept: tuple[float, dict[str, Any]] | None = cache.get(key)
    # Anyone may send a token with a key of their own making: it does not have the provider asked each time.
    if renew and not cache.add(f"{key}:renewed", True, SOON):
        renew = False
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
