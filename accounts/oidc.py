"""Sign-in with OpenID Connect: mozilla-django-oidc, with the checks it leaves out.

It verifies neither issuer, audience nor the userinfo's subject, asks for the keys at each sign-in, knows users by their
e-mail and lets protocol errors through as 500. What this backend adds follows OpenID Connect Core 1.0, 3.1.3.7, 5.3.2.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus

import jwt
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from mozilla_django_oidc.auth import OIDCAuthenticationBackend
from mozilla_django_oidc.utils import absolutify

from accounts.errors import Reason, SignInError
from accounts.models import User
from accounts.provider import Said, as_object, ask, fetch, provider, signing_key
from accounts.services import sign_in
from search.compiled import compiled

logger = logging.getLogger(__name__)

# What a token says of itself, not of the person.
PROTOCOL = {
    "iss", "aud", "azp", "exp", "iat", "nbf", "jti", "nonce", "at_hash", "c_hash", "s_hash", "auth_time", "acr", "amr",
    "sid", "typ", "session_state",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who came back from the provider. The token is what a sign-out shows the provider; it is kept in the session."""

    user: User
    id_token: str
    issuer: str
    subject: str
    sid: str


class OIDCBackend(OIDCAuthenticationBackend):
    """Django's backend of those who signed in at the provider. Its sign-in is `complete`; it accepts no credentials."""

    def __init__(self) -> None:
        # Django makes a backend at each request of a signed-in reader: nothing is asked of the provider here.
        self.UserModel = get_user_model()
        self.OIDC_RP_CLIENT_ID = settings.OIDC_RP_CLIENT_ID
        self.OIDC_RP_CLIENT_SECRET = settings.OIDC_RP_CLIENT_SECRET
        self.OIDC_RP_SIGN_ALGO = getattr(settings, "OIDC_RP_SIGN_ALGO", "RS256")

    def authenticate(self, request: HttpRequest | None, **credentials: object) -> None:
        """Refuse: no form signs in. Only the callback does, through `complete`."""

    def get_user(self, user_id: Any) -> User | None:
        """Return the user of a session with what is known of them, in one query, unless disabled since."""
        return next(iter(_user_of(int(user_id))), None)

    def complete(self, request: HttpRequest, *, code: str, nonce: str, code_verifier: str) -> SignedIn:
        """Exchange the provider's code for the person who signed in. Raises SignInError."""
        tokens = self.get_token(
            {
                "client_id": self.OIDC_RP_CLIENT_ID,
                "client_secret": self.OIDC_RP_CLIENT_SECRET,
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": absolutify(request, reverse("oidc_authentication_callback")),
                "code_verifier": code_verifier,
            }
        )
        id_token, access_token = tokens.get("id_token"), tokens.get("access_token")
        if not isinstance(id_token, str) or not isinstance(access_token, str):
            raise SignInError(Reason.UNTRUSTED, "no token")
        payload = self.verify_token(id_token, nonce=nonce)
        claims = flattened(payload | self.get_userinfo(access_token, id_token, payload))
        user = sign_in(
            issuer=payload["iss"],
            subject=payload["sub"],
            claims={name: value for name, value in claims.items() if name not in PROTOCOL},
        )
        sid = payload.get("sid")
        return SignedIn(
            user=user,
            id_token=id_token,
            issuer=payload["iss"],
            subject=payload["sub"],
            sid=sid if isinstance(sid, str) and len(sid) <= 255 else "",
        )

    def get_token(self, payload: dict[str, Any]) -> dict[str, Any]:
        """Return the tokens that a code gives. Raises SignInError: the provider refuses a used or foreign code."""
        options: dict[str, Any] = {}
        if getattr(settings, "OIDC_TOKEN_USE_BASIC_AUTH", False):
            # Both are encoded first (RFC 6749, 2.3.1): a secret may hold a colon or an accent.
            options["auth"] = (quote_plus(self.OIDC_RP_CLIENT_ID), quote_plus(self.OIDC_RP_CLIENT_SECRET))
            payload = {name: value for name, value in payload.items() if name != "client_secret"}
        answer = ask(provider().token, data=payload, **options)
        if answer.status == 400 and _refuses_the_code(answer):
            raise SignInError(Reason.EXPIRED, "code refused")
        if answer.status != 200:
            # The provider's words are not repeated in the log.
            raise SignInError(Reason.UNAVAILABLE, f"token endpoint: {answer.status}")
        return as_object(answer)

    def verify_token(self, token: str, *, nonce: str | None = None, **options: object) -> dict[str, Any]:
        """Return what the id_token `token` says. Raises SignInError unless it is all true, for us, and of now."""
        payload = self.decode(token, require=["iss", "aud", "exp", "iat", "sub"])
        if not nonce or payload.get("nonce") != nonce:
            raise SignInError(Reason.UNTRUSTED, "nonce")
        several = isinstance(payload["aud"], list) and len(payload["aud"]) > 1
        if ("azp" in payload or several) and payload.get("azp") != self.OIDC_RP_CLIENT_ID:
            raise SignInError(Reason.UNTRUSTED, "authorised party")
        subject = payload["sub"]
        if not subject.strip() or len(subject) > 255 or not subject.isprintable():
            raise SignInError(Reason.UNTRUSTED, "subject")
        return payload

    def get_userinfo(self, access_token: str, id_token: str, payload: Mapping[str, Any]) -> dict[str, Any]:
        """Return the claims of the userinfo endpoint, if the provider has one. Raises SignInError.

        An answer about another subject than the token's is another person's (Core 1.0, 5.3.2).
        """
        address = provider().userinfo
        if not address:
            return {}
        answer = fetch(address, headers={"Authorization": f"Bearer {access_token}"})
        if answer.content_type.startswith("application/jwt"):
            claims = self.decode(answer.body.decode("utf-8", "replace"), require=["iss", "aud", "sub"])
        else:
            claims = as_object(answer)
        if claims.get("sub") != payload["sub"]:
            raise SignInError(Reason.UNTRUSTED, "userinfo of another subject")
        return claims

    def decode(self, token: str, *, require: list[str]) -> dict[str, Any]:
        """Return what `token` says, signed by the provider, for this portal, in its time. Raises SignInError."""
        key = signing_key(token, algorithm=self.OIDC_RP_SIGN_ALGO)
        try:
            payload: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=[self.OIDC_RP_SIGN_ALGO],
                audience=self.OIDC_RP_CLIENT_ID,
                issuer=provider().issuer,
                leeway=getattr(settings, "OIDC_LEEWAY", 60),
                options={"require": require},
            )
        except jwt.ExpiredSignatureError:
            raise SignInError(Reason.EXPIRED, "token expired") from None
        except jwt.PyJWTError as error:
            raise SignInError(Reason.UNTRUSTED, f"token: {type(error).__name__}") from None
        return payload


