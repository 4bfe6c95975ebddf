"""How a service goes: said at once, by whom it belongs to, and nothing else is touched."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection, connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.models import Locale

from audience.models import Access
from search.models import Entry
from services.models import Level, ServiceState
from services.states import end_states, set_state
from tests.factories import ReaderFactory, ServicePageFactory
from tests.reading import said, soup

pytestmark = pytest.mark.django_db


@pytest.fixture
def service(catalogue: Any) -> Any:
    return ServicePageFactory(parent=catalogue, title="Messagerie", slug="messagerie")


@pytest.fixture
def operator(service: Any) -> Client:
    """A browser of somebody named for the service, who has no other right."""
    user = ReaderFactory(username="operator")
    service.operators.add(user)
    service.save()
    browser = Client()
    browser.force_login(user)
    return browser


def form(service: Any) -> str:
    with translation.override("fr"):
        return reverse("service_state", args=[service.translation_key])


def badge(browser: Client, address: str) -> str:
    found = soup(browser.get(address)).select_one("main article [data-state]")
    return found.get_text(" ", strip=True) if found else ""


DOWN = {"level": "down", "message": "Le serveur ne répond pas.", "until": ""}


def test_an_operator_says_it_and_everyone_sees_it_at_once(operator: Client, client: Client, service: Any) -> None:
    answer = operator.post(form(service), DOWN)

    assert answer.status_code == 302
    assert answer["Location"] == form(service)
    told = said("“%(service)s”: %(state)s.") % {"service": "Messagerie", "state": "Indisponible"}
    assert told in operator.get(form(service)).content.decode()
    assert badge(client, service.url).startswith("Indisponible Le serveur ne répond pas.")
    assert badge(client, service.get_parent().url) == "Indisponible"


def test_it_is_said_in_every_language(operator: Client, client: Client, service: Any, english_home: Any) -> None:
    english = Locale.objects.get(language_code="en")
    service.get_parent().specific.copy_for_translation(english).save_revision().publish()
    translated = service.copy_for_translation(english)
    translated.title = "Mail"
    translated.save_revision().publish()

    operator.post(form(service), DOWN)

    assert badge(client, service.url).startswith("Indisponible")
    assert badge(client, translated.get_url()).startswith("Unavailable")


def test_saying_it_publishes_and_unlocks_nothing(operator: Client, client: Client, service: Any) -> None:
    service.title = "Brouillon"
    service.save_revision()
    service.locked = True
    service.locked_at = timezone.now()
    service.save(update_fields=["locked", "locked_at"])
    before = service.__class__.objects.values().get(pk=service.pk)
    revisions = service.revisions.count()

    operator.post(form(service), DOWN)

    assert service.__class__.objects.values().get(pk=service.pk) == before
    assert service.revisions.count() == revisions
    page = client.get(service.url).content.decode()
    assert "Le serveur ne répond pas." in page
    assert "Brouillon" not in page


def test_publishing_meanwhile_keeps_what_was_said(operator: Client, client: Client, service: Any) -> None:
    operator.post(form(service), DOWN)
    service.refresh_from_db()
    service.summary = "Vos messages."
    service.save_revision().publish()

    assert badge(client, service.url).startswith("Indisponible")


def test_it_works_again(operator: Client, client: Client, service: Any) -> None:
    operator.post(form(service), DOWN)
    operator.post(form(service), {"level": "normal", "message": "", "until": ""})

    assert badge(client, service.url) == ""
    history = [row.get_text(" ", strip=True) for row in soup(operator.get(form(service))).select("tbody th")]
    assert history == [said("Works normally"), "Indisponible"]
    assert not ServiceState.objects.filter(ended_at=None).exists()


def test_the_form_begins_with_what_holds_now(operator: Client, service: Any) -> None:
    until = (timezone.localtime() + timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M")
    operator.post(form(service), {**DOWN, "until": until})

    page = soup(operator.get(form(service)))

    assert page.select_one("input[name=level][checked]")["value"] == "down"
    assert page.textarea.get_text().strip() == "Le serveur ne répond pas."
    assert page.select_one("input[name=until]")["value"] == until


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"level": "down", "message": ""}, "Say in a few words what does not work."),
        (
            {"level": "down", "message": "x", "until": "2020-01-01T08:00"},
            "This moment has passed: give one to come, or leave it empty.",
        ),
    ],
)
def test_what_is_missing_or_past_is_said_in_french(
    operator: Client, service: Any, sent: dict[str, str], message: str
) -> None:
    answer = operator.post(form(service), sent)

    (error,) = soup(answer).select(".field__error")
    assert answer.status_code == 422
    assert soup(answer).html["lang"] == "fr"
    assert error.get_text() == said(message)
    assert not ServiceState.objects.exists()


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"level": "broken", "message": "x"},
        {"level": "down", "message": "x", "until": "demain"},
        {"level": "down", "message": "x", "until": "2026-03-29T02:30"},
        {"level": "down", "message": "x" * 301},
        {"level": "down", "message": "x\x00y"},
    ],
)
def test_what_is_wrong_changes_nothing(operator: Client, service: Any, sent: dict[str, str]) -> None:
    with time_machine.travel("2026-03-01T09:00:00Z", tick=False):
        answer = operator.post(form(service), sent)

    assert answer.status_code == 422
    assert soup(answer).select(".field__error")
    assert not ServiceState.objects.exists()


def test_it_ends_by_itself(client: Client, kept_bodies: None, service: Any, catalogue: Any) -> None:
    now = timezone.now()
    set_state(
        service=service.translation_key,
        level=Level.MAINTENANCE,
        message="Mise à jour.",
        until=now + timedelta(minutes=20),
        author=None,
    )
    for minutes, shown in ((0, True), (19, True), (20, False), (30, False)):
        with time_machine.travel(now + timedelta(minutes=minutes, seconds=1), tick=False):
            assert bool(badge(client, service.url)) is shown, minutes
            assert bool(badge(client, catalogue.url)) is shown, minutes


def test_the_worker_closes_what_has_ended_and_only_that(service: Any, catalogue: Any) -> None:
    other = ServicePageFactory(parent=catalogue, title="Moodle")
    now = timezone.now()
    said_of = {"level": Level.DOWN, "message": "x", "author": None}
    set_state(service=service.translation_key, until=now + timedelta(minutes=20), **said_of)
    set_state(service=other.translation_key, until=None, **said_of)

    with time_machine.travel(now + timedelta(minutes=30), tick=False):
        assert end_states() == 1
        assert end_states() == 0

    ended = ServiceState.objects.get(service=service.translation_key)
    assert ended.ended_at == ended.until
    assert Entry.objects.of_page(service).get().extra["state"] is None
    assert Entry.objects.of_page(other).get().extra["state"]["level"] == "down"


def test_who_is_not_named_is_told_of_no_such_form(sign_in: Any, service: Any, staff: Any) -> None:
    browser = sign_in([staff])

    assert browser.get(form(service)).status_code == 404
    assert browser.post(form(service), DOWN).status_code == 404
    assert not ServiceState.objects.exists()
    assert form(service) not in browser.get(service.url).content.decode()


def test_a_visitor_signs_in_first_whether_or_not_there_is_a_service(client: Client, service: Any) -> None:
    nowhere = form(service).replace(str(service.translation_key), "8f4f1c9e-0000-4000-8000-000000000000")

    for address in (form(service), nowhere):
        assert client.get(address)["Location"] == f"/oidc/authenticate/?next={address}"


def test_the_operator_is_led_there_from_the_page_of_the_service(operator: Client, client: Client, service: Any) -> None:
    assert form(service) in operator.get(service.url).content.decode()
    assert form(service) not in client.get(service.url).content.decode()


def test_an_operator_named_on_the_french_page_is_one_of_the_english_page(
    operator: Client, service: Any, english_home: Any
) -> None:
    english = Locale.objects.get(language_code="en")
    service.get_parent().specific.copy_for_translation(english).save_revision().publish()
    translated = service.copy_for_translation(english)
    translated.operators.clear()
    translated.save_revision().publish()

    assert f"/en/service-state/{service.translation_key}/" in operator.get(translated.get_url()).content.decode()


def test_an_operator_may_say_it_of_a_service_they_do_not_read(operator: Client, service: Any, students: Any) -> None:
    service.audiences.set([students])
    service.access = Access.RESERVED
    service.save()

    assert operator.get(service.url).status_code == 404
    assert operator.post(form(service), DOWN).status_code == 302
    assert "Messagerie" in operator.get(form(service)).content.decode()


def test_another_site_says_nothing_in_an_operators_name(service: Any) -> None:
    user = ReaderFactory()
    service.operators.add(user)
    service.save()
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(user)

    assert browser.post(form(service), DOWN).status_code == 403
    assert not ServiceState.objects.exists()


def test_a_second_state_ends_the_first(operator: Client, client: Client, service: Any) -> None:
    operator.post(form(service), DOWN)
    operator.post(form(service), {"level": "degraded", "message": "Lente.", "until": ""})

    assert list(ServiceState.objects.filter(ended_at=None).values_list("level", flat=True)) == ["degraded"]
    assert badge(client, service.url).startswith("Dégradé Lente.")


@pytest.mark.postgresql
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_two_operators_at_once_leave_one_state_that_cards_show(service: Any) -> None:
    key, begin = service.translation_key, threading.Barrier(6)

    def say(message: str) -> Callable[[], None]:
        def saying() -> None:
            begin.wait()
            try:
                set_state(service=key, level=Level.DOWN, message=message, until=None, author=None)
            finally:
                connections.close_all()

        return saying

    threads = [threading.Thread(target=say(f"message {number}")) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert ServiceState.objects.count() == 6
    held = ServiceState.objects.get(service=key, ended_at=None)
    assert Entry.objects.of_page(service).get().extra["state"]["message"] == held.message
