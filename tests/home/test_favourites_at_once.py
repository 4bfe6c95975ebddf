"""Two clicks on one star at the same instant, as two tabs or an impatient thumb send them."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from home.favourites import Favourite
from tests.factories import ReaderFactory, ServicePageFactory, know

CLICKS = 6


@pytest.mark.postgresql
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", ["keep", "remove"])
def test_clicks_at_once_on_one_star_end_as_one_would(catalogue: Page, how: str) -> None:
    page = ServicePageFactory(parent=catalogue)
    account = ReaderFactory()
    know(account, [])
    if how == "remove":
        Favourite.objects.create(user=account, key=page.translation_key, position=0)
    begin, answers, failures = threading.Barrier(CLICKS), [], []

    def click() -> None:
        browser = Client()
        browser.force_login(account)
        try:
            begin.wait(timeout=10)
            sent: Any = browser.post(reverse("favourites_star"), {how: str(page.translation_key)})
            answers.append(sent.status_code)
        except Exception as error:  # told below
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=click) for _click in range(CLICKS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert failures == []
    assert {status for status in answers if status >= 400} == set()
    assert len(answers) == CLICKS
    assert Favourite.objects.filter(user=account).count() == (1 if how == "keep" else 0)
