"""Settings without which nobody can sign in, said at start-up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from accounts.provider import ALGORITHMS, GIVEN

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
REQUIRED = ["OIDC_ISSUER", "OIDC_RP_CLIENT_ID", "OIDC_RP_CLIENT_SECRET"]


@register(Tags.security)
def sign_in_is_configured(app_configs: Sequence[Any] | None, **options: object) -> list[CheckMessage]:
    """Check that a provider is named, over HTTPS unless on this machine, with signatures it alone can make."""
    return [*_missing(), *_unsafe(), *_passwords()]


def _missing() -> Iterator[CheckMessage]:
    for name in REQUIRED:
        if not getattr(settings, name, ""):
            yield Error(
                f"{name} is not set: nobody can sign in.",
                hint="Set the environment variable of this name; see docs/identity.md.",
                id="accounts.E001",
            )


def _unsafe() -> Iterator[CheckMessage]:
    for name in ["OIDC_ISSUER", *GIVEN.values()]:
        address = str(getattr(settings, name, "") or "")
        parts = urlsplit(address)
        if address and parts.scheme != "https" and parts.hostname not in LOOPBACK:
            yield Error(
                f"{name} is not an https address: what the provider says could be forged on the way.",
                id="accounts.E002",
            )
    algorithm = getattr(settings, "OIDC_RP_SIGN_ALGO", "")
    if algorithm not in ALGORITHMS:
        yield Error(
            f"OIDC_RP_SIGN_ALGO is {algorithm!r}: tokens must be signed with a key that only the provider has.",
            hint=f"One of {', '.join(sorted(ALGORITHMS))}; RS256 is the usual one.",
            id="accounts.E003",
        )
    if not getattr(settings, "OIDC_VERIFY_SSL", True):
        yield Warning("OIDC_VERIFY_SSL is off: the provider's certificate is not checked.", id="accounts.W001")


def _passwords() -> Iterator[CheckMessage]:
    if settings.PARVIS_BREAK_GLASS:
        yield Warning(
            "PARVIS_BREAK_GLASS is on: a superuser can sign in with a password.",
            hint="Turn it off as soon as the provider is back.",
            id="accounts.W003",
        )
    allowed = ["accounts.oidc.OIDCBackend"] + ["accounts.break_glass.BreakGlassBackend"] * settings.PARVIS_BREAK_GLASS
    if allowed != settings.AUTHENTICATION_BACKENDS:
        yield Warning(
            "AUTHENTICATION_BACKENDS lets someone sign in other than through the provider.", id="accounts.W002"
        )
