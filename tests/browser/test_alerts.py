"""From a phone: the state of a service while its page is in moderation, and an emergency that reaches open pages."""

from __future__ import annotations

import json
import time

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessibility import violations
from tests.browser.walk import Walk

PHONE = 390
TITLE = "Évacuation du bâtiment B"
SPORT = "/composantes-et-services/vie-etudiante/services-vie-etudiante/sport-suaps/"

MODERATED = """
from accounts.models import User
from services.models import ServicePage
page = ServicePage.objects.get(slug="sport-suaps", locale__language_code="fr")
page.operators.add(User.objects.get(identities__subject="karim.benhaddou"))
page.save()
page.title = "Un titre que personne n’a encore relu"
page.save_revision()
page = page.__class__.objects.get(pk=page.pk)
page.get_workflow().start(page, None)
"""
HELD = """
import json
from services.models import ServicePage
page = ServicePage.objects.get(slug="sport-suaps", locale__language_code="fr")
print(json.dumps([page.title, page.live, page.has_unpublished_changes, page.locked, page.revisions.count(),
    page.current_workflow_state.status, page.current_workflow_task.name, str(page.last_published_at)]))
"""
END = """
from services.models import ServicePage
page = ServicePage.objects.get(slug="sport-suaps", locale__language_code="fr")
page.current_workflow_state.cancel()
"""


def address(stack, name: str) -> str:
    return stack.shell(f"from django.urls import reverse; print(reverse({name!r}))").split()[-1]


def held(stack) -> list[object]:
    return json.loads(stack.shell(HELD).splitlines()[-1])


def test_an_operator_says_an_outage_and_ends_it_while_the_page_is_in_moderation(visit, stack):
    operator = visit("/compte/", persona="karim.benhaddou", width=PHONE)
    stack.shell(MODERATED)
    before, visitor = held(stack), visit(SPORT, width=PHONE)
    assert before[5] == "in_progress"
    try:
        operator.goto(SPORT)
        operator.locator(".reading__main > p > a.more-link").first.click()
        operator.locator("input[name=level][value=down]").check()
        operator.locator("textarea[name=message]").fill("La réservation ne répond pas.")
        operator.locator("main form button").click()
        operator.wait_for_load_state()
        assert operator.evaluate("document.documentElement.scrollWidth") <= PHONE

        visitor.reload()
        expect(visitor.locator(".callout[data-state=down]")).to_contain_text("La réservation ne répond pas.")
        expect(visitor.locator("h1")).not_to_contain_text("que personne n’a encore relu")
        assert held(stack) == before

        operator.locator("input[name=level][value=normal]").check()
        operator.locator("textarea[name=message]").fill("")
        operator.locator("main form button").click()
        operator.wait_for_load_state()
        visitor.reload()
        expect(visitor.locator(".callout[data-state=down]")).to_have_count(0)
        assert held(stack) == before
    finally:
        stack.shell(END)


@pytest.fixture
def no_alert(stack):
    yield
    stack.shell("from home.models import Alert; [alert.delete() for alert in Alert.objects.all()]")


def test_an_emergency_from_a_phone_reaches_open_pages_and_kept_homes_within_ten_seconds(visit, stack, no_alert):
    officer = visit(address(stack, "emergency"), persona="mathilde.roche", width=PHONE)
    open_page, student = visit("/services/", width=PHONE), visit("/", persona="ines.marchetti")
    for _warm in range(2):
        student.goto("/")
    expect(student.locator(".emergency")).to_have_count(0)

    walk = Walk(officer)
    walk.fill(officer.locator("input[name=title]"), TITLE)
    walk.fill(officer.locator("textarea[name=text]"), "Sortez par le parvis, sans repasser par les salles.")
    walk.click(officer.locator("main form").last.locator("button"))
    expect(officer.locator("#reach")).to_be_visible()
    assert officer.evaluate("document.documentElement.scrollWidth") <= PHONE
    expect(open_page.locator(".emergency")).to_have_count(0)
    walk.click(officer.locator("button[name=publish]"))
    walk.announced(clicks=2, fields=2)
    said_at = time.monotonic()

    for page in (open_page, student):
        expect(page.locator(".emergency")).to_contain_text(TITLE, timeout=10_000)
    assert time.monotonic() - said_at < 10
    for page in (visit("/", width=PHONE), visit("/", persona="malik.sauvage"), visit("/nulle-part/")):
        expect(page.locator(".emergency")).to_contain_text(TITLE)

    officer.locator("button[name=end]").click()
    officer.locator("button[name=end-now]").click()
    for page in (open_page, student):
        expect(page.locator(".emergency")).to_have_count(0, timeout=10_000)


WARNING = """
from datetime import timedelta
from django.utils import timezone
from home.models import Alert
Alert(level="warning", title="Travaux", text="Entrez par la rue.", ends_at=timezone.now() + timedelta(days=1)).save()
"""


def test_an_alert_is_hidden_without_leaving_the_page_and_stays_so(visit, stack, no_alert):
    stack.shell(WARNING)
    page = visit("/services/", width=PHONE)
    expect(page.locator(".alerts")).to_contain_text("Travaux")

    page.locator("form[data-hide] button").click()

    expect(page.locator(".alerts .alert-banner")).to_have_count(0)
    assert page.url.endswith("/services/")
    page.goto("/")
    expect(page.locator(".alerts .alert-banner")).to_have_count(0)
    expect(visit("/", width=PHONE).locator(".alerts .alert-banner")).to_have_count(1)


def test_the_script_asks_no_more_once_the_page_is_not_seen(visit):
    page = visit("/", width=PHONE)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "urgence" in request.url else None)
    page.evaluate("Object.defineProperty(document, 'hidden', {get: () => true})")
    page.wait_for_timeout(8_000)
    seen = len(asked)
    page.wait_for_timeout(8_000)

    assert len(asked) == seen


EMERGENCY = WARNING.replace('level="warning"', 'level="emergency"')


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_alerts_emergencies_and_help(visit, stack, no_alert, scheme):
    stack.shell(WARNING)
    stack.shell(EMERGENCY)
    page = visit(address(stack, "emergency"), persona="mathilde.roche", width=PHONE, scheme=scheme)
    help_page = f"{address(stack, 'help')}?from=/services/arche/&ref=0123456789abcdef"
    found = {}
    for path in (page.url, address(stack, "alerts"), help_page, "/services/?by=letter&for=all", "/nulle-part/"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE, path
        if broken := violations(page):
            found[path] = broken
    assert found == {}
