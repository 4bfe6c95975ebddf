"""Two providers with one e-mail: two people, unless both have verified it and the portal is told to believe them."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_django import Settings

from accounts.models import User
from accounts.services import sign_in

pytestmark = pytest.mark.django_db
VERIFIED: dict[str, Any] = {"email": "Ada@valmont.example", "email_verified": True}


def person(issuer: str, subject: str = "ada", **claims: Any) -> User:
    return sign_in(issuer=f"https://{issuer}.example", subject=subject, claims=claims)


def test_one_e_mail_is_two_people_where_nothing_is_said(settings: Settings) -> None:
    assert person("one", **VERIFIED) != person("two", **VERIFIED)


def test_where_it_is_allowed_a_verified_e_mail_is_one_person(settings: Settings) -> None:
    settings.OIDC_LINK_VERIFIED_EMAIL = True

    first = person("one", **VERIFIED)

    assert person("two", **{**VERIFIED, "email": "ada@VALMONT.example"}) == first
    assert person("two") == first
    assert User.objects.count() == 1


@pytest.mark.parametrize("said", [False, None, "true", "yes", 1])
@pytest.mark.parametrize("unsure", ["one", "two"])
def test_an_e_mail_that_one_of_them_has_not_verified_links_nobody(
    settings: Settings, said: object, unsure: str
) -> None:
    settings.OIDC_LINK_VERIFIED_EMAIL = True
    claims = {name: {**VERIFIED, "email_verified": said} if name == unsure else VERIFIED for name in ("one", "two")}

    assert person("one", **claims["one"]) != person("two", **claims["two"])


def test_an_e_mail_given_to_someone_else_by_the_same_provider_links_nobody(settings: Settings) -> None:
    settings.OIDC_LINK_VERIFIED_EMAIL = True

    first = person("one", **VERIFIED)
    person("two", **VERIFIED)

    assert person("one", "successor", **VERIFIED) != first


def test_an_e_mail_no_longer_verified_links_nobody(settings: Settings) -> None:
    settings.OIDC_LINK_VERIFIED_EMAIL = True
    first = person("one", **VERIFIED)
    person("one", email="ada@valmont.example")

    assert person("two", **VERIFIED) != first


def test_a_closed_account_is_not_linked(settings: Settings) -> None:
    settings.OIDC_LINK_VERIFIED_EMAIL = True
    first = person("one", **VERIFIED)
    User.objects.update(is_active=False)

    assert person("two", **VERIFIED) != first
