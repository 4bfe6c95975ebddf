"""An emergency: published in two steps by named persons, everywhere at once, without what it says in a log."""

from __future__ import annotations

import json
import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group, Permission
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from audience.models import Access, Audience
from home import emergency
from home.models import Alert, AlertLevel
from tests.factories import AlertFactory, ReaderFactory, StandardPageFactory, know
from tests.reading import soup

pytestmark = pytest.mark.django_db
SAID = {"title": "Évacuation du bâtiment B", "text": "Sortez par le parvis.", "access": "everyone"}


@pytest.fixture(autouse=True)
def _own_files(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    emergency.forget()


@pytest.fixture
def officer(sign_in: Any, home: Any) -> Client:
    """A browser of somebody who may publish an emergency, by their group, and has no other right."""
    group = Group.objects.create(name="Sûreté")
    group.permissions.add(Permission.objects.get(codename="publish_emergency"))
    return sign_in(groups=(group,))


def form() -> str:
    return reverse("emergency")


def confirmed(browser: Client, **said: Any) -> Any:
    """Send the form, then what the page of confirmation would send."""
    page = browser.post(form(), {**SAID, **said})
    assert page.status_code == 200, soup(page).select(".field__error")
    sent: dict[str, list[str]] = {}
    for field in soup(page).select("main form input"):
        sent.setdefault(field["name"], []).append(field.get("value", ""))
    return browser.post(form(), {**sent, "publish": "1"})


def above(browser: Client, address: str = "/") -> list[str]:
    return [one.get_text() for one in soup(browser.get(address)).select(".emergencies .emergency__title")]


def asked(browser: Client, language: str = "fr", **headers: str) -> Any:
    return browser.get(reverse("urgent", args=[language]), headers=headers)


def test_it_is_published_in_two_steps_and_stands_above_every_page(
    officer: Client, client: Client, sign_in: Any, news_index: Any, kept_bodies: None
) -> None:
    for browser in (client, officer):
        browser.get("/")
    first = officer.post(form(), SAID)
    assert soup(first).select_one("#reach")
    assert not Alert.objects.exists()

    assert confirmed(officer)["Location"] == form()

    for browser in (client, sign_in(), officer):
        for address in ("/", "/en/", news_index.url, "/recherche/?q=x", "/nulle-part/"):
            assert above(browser, address) == ["Évacuation du bâtiment B"], address


def test_it_says_whom_it_reaches_and_how_many(officer: Client, students: Audience) -> None:
    for _each in range(3):
        know(ReaderFactory(), [students])

    everyone = soup(officer.post(form(), SAID)).select_one("#reach").get_text()
    some = officer.post(form(), {**SAID, "access": "reserved", "audiences": [students.pk]})

    assert "4 " in everyone  # the officer is known too
    assert "Étudiants" in soup(some).select_one("#reach").get_text()
    assert "3 " in soup(some).select_one("#reach").get_text()


def test_one_may_go_back_and_change_it(officer: Client) -> None:
    back = officer.post(form(), {**SAID, "edit": "1"})

    assert back.status_code == 200
    assert soup(back).select_one("input[name=title]")["value"] == SAID["title"]
    assert not Alert.objects.exists()


def test_it_is_ended_the_same_way(officer: Client, client: Client, home: Any, kept_bodies: None) -> None:
    confirmed(officer)
    alert = Alert.objects.get()
    assert above(client) == [alert.title]

    first = officer.post(form(), {"end": alert.pk})
    assert above(client) == [alert.title]
    (button,) = soup(first).select('main button[name="end-now"]')
    officer.post(form(), {"end-now": button["value"]})

    assert above(client) == []
    assert asked(client).content == b""
    officer.post(form(), {"end-now": alert.pk})  # twice does no harm
    assert Alert.objects.get().ends_at <= timezone.now()


def test_the_log_says_who_and_not_what(officer: Client, caplog: Any) -> None:
    with caplog.at_level(logging.INFO):
        confirmed(officer)
        officer.post(form(), {"end-now": Alert.objects.get().pk})

    lines = [record.getMessage() for record in caplog.records if record.name == "home.emergency"]
    account = f"account {Alert.objects.get().author_id}"
    assert [account in line for line in lines] == [True, True]
    assert not any("vacuation" in record.getMessage() for record in caplog.records)


def test_who_is_not_named_is_told_of_no_such_address(sign_in: Any, client: Client, home: Any, staff: Any) -> None:
    editors = Group.objects.create(name="Communication")
    for codename in ("access_admin", "add_alert", "change_alert"):
        editors.permissions.add(Permission.objects.get(codename=codename))
    alert = AlertFactory(level=AlertLevel.EMERGENCY)

    for browser in (sign_in([staff]), sign_in(groups=(editors,))):
        for sent in (SAID, {**SAID, "publish": "1"}, {"end-now": alert.pk}):
            assert browser.get(form()).status_code == 404
            assert browser.post(form(), sent).status_code == 404
    assert client.get(form()).status_code == 302
    assert client.post(form(), {**SAID, "publish": "1"}).status_code == 302
    assert Alert.objects.get().ends_at > timezone.now()


def test_nobody_publishes_while_seeing_as_another(officer: Client, students: Audience) -> None:
    officer.post(reverse("see_as"), {})

    assert officer.get(form()).status_code == 404
    assert officer.post(form(), {**SAID, "publish": "1"}).status_code == 403
    assert not Alert.objects.exists()


def test_another_site_publishes_nothing(officer: Client) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = officer.cookies

    assert browser.post(form(), {**SAID, "publish": "1"}).status_code == 403
    assert not Alert.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"title": "x" * 91},
        {"text": "x" * 301},
        {"access": "all"},
        {"access": "reserved"},
        {"until": "2020-01-01T08:00"},
        {"title_en": "Leave"},
        {"link": "/nulle-part/"},
        {"link": "http://["},
        {"link": "/\x00/"},
        {"audiences": ["x"], "access": "reserved"},
    ],
)
def test_what_is_wrong_is_said_and_not_published(officer: Client, wrong: dict[str, Any]) -> None:
    for step in ({}, {"publish": "1"}):
        answer = officer.post(form(), {**SAID, **wrong, **step})
        assert answer.status_code == 422
        assert soup(answer).select(".field__error")
    assert not Alert.objects.exists()