def flattened(claims: dict[str, Any]) -> dict[str, Any]:
    """Return `claims` with those that CAS puts under “attributes”; what is said beside them wins.

    Claims that a provider keeps back because they are too many, as Entra ID does with groups, are absent: nothing is
    given for them, and the log says so.
    """
    elsewhere = claims.get("_claim_names")
    if isinstance(elsewhere, dict):
        known = {name for names in settings.PARVIS_CLAIMS.values() for name in names}
        if kept_back := sorted(known.intersection(elsewhere)):
            logger.warning("claims kept back by the provider: %s", ", ".join(kept_back))
    nested = claims.get("attributes")
    return {**nested, **claims} if isinstance(nested, dict) else claims


def _refuses_the_code(answer: Said) -> bool:
    """Tell a code refused from a client refused, which no reader can help (RFC 6749, 5.2)."""
    try:
        return as_object(answer).get("error") == "invalid_grant"
    except SignInError:
        return False


@compiled
def _user_of(user: int) -> QuerySet[User]:
    known = User.objects.select_related("known_reader").filter(pk=user, is_active=True)
    known = known.defer("known_reader__attributes", "known_reader__attributes_key", "known_reader__seen_at")
    return known.annotate(
        may_hold_permissions=Exists(User.groups.through.objects.filter(user=OuterRef("pk")))
        | Exists(User.user_permissions.through.objects.filter(user=OuterRef("pk")))
    )
