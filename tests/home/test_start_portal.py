"""An empty portal for an institution: whole from the first minute, and no word of the demonstration in it."""

from __future__ import annotations

import json
import os
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.test import Client
from wagtail.models import Locale, Page, PageViewRestriction, Site, Workflow

from accounts.services import ADMINISTRATION, sign_in
from audience.models import Access, Audience, KnownReader, Rule
from content.models import PortalSettings
from home.models import HomePage
from search.models import Entry
from tests.factories import NewsPageFactory
from tests.reading import soup

pytestmark = pytest.mark.django_db
WHOLE = os.environ.get("PARVIS_WHOLE") == "1"

DEMONSTRATION = Path(__file__).resolve().parents[2] / "home" / "demo"
GIVEN = ["--name", "Mon ENT", "--institution", "Université du Test", "--address", "https://ent.test.example"]


@pytest.fixture
def started(home: HomePage, settings: Any) -> HomePage:
    settings.OIDC_ISSUER = "https://op.test.example"
    call_command("start_portal", *GIVEN, "--administrator", "sub-of-ada", verbosity=0)
    return home


def rows() -> dict[str, list[Any]]:
    """Return all that the database holds of ours, by model."""
    ours = [model for model in apps.get_models() if not model._meta.label.startswith(("sessions.", "contenttypes."))]
    return {model._meta.label: list(model._default_manager.order_by("pk").values()) for model in ours}


def words_of_the_demonstration() -> set[str]:
    """Return what its files call things: units, people, services, pages, and the words in which it names itself."""
    found = {"valmont", "polymont", "aubertin", "belkacem"}
    shared = {
        "accueil",
        "agenda",
        "services",
        "actualités",
        "accessibilité",
        "mentions légales",
        "données personnelles",
        # General words, of audiences, families and menus of any university.
        "bibliothèques",
        "mon compte",
        "ressources humaines",
        "vie étudiante",
    }
    shared |= {"bibliothèques", "vie étudiante", "mon compte", "ressources humaines"}  # what any university says
    for path in [*DEMONSTRATION.glob("units.toml"), *DEMONSTRATION.glob("s*.toml"), *DEMONSTRATION.glob("n*.toml")]:
        for items in tomllib.loads(path.read_text(encoding="utf-8")).values():
            found |= {str(item.get("name") or item.get("title") or "").lower() for item in items}
    for persona in tomllib.loads((DEMONSTRATION / "personas.toml").read_text(encoding="utf-8"))["persona"]:
        found.add(str(persona["claims"].get("family_name", "")).lower())
    return {word for word in found if len(word) > 5} - shared


def test_every_page_of_it_answers_and_has_its_empty_state(started: HomePage, client: Client) -> None:
    addresses = list(Entry.objects.filter(withdrawn=False).values_list("url", flat=True))
    assert len(addresses) >= 3 * 12
    # Its pages in the first language, and a few in each other; whole, all of them.
    chosen = addresses if WHOLE else [one for one in addresses if not one.startswith(("/en/", "/es/"))]
    todo, seen = ["/", "/en/", "/es/", "/en/legal-notice/", *chosen], set[str]()
    while todo:
        address = todo.pop()
        if address in seen or not re.match(r"^/(?!admin|oidc|static|media)", address):
            continue
        seen.add(address)
        answer = client.get(address)
        assert answer.status_code in {200, 302}, address
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            found = [link["href"] for link in soup(answer).select("a[href^='/'], link[rel=stylesheet][href^='/_']")]
            follow = WHOLE or not address.startswith(("/en/", "/es/"))
            todo += [href.partition("#")[0] for href in found if follow and href.count("?") == 0]
    assert {"/contact/", "/mentions-legales/", "/en/legal-notice/"} <= seen
    for address in (
        "/recherche/?q=bourse",
        "/en/search/?q=grant",
        "/actualites/",
        "/agenda/",
        "/services/",
        "/demarches/",
    ):
        answer = client.get(address)
        assert answer.status_code == 200
        assert soup(answer).select_one(".empty-state, .search-empty, [class*=empty]"), address


def test_no_row_and_no_page_of_it_says_a_word_of_the_demonstration(started: HomePage, client: Client) -> None:
    words = words_of_the_demonstration()
    assert len(words) > 100

    kept = json.dumps(rows(), default=str, ensure_ascii=False).lower()
    shown = "".join(
        client.get(address).content.decode()
        for address in [
            *Entry.objects.filter(withdrawn=False).values_list("url", flat=True),
            "/recherche/", "/plan/", "/contact/", "/nulle-part/", "/sw.js", "/_portal/manifest.fr.webmanifest",
            "/_portal/offline.fr", "/sitemap.xml", "/actualites/rss/", "/agenda/agenda.ics",
        ]
    ).lower()  # fmt: skip
    shown = re.sub(r"^prodid:.*", "", shown, flags=re.MULTILINE)  # of calendars: what made them, for programs
    for text in (kept, shown):
        assert {word for word in words if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text)} == set()
    # Nor does a reader read the name of the software where the institution's own should be.
    # (a calendar says by which program it was made, in a line that nobody reads).
    assert "parvis" not in re.sub(r"<[^>]+>|prodid:-//parvis//", " ", shown)