@pytest.mark.parametrize("given", ["x", "", "0", "99999999999999999999", "-1"])
def test_what_is_no_emergency_is_not_ended(officer: Client, given: str) -> None:
    assert officer.post(form(), {"end-now": given, "end": given}).status_code == 404
    warning = AlertFactory(level=AlertLevel.WARNING)
    assert officer.post(form(), {"end-now": warning.pk}).status_code == 404


def test_a_link_is_to_a_page_that_its_author_may_see(
    officer: Client, client: Client, home: Any, staff: Audience
) -> None:
    hidden = StandardPageFactory(parent=home, title="Cellule de crise", audiences=[staff], access=Access.RESERVED)
    page = StandardPageFactory(parent=home, title="Consignes")

    assert officer.post(form(), {**SAID, "link": hidden.url}).status_code == 422
    confirmed(officer, link=f"http://testserver{page.url}?x=1")

    assert soup(client.get("/")).select_one(".emergency a")["href"] == page.url


# The pages that are open


def test_open_pages_are_told_in_their_language_and_once(officer: Client, client: Client) -> None:
    nothing = asked(client)
    assert (nothing.status_code, nothing.content) == (200, b"")
    confirmed(officer, title_en="Leave building B", text_en="Use the main door.")

    told = asked(client)

    assert "Évacuation du bâtiment B" in told.content.decode()
    assert "Leave building B" in asked(client, "en").content.decode()
    assert told["X-Version"] == soup(client.get("/")).select_one("[data-poll]")["data-version"]
    assert asked(client, **{"If-None-Match": told["ETag"]}).status_code == 304
    assert asked(client, **{"If-None-Match": nothing["ETag"]}).status_code == 200
    assert client.get(reverse("urgent", args=["de"])).status_code == 404
    assert client.post(reverse("urgent", args=["fr"])).status_code == 405


def test_asking_costs_no_query_and_no_session(
    officer: Client, sign_in: Any, client: Client, count_queries: Any
) -> None:
    reader = sign_in()
    for published in (False, True):
        if published:
            confirmed(officer)
        asked(client)
        for browser in (client, reader):
            assert count_queries(asked, browser) == 0
            assert "sessionid" not in asked(browser).cookies


def test_what_another_process_published_is_told_within_seconds(client: Client, home: Any, monkeypatch: Any) -> None:
    assert asked(client).content == b""
    now = emergency._kept
    AlertFactory(level=AlertLevel.EMERGENCY, title="Évacuation")
    emergency._kept = now  # as in a process that was not told

    assert asked(client).content == b""
    monkeypatch.setattr(emergency, "FRESH", 0)
    assert "Évacuation" in asked(client).content.decode()
    assert emergency.FRESH + 7 < 10


