"""The contact form: to whom a message goes, what it says, and what keeps machines out."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from wagtail.models import Page

from audience.models import Access, Audience
from content.models import PortalSettings
from home.contact import limits
from home.contact.forms import new_token
from home.contact.letters import WAITS, forget_old_letters
from tests.factories import StandardPageFactory, UnitFactory
from tests.reading import screen, soup

pytestmark = pytest.mark.django_db
INSTITUTION, UNIT = "portail@valmont.example", "sciences@valmont.example"


@pytest.fixture(autouse=True)
def _clock(time_machine: Any) -> None:
    time_machine.move_to(timezone.now())


@pytest.fixture(autouse=True)
def channel(home: Page) -> PortalSettings:
    return PortalSettings.objects.create(name="Parvis", contact_email=INSTITUTION)


@pytest.fixture
def token(time_machine: Any) -> str:
    """The token of a form that was opened a minute ago."""
    made = new_token()
    time_machine.shift(60)
    return made


@pytest.fixture
def page(home: Page) -> Any:
    return StandardPageFactory(parent=home, title="Laboratoires", unit=UnitFactory(name="UFR Sciences", email=UNIT))


def send(browser: Client, token: str, **more: Any) -> Any:
    said = {
        "name": "Ada Bon", "email": "ada@exemple.org", "subject": "Une erreur",
        "message": "Le numéro de la salle est faux.", "website": "", "from": "", "token": token,
    }  # fmt: skip
    return browser.post(screen("contact"), {**said, **more})


def errors(answer: Any) -> list[str]:
    """Return what the page says went wrong."""
    return [one.get_text(strip=True) for one in soup(answer).select("[role=alert] .alert-banner, .field__error")]


# Where it goes


def test_a_message_goes_to_the_institution_and_can_be_answered(client: Client, token: str) -> None:
    answer = send(client, token)

    assert (answer.status_code, answer["Location"]) == (303, reverse("contact_sent"))
    [letter] = mail.outbox
    assert letter.to == [INSTITUTION]
    assert letter.reply_to == ["ada@exemple.org"]
    assert letter.subject == "[Parvis] Une erreur"
    assert letter.body.startswith("Le numéro de la salle est faux.")
    assert {"Ada Bon", "Français"} <= set(re.findall(r"Ada Bon|Français", letter.body))
    assert letter.content_subtype == "plain"


def test_a_message_about_a_page_goes_to_its_unit_and_names_the_page(client: Client, page: Any, token: str) -> None:
    assert soup(client.get(screen("contact"), {"from": page.url})).select_one("[data-to=unit]")

    send(client, token, **{"from": page.url})

    [letter] = mail.outbox
    assert letter.to == [UNIT]
    assert "Laboratoires" in letter.body
    assert f"http://testserver{page.url}" in letter.body


def test_a_unit_without_an_address_leaves_its_messages_to_the_institution(
    client: Client, home: Page, token: str
) -> None:
    page = StandardPageFactory(parent=home, unit=UnitFactory())
    send(client, token, **{"from": page.url})

    assert mail.outbox[0].to == [INSTITUTION]


def test_the_unit_of_a_page_that_is_not_for_the_reader_is_not_told(
    client: Client, sign_in: Any, page: Any, staff: Audience, token: str
) -> None:
    page.access, page.audiences = Access.RESERVED, [staff]
    page.save_revision().publish()
    hidden = client.get(screen("contact"), {"from": page.url}).content.decode()
    send(client, token, **{"from": page.url})

    assert "UFR Sciences" not in hidden
    assert "Laboratoires" not in hidden
    assert mail.outbox[0].to == [INSTITUTION]
    assert "Laboratoires" not in mail.outbox[0].body
    assert page.url in mail.outbox[0].body  # they came from there: their own words

    assert soup(sign_in([staff]).get(screen("contact"), {"from": page.url})).select_one("[data-to=unit]")


@pytest.mark.parametrize(
    "address",
    ["https://ailleurs.example/", "//ailleurs.example/x", "javascript:alert(1)", "\0", "a" * 5000, "http://["],
)
def test_an_address_that_is_none_of_the_portals_is_harmless(client: Client, token: str, address: str) -> None:
    assert client.get(screen("contact"), {"from": address}).status_code == 200
    assert send(client, token, **{"from": address}).status_code == 303
    assert len(mail.outbox[0].body) < 1000


def test_without_an_address_for_messages_there_is_no_form(client: Client, channel: PortalSettings, token: str) -> None:
    channel.contact_email = ""
    channel.address = "1, place du Parvis"
    channel.save()

    answer = client.get(screen("contact"))
    assert soup(answer).select("main form") == []
    assert "1, place du Parvis" in answer.content.decode()
    send(client, token)
    assert mail.outbox == []


# What is refused, in words


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("email", "ada"),
        ("email", "ada@exemple.org, eva@exemple.org"),
        ("subject", ""),
        ("subject", "x" * 121),
        ("message", "court"),
        ("message", "x" * 4001),
        ("message", 'Voyez <a href="https://vente.example">ceci</a> vite'),
        ("message", "Voyez [url=https://vente.example]ceci[/url] vite"),
        ("message", "https://a.example https://b.example https://c.example https://d.example"),
    ],
)
def test_what_cannot_be_sent_is_said_at_its_field_and_what_was_written_stays(
    client: Client, token: str, field: str, value: str
) -> None:
    answer = send(client, token, **{field: value})

    assert answer.status_code == 422
    assert mail.outbox == []
    wrong = soup(answer).select_one(f"[name={field}]")
    assert wrong["aria-invalid"] == "true"
    assert soup(answer).find(id=wrong["aria-describedby"].split()[-1]) or soup(answer).select(".field__error")
    assert errors(answer)
    kept = soup(answer).select_one("[name=name]" if field != "name" else "[name=subject]")
    assert kept["value"]


def test_a_form_is_sent_neither_too_fast_nor_too_late_nor_forged(client: Client, time_machine: Any) -> None:
    token = new_token()
    refused = [send(client, token), send(client, "forged"), send(client, "")]
    time_machine.shift(7 * 3600)
    refused.append(send(client, token))

    assert mail.outbox == []
    assert [answer.status_code for answer in refused] == [422] * 4
    assert all(errors(answer) for answer in refused[:2])
    fresh = soup(refused[-1]).select_one("main [name=token]")["value"]
    time_machine.shift(10)
    assert send(client, fresh).status_code == 303


def test_a_field_that_no_reader_sees_must_stay_empty(client: Client, token: str) -> None:
    answer = send(client, token, website="https://vente.example")

    assert answer.status_code == 422
    assert mail.outbox == []
    trap = soup(answer).select_one("[name=website]")
    assert trap.get("value") is None
    assert trap["tabindex"] == "-1"
    assert trap.parent["aria-hidden"] == "true"


def test_a_header_cannot_be_slipped_in(client: Client, token: str) -> None:
    send(client, token, subject="Bonjour\r\nBcc: eva@exemple.org", name="Ada\nBcc: eva@exemple.org")

    [letter] = mail.outbox
    assert letter.recipients() == [INSTITUTION]
    assert letter.subject == "[Parvis] Bonjour Bcc: eva@exemple.org"
    assert "\nBcc:" not in letter.message().as_string().split("\n\n")[0]


def test_only_the_portals_own_form_is_accepted(home: Page, token: str) -> None:
    assert send(Client(enforce_csrf_checks=True), token).status_code == 403
    assert mail.outbox == []


# How often


def test_a_browser_sends_five_messages_an_hour_and_is_told_so(
    client: Client, kept_bodies: None, time_machine: Any
) -> None:
    client.get(screen("contact"))
    client.cookies["csrftoken"] = "a" * 32
    tokens = [new_token() for _ in range(7)]
    time_machine.shift(60)
    statuses = [send(client, one).status_code for one in tokens[:6]]

    assert statuses == [303] * 5 + [429]
    assert len(mail.outbox) == 5
    assert errors(send(client, tokens[6]))
    assert send(Client(), tokens[6], email="eva@exemple.org").status_code == 303


def test_one_network_address_has_a_limit_whatever_the_browser(kept_bodies: None, time_machine: Any) -> None:
    tokens = [new_token() for _ in range(limits.LIMITS["address"] + 1)]
    time_machine.shift(60)
    statuses = [send(Client(), one).status_code for one in tokens]

    assert statuses == [303] * limits.LIMITS["address"] + [429]
    assert send(Client(REMOTE_ADDR="10.1.2.3"), new_token()).status_code == 422
    kept = [key for key in cache._cache if "contact" in key]
    assert kept
    assert not any("127.0.0.1" in key for key in kept)


def test_the_web_server_in_front_says_who_asks(kept_bodies: None, settings: Any, rf: Any) -> None:
    settings.PARVIS_ADDRESS_HEADER = "HTTP_X_REAL_IP"

    def key(**headers: str) -> str:
        request = rf.get("/", **headers)
        request.session = Client().session
        return limits._keys(request)["address"]

    assert key(HTTP_X_REAL_IP="10.0.0.1") != key(HTTP_X_REAL_IP="10.0.0.2")
    assert key() == key(REMOTE_ADDR="127.0.0.1")


def test_sent_twice_by_a_double_click_it_is_one_message(client: Client, kept_bodies: None, token: str) -> None:
    assert [send(client, token).status_code for _ in range(2)] == [303, 303]
    assert len(mail.outbox) == 1


# The reader's own copy


def test_a_signed_in_reader_may_have_a_copy_at_the_address_of_their_account_only(
    sign_in: Any, client: Client, token: str, time_machine: Any
) -> None:
    reader = sign_in([], email="ines@valmont.example")
    assert soup(reader.get(screen("contact"))).select_one("[name=email]")["value"] == "ines@valmont.example"

    send(reader, token, copy="on", email="ines@ailleurs.example")

    assert [letter.to for letter in mail.outbox] == [[INSTITUTION], ["ines@valmont.example"]]
    assert "Le numéro de la salle est faux." in mail.outbox[1].body


@pytest.mark.parametrize("account", [None, ""])
def test_nobody_else_may(client: Client, sign_in: Any, token: str, account: str | None) -> None:
    browser = client if account is None else sign_in([], email=account)

    assert soup(browser.get(screen("contact"))).select("[name=copy]") == []
    send(browser, token, copy="on")
    assert [letter.to for letter in mail.outbox] == [[INSTITUTION]]


def test_nothing_is_sent_nor_filled_in_while_seeing_as_another(sign_in: Any, students: Audience, token: str) -> None:
    reader = sign_in([students], email="ines@valmont.example")
    reader.post(reverse("see_as"), {})

    page = reader.get(screen("contact")).content.decode()
    assert "ines@valmont.example" not in page
    assert send(reader, token).status_code == 403
    assert mail.outbox == []


# When the mail server is away


class Away(EmailBackend):
    """A mail server that does not answer while `error` is set."""

    error: Exception | None = SMTPServerDisconnected("away")

    def send_messages(self, messages: Any) -> int:
        if Away.error:
            raise Away.error
        return super().send_messages(messages)


@pytest.fixture
def away(settings: Any) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    settings.EMAIL_BACKEND = f"{__name__}.Away"
    Away.error = SMTPServerDisconnected("away")


def test_a_message_that_cannot_leave_waits_for_the_worker_and_is_then_forgotten(
    client: Client, away: None, token: str, time_machine: Any, work: Callable[[], None]
) -> None:
    answer = send(client, token)

    assert answer["Location"] == f"{reverse('contact_sent')}?later"
    assert mail.outbox == []
    assert "Le numéro" in str(DBTaskResult.objects.get().args_kwargs)
    work()  # too early
    assert DBTaskResult.objects.count() == 1

    Away.error = None
    time_machine.shift(timedelta(minutes=2))
    work()
    assert [letter.to for letter in mail.outbox] == [[INSTITUTION]]
    assert not DBTaskResult.objects.exists()


def test_it_is_tried_again_for_three_days_and_given_up_with_an_error_that_names_nobody(
    client: Client,
    away: None,
    token: str,
    time_machine: Any,
    caplog: pytest.LogCaptureFixture,
    work: Callable[[], None],
) -> None:
    Away.error = SMTPRecipientsRefused({"ada@exemple.org": (550, b"Ada Bon")})
    send(client, token)
    for minutes in WAITS:
        assert DBTaskResult.objects.count() == 1
        time_machine.shift(timedelta(minutes=minutes + 1))
        work()

    assert not DBTaskResult.objects.exists()
    assert [record.levelname for record in caplog.records if record.name == "home.contact.letters"][-1] == "ERROR"
    assert not re.search("ada@|Ada|salle", caplog.text)


def test_what_a_stopped_worker_left_behind_does_not_stay(client: Client, away: None, token: str) -> None:
    send(client, token)
    DBTaskResult.objects.update(enqueued_at=timezone.now() - timedelta(days=5), status="RUNNING")

    forget_old_letters()

    assert not DBTaskResult.objects.exists()


# The page


def test_every_page_leads_to_the_form_with_its_own_address(client: Client, page: Any) -> None:
    for address in (page.url, "/nulle-part/"):
        link = soup(client.get(address)).select_one(f'footer a[href^="{screen("contact")}?"]')
        assert link["href"].endswith(f"from={address.replace('/', '%2F')}")


@pytest.mark.parametrize("language", ["fr", "en", "es"])
def test_the_form_speaks_the_readers_language(
    client: Client, english_home: Page, language: str, count_queries: Callable[..., int]
) -> None:
    page = soup(client.get(screen("contact", language)))
    assert page.html["lang"] == language
    assert page.select_one("main form")["action"] == screen("contact", language)
    assert [field.get("autocomplete") for field in page.select("main [name=name], main [name=email]")] == [
        "name", "email",
    ]  # fmt: skip


def test_what_was_typed_is_shown_as_it_was_and_runs_nowhere(client: Client, token: str) -> None:
    answer = send(client, token, name='"><script>alert(1)</script>', email="non")

    assert "<script>alert" not in answer.content.decode()
    assert soup(answer).select_one("[name=name]")["value"] == '"><script>alert(1)</script>'
