"""A sign-in under way: what the portal remembers between sending a reader to the provider and their return.

Each attempt is a signed cookie of its own. A session would do for one tab; but a browser that reopens several reserved
pages at once has no session yet, each tab would begin one, and all but the last to answer would find its state lost.
"""

from __future__ import annotations

import re
import time
from dataclasses import asdict, dataclass
from posixpath import commonpath
from typing import Self

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.http import url_has_allowed_host_and_scheme

LIFETIME = 30 * 60  # seconds: someone may have to find their second factor
PREFIX = "sign_in_"
SALT = "accounts.attempts"
COOKIES_LENGTH = 5000  # characters: servers refuse a header of 8 kB, which many abandoned tabs would make


@dataclass(frozen=True, slots=True)
class Attempt:
    """One tab's sign-in, at `issuer`. `next` is where it returns to: a local address, already checked.

    `silent`: asked without a word of a reader who is signed in (accounts.recheck).
    """

    state: str
    nonce: str
    code_verifier: str
    next: str
    since: int
    issuer: str
    silent: bool = False

    @classmethod
    def begin(cls, destination: str, *, issuer: str, silent: bool = False) -> Self:
        return cls(
            state=get_random_string(32),
            nonce=get_random_string(32),
            code_verifier=get_random_string(64),
            next=destination,
            since=int(time.time()),
            issuer=issuer,
            silent=silent,
        )

    @classmethod
    def of(cls, request: HttpRequest) -> Self | None:
        """Return the attempt that this browser began and that the provider now answers, or None."""
        state = request.GET.get("state", "")
        if not re.fullmatch(r"[A-Za-z0-9]{32}", state):
            return None
        attempt = cls._read(request.COOKIES.get(_name(state), ""))
        return attempt if attempt and attempt.state == state else None

    @classmethod
    def _read(cls, text: str) -> Self | None:
        try:
            return cls(**signing.loads(text, salt=SALT, max_age=LIFETIME))
        except (signing.BadSignature, TypeError):
            return None

    def keep(self, request: HttpRequest, response: HttpResponse) -> None:
        """Have the browser keep this attempt, and forget the oldest ones when they are too many."""
        text = signing.dumps(asdict(self), salt=SALT, compress=True)
        response.set_cookie(
            _name(self.state),
            text,
            max_age=LIFETIME,
            path=_path(),
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        room = COOKIES_LENGTH - len(text)
        others = {name: value for name, value in request.COOKIES.items() if name.startswith(PREFIX)}
        read = {name: self._read(value) for name, value in others.items()}
        for name in sorted(others, key=lambda name: -(found.since if (found := read[name]) else 0)):
            room -= len(others[name])
            if room < 0 or read[name] is None:
                response.delete_cookie(name, path=_path(), samesite="Lax")

    def forget(self, response: HttpResponse) -> None:
        response.delete_cookie(_name(self.state), path=_path(), samesite="Lax")


def local_address(request: HttpRequest, address: str | None) -> str:
    """Return `address` when it is one of this portal's pages, else the home page: nobody is sent elsewhere."""
    home = settings.LOGIN_REDIRECT_URL
    if not address or len(address) > 1500 or not address.startswith("/"):
        return home
    # Browsers read a backslash as a slash and drop control characters: none has business in an address.
    if "\\" in address or any(ord(c) < 33 or ord(c) == 127 for c in address):
        return home
    if not url_has_allowed_host_and_scheme(address, allowed_hosts=None, require_https=request.is_secure()):
        return home
    # Back to the sign-in itself would go round.
    return home if address.startswith(_path()) else address


def _name(state: str) -> str:
    return PREFIX + state[:12]


def _path() -> str:
    """Return the path that holds the sign-in's addresses, `/oidc/`: the cookies go nowhere else."""
    return commonpath([reverse("oidc_authentication_init"), reverse("oidc_authentication_callback")]) + "/"
