"""Graduates are asked once a year whether to keep their account, and leave after a year without an answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.alumni import letter_key
from accounts.models import AlumniConsent, User
from accounts.services import sign_in
from tests.accounts.steps import is_signed_in

pytestmark = pytest.mark.django_db
GRADUATE = {"eduPersonAffiliation": "alum", "email": "o@valmont.example", "supannMailPerso": "o@courriel.example"}
Known = Callable[..., User]


def known(subject: str = "ophelie", **claims: Any) -> User:
    return sign_in(issuer="https://op.example", subject=subject, claims={**GRADUATE, **claims})


def ask(*words: str) -> str:
    out = StringIO()
    call_command("ask_alumni", *words, stdout=out)
    return out.getvalue()


def later(days: int) -> Any:
    return time_machine.travel(timezone.now() + timedelta(days=days))


def test_nothing_is_done_unless_it_is_said(home: Any) -> None:
    known()

    assert ask() == "1 to ask, 0 to remove, 0 without an address. Nothing was done: add --send.\n"
    assert mail.outbox == []
    assert not AlumniConsent.objects.exists()


def test_a_graduate_is_asked_once_at_their_private_address_and_keeps_the_account_by_a_click(home: Any) -> None:
    user = known()
    ask("--send")
    ask("--send")

    (letter,) = mail.outbox
    assert letter.to == ["o@courriel.example"]
    (address,) = re.findall(r"http://127\.0\.0\.1:8000(/\S+)", letter.body)
    page = Client().get(address)
    assert page.status_code == 200
    assert not AlumniConsent.objects.get().given_at
    assert Client().post(address, {"answer": "keep"}).status_code == 200
    assert AlumniConsent.objects.get().given_at
    with later(364):
        assert ask().startswith("0 to ask, 0 to remove")
    with later(366):
        assert ask().startswith("1 to ask, 0 to remove")
    assert User.objects.get() == user


def test_a_year_without_an_answer_removes_the_account_and_what_is_held(home: Any) -> None:
    known()
    ask("--send")
    with later(364):
        ask("--send")
        assert User.objects.exists()
    with later(366):
        assert "1 removed" in ask("--send")

    assert not User.objects.exists()


@pytest.mark.parametrize(
    "claims",
    [
        {"eduPersonAffiliation": ["alum", "student"]},
        {"eduPersonAffiliation": ["alum", "employee"]},
        {"eduPersonAffiliation": ["member"]},
        {"eduPersonAffiliation": []},
    ],
)
def test_who_studies_or_works_here_is_neither_asked_nor_removed(home: Any, claims: dict[str, Any]) -> None:
    user = known(**claims)
    AlumniConsent.objects.create(user=user, asked_at=timezone.now() - timedelta(days=800))

    assert ask("--send").startswith("0 asked, 0 removed")
    assert not User.objects.get().private_email
    assert Client().get(reverse("consent_by_letter", args=[letter_key(user)])).status_code == 404


def test_who_has_a_right_in_the_admin_is_left_alone(home: Any) -> None:
    known().groups.add(Group.objects.create(name="Writers of news"))
    known("root").__class__.objects.filter(identities__subject="root").update(is_superuser=True)

    assert ask("--send").startswith("0 asked, 0 removed")


def test_who_has_no_address_is_counted(home: Any) -> None:
    known(email="", supannMailPerso="")

    assert ask().startswith("0 to ask, 0 to remove, 1 without an address")


def test_a_letter_that_does_not_leave_is_tried_the_next_time(home: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    known()

    def refuse(*args: object, **kwargs: object) -> int:
        raise OSError

    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.EmailMessage.send", refuse)
        with pytest.raises(CommandError, match="1 letters did not leave"):
            ask("--send")

    assert ask("--send").startswith("1 asked")


def test_a_graduate_answers_in_their_account(home: Any) -> None:
    user = known()
    browser = Client()
    browser.force_login(user)
    assert 'name="answer" value="keep"' in browser.get("/compte/").content.decode()

    assert browser.post(reverse("account_consent"), {"answer": "keep"}).status_code == 200
    assert AlumniConsent.objects.get().given_at
    assert browser.get("/compte/donnees/").json()["account"]["private_email"] == "o@courriel.example"

    asked = browser.post(reverse("account_consent"), {"answer": "erase"})
    assert 'value="erase-for-good"' in asked.content.decode()
    assert User.objects.exists()
    assert browser.post(reverse("account_consent"), {"answer": "erase-for-good"}).status_code == 200
    assert not User.objects.exists()
    assert not is_signed_in(browser)


def test_nobody_else_is_erased_by_that_form(home: Any) -> None:
    user = known(eduPersonAffiliation=["student"])
    browser = Client()
    browser.force_login(user)

    assert browser.post(reverse("account_consent"), {"answer": "erase-for-good"}).status_code == 404
    assert User.objects.exists()
    assert 'value="keep"' not in browser.get("/compte/").content.decode()


@pytest.mark.parametrize("key", ["x", "1", "Mg:1x:abc"])
def test_a_made_up_letter_opens_nothing(home: Any, key: str) -> None:
    known()

    assert Client().get(reverse("consent_by_letter", args=[key])).status_code == 404
