"""First sign-ins that race make one account."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth import hashers
from django.db import connection, connections

from accounts import services
from accounts.models import OIDCIdentity, User
from audience.models import KnownReader


@pytest.mark.django_db
def test_a_sign_in_overtaken_by_another_uses_its_account(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[User] = []
    real = hashers.make_password

    def meanwhile(password: None) -> str:
        monkeypatch.setattr(services, "make_password", real)
        made.append(services.account_of(issuer="https://op.example", subject="new"))
        return real(password)

    monkeypatch.setattr(services, "make_password", meanwhile)

    assert services.account_of(issuer="https://op.example", subject="new") == made[0]
    assert User.objects.count() == 1


@pytest.mark.django_db
def test_one_subject_of_two_issuers_is_two_people() -> None:
    first = services.account_of(issuer="https://one.example", subject="same")
    second = services.account_of(issuer="https://two.example", subject="same")

    assert first != second


@pytest.mark.django_db
def test_claims_that_no_database_keeps_stop_nobody() -> None:
    hostile = {
        "given_name": "A\ud800da\x00",
        "eduPersonAffiliation": ["student\x00", "member"],
        "email": "a\x00@b.example",
    }

    user = services.sign_in(issuer="https://op.example", subject="new", claims=hostile)

    assert user.first_name == "Ada"
    assert KnownReader.objects.get().attributes["person"] == {"affiliation": ["member"]}


@pytest.mark.django_db(transaction=True)
def test_fifty_first_sign_ins_at_once_make_one_account() -> None:
    if connection.vendor == "sqlite" and "memory" in str(connection.settings_dict["NAME"]):
        pytest.skip("an in-memory SQLite database has no concurrent writers")

    def once(_: int) -> int:
        try:
            return services.sign_in(issuer="https://op.example", subject="new", claims={"name": "Ada"}).pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(50) as threads:
        found = set(threads.map(once, range(50)))

    assert len(found) == 1
    assert User.objects.count() == OIDCIdentity.objects.count() == 1
