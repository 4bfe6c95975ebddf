"""Settings with which nobody could sign in, or anybody could, are said at start-up."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from accounts.checks import sign_in_is_configured


def found() -> set[str | None]:
    return {message.id for message in sign_in_is_configured(None)}


def test_the_tests_own_settings_are_in_order() -> None:
    assert found() == set()


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("OIDC_ISSUER", "", "accounts.E001"),
        ("OIDC_RP_CLIENT_SECRET", "", "accounts.E001"),
        ("OIDC_ISSUER", "http://cas.example/oidc", "accounts.E002"),
        ("OIDC_OP_JWKS_ENDPOINT", "http://cas.example/keys", "accounts.E002"),
        ("OIDC_RP_SIGN_ALGO", "HS256", "accounts.E003"),
        ("OIDC_RP_SIGN_ALGO", "none", "accounts.E003"),
        ("OIDC_VERIFY_SSL", False, "accounts.W001"),
        ("AUTHENTICATION_BACKENDS", ["django.contrib.auth.backends.ModelBackend"], "accounts.W002"),
    ],
)
def test_a_setting_that_is_missing_or_unsafe_is_said(
    settings: Settings, name: str, value: object, expected: str
) -> None:
    setattr(settings, name, value)

    assert found() == {expected}
