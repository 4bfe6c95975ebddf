"""Sessions are read as Django reads them, by a statement that was put into SQL once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from tests.factories import ReaderFactory
from tests.reading import soup

pytestmark = pytest.mark.django_db


def signed_in() -> Client:
    browser = Client()
    browser.force_login(ReaderFactory())
    return browser


def is_signed_in(browser: Client) -> bool:
    return soup(browser.get("/")).select_one(".greeting__title") is not None


def test_a_session_is_its_readers_until_it_expires(home: Any) -> None:
    browser, other = signed_in(), signed_in()
    assert is_signed_in(browser)

    key = browser.session.session_key
    Session.objects.filter(session_key=key).update(expire_date=timezone.now() - timedelta(seconds=1))

    assert not is_signed_in(browser)
    assert is_signed_in(other)


@pytest.mark.parametrize(
    "key", ["", "x", "unknownkey123", "' OR 1=1 --", "%s%s%s%s", "~0~", "é" * 40, "a" * 4000], ids=lambda key: key[:12]
)
def test_a_key_that_is_none_is_nobodys(client: Client, home: Any, key: str) -> None:
    signed_in()
    client.cookies["sessionid"] = key

    assert client.get("/").status_code == 200
    assert not is_signed_in(client)