def test_one_that_ends_by_itself_is_over_at_its_instant(client: Client, home: Any) -> None:
    now = timezone.now()
    AlertFactory(level=AlertLevel.EMERGENCY, title="Exercice", ends_at=now + timedelta(minutes=5))
    assert "Exercice" in asked(client).content.decode()

    with time_machine.travel(now + timedelta(minutes=5, seconds=1), tick=False):
        assert asked(client).content == b""
        assert emergency.last_known().said("fr") == ()


@pytest.mark.parametrize("access", ["recommended", "reserved"])
def test_one_for_some_readers_reaches_them_and_nobody_else(
    officer: Client, sign_in: Any, client: Client, students: Audience, access: str, kept_bodies: None
) -> None:
    student, other = sign_in([students]), sign_in()
    before = asked(client)
    confirmed(officer, access=access, audiences=[students.pk])

    for _again in range(2):
        assert "vacuation" in asked(student).content.decode()
        assert above(student) == ["Évacuation du bâtiment B"]
        for browser in (client, other, officer):
            told = asked(browser)
            assert (told.content, told["ETag"]) == (b"", before["ETag"])
            assert above(browser) == []
    assert "private" in asked(student)["Cache-Control"]
    assert "Cookie" in asked(student)["Vary"]
    assert "vacuation" not in (Path(emergency._file())).read_text()


def test_in_see_as_a_page_does_not_ask(officer: Client) -> None:
    assert soup(officer.get("/")).select_one("[data-poll]")
    officer.post(reverse("see_as"), {})
    assert soup(officer.get("/")).select_one("[data-poll]") is None


# Where nothing can be asked


def broken(*_args: Any, **_kwargs: Any) -> None:
    raise OperationalError("the database is away")


@pytest.mark.parametrize("in_memory", [True, False])
def test_without_the_database_the_failure_and_the_pages_that_are_open_say_it_still(
    officer: Client, home: Any, django_capture_on_commit_callbacks: Any, monkeypatch: Any, in_memory: bool
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        confirmed(officer, title_en="Leave", text_en="Now.")
    if not in_memory:
        emergency.forget()  # another process, that was never asked
    monkeypatch.setattr(emergency, "FRESH", 0)
    browser = Client(raise_request_exception=False)
    with connection.execute_wrapper(broken):
        failure, english, told = browser.get("/"), browser.get("/en/"), asked(browser)

    assert failure.status_code == 500
    assert soup(failure).select_one(".emergency__title").get_text() == "Évacuation du bâtiment B"
    assert soup(english).select_one(".emergency__title").get_text() == "Leave"
    assert "Évacuation du bâtiment B" in told.content.decode()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"fr": [{}]}', '{"fr": [{"ends_at": "x"}]}', "null", '{"fr": 3}'])
def test_a_file_that_cannot_be_read_says_nothing(home: Any, text: str) -> None:
    emergency._file().parent.mkdir(parents=True, exist_ok=True)
    emergency._file().write_text(text)

    assert emergency.last_known().said("fr") == ()


def test_a_folder_that_cannot_be_written_stops_nobody(officer: Client, client: Client, settings: Settings) -> None:
    settings.MEDIA_ROOT = "/proc/nowhere"

    confirmed(officer)

    assert "vacuation" in asked(client).content.decode()


def test_the_file_holds_what_is_public(officer: Client, client: Client) -> None:
    confirmed(officer)
    asked(client)

    held = json.loads(emergency._file().read_text())
    assert {code: [one["title"] for one in said] for code, said in held.items()} == {
        "fr": ["Évacuation du bâtiment B"],
        "en": ["Évacuation du bâtiment B"],
        "es": ["Évacuation du bâtiment B"],
    }
    assert [one.name for one in emergency._file().parent.iterdir()] == ["emergency.json"]


def test_failing_to_sign_in_it_is_read_too(officer: Client, home: Any) -> None:
    confirmed(officer)

    answer = Client().get(reverse("oidc_authentication_callback"))

    assert answer.status_code >= 400
    assert soup(answer).select_one(".emergency__title").get_text() == "Évacuation du bâtiment B"


def test_ten_emergencies_cost_as_many_queries_as_one(home: Any, client: Client, count_queries: Any) -> None:
    page = StandardPageFactory(parent=home)

    def costs() -> tuple[int, int]:
        client.get("/")
        emergency.forget()
        return count_queries(client.get, "/"), count_queries(asked, client)

    AlertFactory(level=AlertLevel.EMERGENCY, link=page)
    one = costs()
    for _each in range(9):
        AlertFactory(level=AlertLevel.EMERGENCY, link=page)

    assert costs() == one