def test_it_bears_the_names_and_the_address_given(started: HomePage, client: Client) -> None:
    page = soup(client.get("/"))
    site = Site.objects.get()

    assert page.select_one(".brand__name").text == "Mon ENT"
    assert page.select_one(".brand__house").text == "Université du Test"
    assert (site.hostname, site.port, site.site_name) == ("ent.test.example", 443, "Mon ENT")
    assert {a.text for a in page.select(".site-footer a")} >= {"Mentions légales", "Données personnelles", "Aide"}
    assert [item.text for item in page.select(".main-menu__link")][:2] == ["Actualités", "Agenda"]
    assert {locale.language_code for locale in Locale.objects.all()} == {"fr", "en", "es"}


def test_its_audiences_have_rules_that_supann_claims_meet(started: HomePage) -> None:
    assert not Audience.objects.filter(rules=None, narrower=None).exists()
    assert Rule.objects.count() >= Audience.objects.count() - 1
    user = sign_in(
        issuer="https://op.test.example",
        subject="someone",
        claims={"eduPersonAffiliation": ["student", "member"], "supannEtuCursusAnnee": ["{SUPANN}L1"]},
    )
    held = {pk for position in json.loads(KnownReader.objects.get(user=user).positions) for pk in position}
    assert set(Audience.objects.filter(pk__in=held).values_list("slug", flat=True)) == {"etudiants", "licence", "l1"}


def test_the_administrator_who_was_named_signs_in_and_administers(started: HomePage) -> None:
    user = sign_in(issuer="https://op.test.example", subject="sub-of-ada", claims={"name": "Ada"})
    browser = Client()
    browser.force_login(user)

    assert user.groups.filter(name=ADMINISTRATION).exists()
    assert browser.get("/admin/").status_code == 200
    assert browser.get(f"/admin/settings/content/portalsettings/{PortalSettings.objects.get().pk}/").status_code == 200
    assert browser.get(f"/admin/pages/{started.pk}/").status_code == 200


def test_who_writes_and_who_publishes_are_groups_and_a_workflow_joins_them(started: HomePage) -> None:
    assert set(Group.objects.values_list("name", flat=True)) == {ADMINISTRATION, "Rédaction", "Publication"}
    workflow = Workflow.objects.get()
    assert workflow.name == "Relecture avant publication"
    assert Page.objects.get(slug="actualites").get_workflow() == workflow
    news = Page.objects.get(slug="actualites")
    NewsPageFactory(parent=news, title="Une", access=Access.RECOMMENDED)
    assert not PageViewRestriction.objects.exists()


def test_a_second_run_changes_nothing_and_another_name_is_refused(started: HomePage) -> None:
    Page.objects.get(slug="aide").specific.delete()
    before = rows()

    call_command("start_portal", *GIVEN, verbosity=0)
    assert rows() == before
    with pytest.raises(CommandError, match="nothing was changed"):
        call_command("start_portal", "--name", "Autre", "--institution", "Autre", verbosity=0)
    assert rows() == before
    call_command("start_portal", *GIVEN, "--administrator", "sub-of-bob", verbosity=0)
    assert Group.objects.get(name=ADMINISTRATION).user_set.count() == 2


def test_a_portal_with_pages_of_its_own_is_left_alone(home: HomePage, news_index: Page) -> None:
    before = rows()
    with pytest.raises(CommandError, match="nothing was changed"):
        call_command("start_portal", *GIVEN, verbosity=0)
    assert rows() == before


@pytest.mark.parametrize(
    "wrong", [["--name", " "], ["--languages", "fr,de"], ["--institution", ""], ["--name", "x" * 61]]
)
def test_what_is_missing_or_not_known_is_refused_and_nothing_is_made(home: HomePage, wrong: list[str]) -> None:
    before = rows()
    with pytest.raises(CommandError):
        call_command("start_portal", *GIVEN, *wrong, verbosity=0)
    assert rows() == before


def test_a_language_that_nobody_asked_for_is_closed(home: HomePage, client: Client) -> None:
    call_command("start_portal", *GIVEN, "--languages", "fr", verbosity=0)

    assert [locale.language_code for locale in Locale.objects.all()] == ["fr"]
    assert client.get("/en/").status_code != 200
    assert client.get("/").status_code == 200
    assert not Entry.objects.exclude(language="fr").exists()
