"""Under production's settings no form for a password answers anywhere; break-glass is off until it is asked for."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from tests.accounts.steps import is_signed_in
from tests.portal.test_settings import GIVEN
from tests.reading import soup

pytestmark = pytest.mark.django_db
# What stays the tests' own: where things are kept, and how passwords are hashed.
KEPT = {"DATABASES", "STORAGES", "CACHES", "MEDIA_ROOT", "PRIVATE_ROOT", "LOGGING", "TASKS", "PASSWORD_HASHERS"}
KEPT |= {"INSTALLED_APPS", "LANGUAGES", "WAGTAIL_CONTENT_LANGUAGES"}
DOORS = [
    "/admin/login/",
    "/_util/login/",
    "/admin/password_reset/",
    "/admin/password_reset/done/",
    "/admin/password_reset/confirm/MQ/set-password/",
    "/admin/password_reset/complete/",
    "/admin/account/",
    "/admin/account/change_password/",
    "/django-admin/",
    "/django-admin/login/",
    "/accounts/login/",
    "/login/",
    "/oidc/break-glass/",
    "/en/_util/login/",
    "/en/admin/login/",
]


def with_production(settings: Settings, monkeypatch: pytest.MonkeyPatch, folder: Path, **more: str) -> None:
    for name, value in (GIVEN | more).items():
        monkeypatch.setenv(name, value.format(folder=folder))
    for name in ("portal.settings.base", "portal.settings.production"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    read: Any = importlib.import_module("portal.settings.production")
    for name in dir(read):
        if name.isupper() and name not in KEPT and getattr(read, name) != getattr(settings, name, None):
            setattr(settings, name, getattr(read, name))


def browser() -> Client:
    # As the web server in front asks it.
    return Client(headers={"x-forwarded-proto": "https", "host": "portail.valmont.example"})


@pytest.fixture
def root() -> User:
    return User.objects.create_superuser("root", "root@valmont.example", "a password")


@pytest.fixture
def production(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, root: User) -> Client:
    with_production(settings, monkeypatch, tmp_path)
    return browser()


@pytest.mark.parametrize("door", DOORS)
def test_no_form_for_a_password_answers(production: Client, door: str) -> None:
    answer = production.get(door, follow=False)

    assert answer.status_code in {301, 302, 404}
    assert not soup(answer).select("input[type=password]")


@pytest.mark.parametrize("door", DOORS)
def test_no_password_opens_a_session(production: Client, door: str) -> None:
    production.post(door, {"username": "root", "password": "a password"})

    assert not is_signed_in(production)
    assert not production.login(username="root", password="a password")


def test_what_is_asked_without_https_is_asked_again_with_it(production: Client) -> None:
    answer = Client(headers={"host": "portail.valmont.example"}).get("/admin/login/")

    assert answer["Location"] == "https://portail.valmont.example/admin/login/"


@pytest.fixture
def broken(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, root: User, kept_bodies: None
) -> Client:
    with_production(settings, monkeypatch, tmp_path, PARVIS_BREAK_GLASS="1")
    cache.clear()
    return browser()


def knock(client: Client, name: str = "root", word: str = "a password") -> Any:
    return client.post("/oidc/break-glass/", {"username": name, "password": word})


def test_with_break_glass_a_superuser_enters_with_their_password(
    broken: Client, root: User, caplog: pytest.LogCaptureFixture
) -> None:
    assert soup(broken.get("/oidc/break-glass/")).select_one("input[type=password]")
    assert knock(broken)["Location"] == "/admin/"

    assert broken.get("/admin/").status_code == 200
    assert f"break-glass sign-in: account {root.pk}" in caplog.text


def test_with_break_glass_nobody_else_does(broken: Client) -> None:
    User.objects.create_user("editor", "editor@valmont.example", "a password")

    assert knock(broken, "editor").status_code == 403
    assert knock(broken, "root", "wrong").status_code == 403
    assert knock(broken, "", "").status_code == 400
    assert not is_signed_in(broken)


def test_with_break_glass_the_other_doors_stay_shut(broken: Client) -> None:
    for door in DOORS:
        if door != "/oidc/break-glass/":
            broken.post(door, {"username": "root", "password": "a password"})
            assert not is_signed_in(broken)


def test_break_glass_closes_after_five_wrong_passwords(broken: Client) -> None:
    for _ in range(5):
        knock(broken, "root", "wrong")

    assert knock(broken).status_code == 429
    assert not is_signed_in(broken)


def test_turning_break_glass_off_ends_the_sessions_it_opened(broken: Client, settings: Settings) -> None:
    knock(broken)
    settings.PARVIS_BREAK_GLASS = False
    settings.AUTHENTICATION_BACKENDS = ["accounts.oidc.OIDCBackend"]

    assert broken.get("/admin/")["Location"].startswith("/oidc/authenticate/")
