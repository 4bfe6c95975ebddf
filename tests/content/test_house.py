"""What the portal says of itself: legal notice, cookies, accessibility, what is new. All of it follows its source."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from wagtail.models import Locale, Page

from content.accessibility import AccessibilityAudit, Conformity, conformity
from content.blocks.house import COOKIES
from content.changes import PortalChange, Reach, changes
from content.models import PortalSettings
from tests.factories import StandardPageFactory
from tests.reading import screen, soup

pytestmark = pytest.mark.django_db


def audit(**more: Any) -> AccessibilityAudit:
    said = {"auditor": "Cabinet Nord", "criteria_met": 45, "criteria_applicable": 60}
    return AccessibilityAudit(**{**said, **more})


def page_with(home: Page, block: str) -> Any:
    return StandardPageFactory(parent=home, body=[{"type": block, "value": None}])


# What may be declared


@pytest.mark.parametrize(
    ("met", "applicable", "declared"),
    [
        (60, 60, Conformity.FULL),
        (59, 60, Conformity.PARTIAL),
        (30, 60, Conformity.PARTIAL),
        (29, 60, Conformity.NONE),
        (0, 60, Conformity.NONE),
        (53, 106, Conformity.PARTIAL),
        (52, 106, Conformity.NONE),
    ],
)
def test_what_may_be_declared_follows_the_share_of_criteria_met(met: int, applicable: int, declared: str) -> None:
    found = audit(criteria_met=met, criteria_applicable=applicable, carried_out_on=date(2026, 1, 10))

    assert found.conformity(date(2026, 6, 1)) == declared


def test_an_audit_counts_for_three_years_and_without_one_nothing_may_be_declared() -> None:
    found = audit(criteria_met=60, carried_out_on=date(2024, 2, 29))

    assert conformity(found, on=date(2027, 3, 1)) == Conformity.FULL
    assert conformity(found, on=date(2027, 3, 2)) == Conformity.NONE
    assert conformity(None, on=date(2027, 3, 1)) == Conformity.NONE


def test_a_rate_is_never_rounded_up() -> None:
    assert str(audit(criteria_met=105, criteria_applicable=106).rate) == "99.0"
    assert str(audit(criteria_met=2, criteria_applicable=3).rate) == "66.6"


@pytest.mark.parametrize(
    "wrong",
    [
        {"criteria_met": 61},
        {"criteria_applicable": 0, "criteria_met": 0},
        {"criteria_applicable": 107},
        {"carried_out_on": date(2999, 1, 1)},
    ],
)
def test_impossible_figures_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        audit(**wrong).full_clean()


# The statement, and the mention on every page


def test_the_mention_at_the_foot_follows_the_newest_audit(client: Client, home: Page) -> None:
    def mention(address: str = "/") -> Any:
        return soup(client.get(address)).select_one("footer [data-conformity]")

    assert mention()["data-conformity"] == "none"
    audit(carried_out_on=timezone.localdate() - timedelta(days=900), criteria_met=60).save()
    assert mention()["data-conformity"] == mention("/recherche/")["data-conformity"] == "full"
    newest = audit(carried_out_on=timezone.localdate() - timedelta(days=30))
    newest.save()
    assert mention("/nulle-part/")["data-conformity"] == "partial"
    newest.delete()
    assert mention()["data-conformity"] == "full"


def test_an_audit_that_grows_old_takes_the_mention_with_it(client: Client, home: Page, time_machine: Any) -> None:
    audit(carried_out_on=timezone.localdate(), criteria_met=60).save()
    time_machine.move_to(timezone.now() + timedelta(days=4 * 365))

    assert soup(client.get("/")).select_one("footer [data-conformity]")["data-conformity"] == "none"


def test_the_mention_leads_to_the_statement_in_the_readers_language(
    client: Client, home: Page, english_home: Page
) -> None:
    page = page_with(home, "accessibility")
    translated = page.copy_for_translation(Locale.objects.get(language_code="en"))
    translated.slug = "accessibility"
    translated.save_revision().publish()
    PortalSettings.objects.create(accessibility_page_id=page.pk)

    assert soup(client.get("/")).select_one("footer a[data-conformity]")["href"] == page.url
    assert soup(client.get("/en/")).select_one("footer a[data-conformity]")["href"] == "/en/accessibility/"


def test_the_statement_gives_the_figures_of_the_newest_audit(client: Client, home: Page) -> None:
    page = page_with(home, "accessibility")
    assert soup(client.get(page.url)).select_one("main [data-conformity]")["data-conformity"] == "none"
    audit(non_conformities="<p>Des PDF.</p>", sample="Accueil\nContact").save()

    said = soup(client.get(page.url)).main
    text = said.get_text(" ", strip=True)
    assert said.select_one("[data-conformity]")["data-conformity"] == "partial"
    assert "Cabinet Nord" in text
    assert "Des PDF." in text
    assert {"45", "60", "75"} <= set(text.replace("%", " ").split())
    assert [item.get_text() for item in said.select("li")][:2] == ["Accueil", "Contact"]


def test_what_is_typed_in_an_audit_leads_to_no_page(client: Client, home: Page) -> None:
    hidden = StandardPageFactory(parent=home, slug="brouillon", live=False)
    audit(non_conformities=f'<p><a linktype="page" id="{hidden.pk}">une page</a></p>').save()

    answer = client.get(page_with(home, "accessibility").url).content.decode()
    assert "une page" in answer
    assert "brouillon" not in answer


def test_in_another_language_what_is_typed_in_the_settings_is_marked(
    client: Client, home: Page, english_home: Page
) -> None:
    page = page_with(home, "legal").copy_for_translation(Locale.objects.get(language_code="en"))
    page.save_revision().publish()
    PortalSettings.objects.create(director="Hélène Aubertin, présidente")

    director = soup(client.get(Page.objects.get(pk=page.pk).url)).find("dd", string="Hélène Aubertin, présidente")
    assert director["lang"] == "fr"


# Legal notice


def test_the_legal_notice_says_what_the_settings_say(client: Client, home: Page) -> None:
    page = page_with(home, "legal")
    said = PortalSettings.objects.create(
        institution="Université du Lac", legal_form="établissement public", phone="03 00 00 10 00",
        director="Ada Bon", host_name="Hébergeur du Lac", host_address="1, rue du Lac", host_phone="03 00 00 20 00",
        data_officer="dpo@lac.example",
    )  # fmt: skip

    text = soup(client.get(page.url)).main.get_text(" ", strip=True)
    for field in ("institution", "legal_form", "phone", "director", "host_name", "host_address", "host_phone"):
        assert getattr(said, field) in text
    assert soup(client.get(page.url)).select_one('main a[href="mailto:dpo@lac.example"]')
    said.director = "Eva Lune"
    said.save()
    assert "Eva Lune" in client.get(page.url).content.decode()


# Cookies


def test_every_cookie_that_the_portal_sets_is_listed(client: Client, sign_in: Any, home: Page) -> None:
    reader = sign_in([])
    reader.get("/")
    reader.get("/compte/")
    reader.post("/voir-comme/", {})
    client.get(screen("contact"))
    client.get("/recherche/", {"q": "aide"})
    client.get("/oidc/authenticate/", {"next": "/"})
    names = {*client.cookies, *reader.cookies}
    listed = soup(client.get(page_with(home, "cookies").url)).select("main th code")
    known = [code.get_text().removesuffix("…") for code in listed]

    assert len(known) == len(COOKIES) >= 3
    assert {name for name in names if not any(name.startswith(one) for one in known)} == set()


def test_who_only_reads_is_given_no_cookie(client: Client, home: Page) -> None:
    for address in ("/", "/recherche/?q=aide", page_with(home, "cookies").url, screen("plan"), "/nulle-part/"):
        assert not client.get(address).cookies, address


# What is new


def test_what_is_new_is_told_to_readers_once_in_their_language_and_the_newest_first(
    client: Client, home: Page, english_home: Page
) -> None:
    french, english = (Locale.objects.get(language_code=code) for code in ("fr", "en"))
    page = page_with(home, "changes")
    old = PortalChange.objects.create(day=date(2026, 3, 1), title="Une recherche plus rapide", locale=french)
    PortalChange.objects.create(day=date(2026, 5, 1), title="Le plan", locale=french)
    PortalChange.objects.create(day=date(2026, 6, 1), title="Un gabarit", locale=french, reach=Reach.EDITORS)
    twin = old.copy_for_translation(english)
    twin.title = "Search is faster"
    twin.save()

    def told(address: str) -> list[str]:
        return [title.get_text() for title in soup(client.get(address)).select("main h2")]

    assert told(page.url) == ["Le plan", "Une recherche plus rapide"]
    translated = page.copy_for_translation(english)
    translated.save_revision().publish()
    address = Page.objects.get(pk=translated.pk).url
    assert told(address) == ["Le plan", "Search is faster"]
    assert [title.parent.get("lang") for title in soup(client.get(address)).select("main h2")] == ["fr", None]
    assert changes(language="fr", for_editors=True)[0].title == "Un gabarit"


def test_a_change_shows_at_once_on_a_page_that_was_kept(client: Client, home: Page, kept_bodies: None) -> None:
    page = page_with(home, "changes")
    client.get(page.url)
    PortalChange.objects.create(title="Le plan", locale=Locale.objects.get(language_code="fr"))

    assert "Le plan" in client.get(page.url).content.decode()
