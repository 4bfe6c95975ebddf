"""The admin's doors: one sign-in, no password, no loop; and the way out."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from tests.accounts.forger import Forger
from tests.accounts.steps import SignIn, is_signed_in

pytestmark = pytest.mark.django_db


def test_a_visitor_at_the_admin_is_sent_to_the_sign_in_and_back(client: Client) -> None:
    answer = client.get("/admin/")

    assert answer["Location"] == "/oidc/authenticate/?next=/admin/"


@pytest.mark.parametrize("door", ["/admin/login/", "/_util/login/"])
def test_wagtails_login_pages_lead_to_the_provider(client: Client, door: str) -> None:
    assert client.get(door, {"next": "/admin/pages/"})["Location"] == "/oidc/authenticate/?next=%2Fadmin%2Fpages%2F"


@pytest.mark.parametrize("door", ["/admin/login/", "/_util/login/"])
def test_no_password_signs_in(client: Client, door: str) -> None:
    User.objects.create_superuser("root", "root@valmont.example", "a password")

    answer = client.post(door, {"username": "root", "password": "a password"})

    assert answer.status_code == HTTPStatus.SEE_OTHER
    assert answer["Location"].startswith("/oidc/authenticate/")
    assert not client.login(username="root", password="a password")
    assert not is_signed_in(client)


@pytest.mark.parametrize("path", ["/admin/password_reset/", "/django-admin/", "/admin/password_reset/done/"])
def test_no_form_for_a_password_answers(client: Client, path: str) -> None:
    answer = client.get(path, follow=False)

    assert answer.status_code in {302, 404}
    assert b"password" not in answer.content.lower() or answer.status_code == HTTPStatus.NOT_FOUND


def test_a_reader_without_the_right_is_told_so_at_the_admin(client: Client, sign_in: SignIn) -> None:
    sign_in(client)

    for path in ["/admin/", "/admin/pages/", "/admin/reports/site-history/"]:
        assert client.get(path).status_code == HTTPStatus.FORBIDDEN


def test_a_reader_without_the_right_does_not_go_round(client: Client, sign_in: SignIn) -> None:
    sign_in(client)

    answer = client.get("/admin/login/", {"next": "/admin/"}, follow=True)

    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert len(answer.redirect_chain) == 2


def test_an_editor_enters_the_admin(client: Client, sign_in: SignIn) -> None:
    sign_in(client)
    User.objects.get().user_permissions.add(Permission.objects.get(codename="access_admin"))

    assert client.get("/admin/").status_code == HTTPStatus.OK


def test_signing_out_ends_the_session_here_and_at_the_provider(client: Client, sign_in: SignIn, provider: str) -> None:
    sign_in(client)
    token = client.session["oidc_id_token"]

    answer = client.post(reverse("oidc_logout"))

    assert not is_signed_in(client)
    assert answer["Refresh"].startswith(f"0; url={provider}/oauth2/end_session?id_token_hint={token}")
    assert "post_logout_redirect_uri=http%3A%2F%2Ftestserver%2F" in answer["Refresh"]


def test_signing_out_works_while_the_provider_is_away(client: Client, sign_in: SignIn, settings: Settings) -> None:
    sign_in(client)
    settings.OIDC_ISSUER = "http://127.0.0.1:9"

    assert client.post(reverse("oidc_logout"))["Location"] == "/"
    assert not is_signed_in(client)


def test_signing_out_is_never_a_link(client: Client, sign_in: SignIn) -> None:
    sign_in(client)

    assert client.get(reverse("oidc_logout")).status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert is_signed_in(client)


def test_another_site_cannot_sign_a_reader_out(sign_in: SignIn) -> None:
    client = Client(enforce_csrf_checks=True)
    sign_in(client)

    assert client.post(reverse("oidc_logout")).status_code == HTTPStatus.FORBIDDEN
    assert is_signed_in(client)


def test_whoever_is_not_signed_in_signs_out_to_the_home_page(client: Client, forger: Forger) -> None:
    assert client.post(reverse("oidc_logout"))["Location"] == "/"
    assert forger.asked == []


def test_signing_out_of_the_admin_is_the_same_sign_out(client: Client, sign_in: SignIn) -> None:
    sign_in(client)

    assert "Refresh" in client.post("/admin/logout/")
    assert not is_signed_in(client)
