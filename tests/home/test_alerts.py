"""Alerts stand above the pages of those they are for, when they are for them, until they hide them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from bs4 import Tag
from django.contrib.auth.models import Group, Permission
from django.core.cache import cache
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale

from audience.models import Access, Audience
from audience.reader import Reader
from home.alerts import shown
from home.models import Alert
from search.drift import differences, other_differences, sources
from search.models import Entry
from services.models import Level
from services.states import set_state
from tests.factories import (
    AlertFactory,
    NewsIndexPageFactory,
    NewsPageFactory,
    ReaderFactory,
    SectionPageFactory,
    ServicePageFactory,
    StandardPageFactory,
    know,
)
from tests.reading import form_of, soup

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")


def alerts(browser: Client, address: str = "/") -> list[str]:
    """Return the titles of the alerts above a page, emergencies first."""
    page = soup(browser.get(address))
    return [one.get_text() for one in page.select(".emergency__title, .alerts .alert-banner__title")]


def test_it_stands_above_every_page_and_every_error(client: Client, home: Any, news_index: Any) -> None:
    AlertFactory(title="Travaux sur le parvis", text="Entrez par la rue des Arts.")

    for address in ("/", "/en/", news_index.url, "/recherche/?q=x", "/nulle-part/"):
        assert alerts(client, address) == ["Travaux sur le parvis"], address
    assert "Entrez par la rue des Arts." in client.get("/").content.decode()


def test_the_gravest_comes_first_then_the_newest(client: Client, home: Any) -> None:
    now = timezone.now()
    for title, level, age in (("a", "info", 1), ("b", "warning", 3), ("c", "warning", 2), ("d", "emergency", 4)):
        AlertFactory(title=title, level=level, starts_at=now - timedelta(hours=age))

    assert alerts(client) == ["d", "c", "b", "a"]


def test_many_are_not_all_shown_and_the_rest_is_one_link_away(client: Client, home: Any) -> None:
    AlertFactory.create_batch(6)

    page = soup(client.get("/"))

    assert len(page.select(".alerts .alert-banner")) == 4
    assert page.select_one(".alerts .more-link")["href"] == reverse("alerts")
    assert len(soup(client.get(reverse("alerts"))).select("main .alert-banner")) == 6


def test_what_is_recommended_is_shown_to_whom_it_is_for_and_may_be_read_by_all(
    client: Client, sign_in: Any, home: Any, students: Audience
) -> None:
    AlertFactory(title="Inscriptions closes", audiences=[students])

    assert alerts(sign_in([students])) == ["Inscriptions closes"]
    assert alerts(client) == []
    assert "Inscriptions closes" in client.get(reverse("alerts")).content.decode()


def test_what_is_reserved_is_unknown_to_the_others(
    client: Client, sign_in: Any, home: Any, staff: Audience, kept_bodies: None
) -> None:
    AlertFactory(title="Paie en retard", audiences=[staff], access=Access.RESERVED)
    AlertFactory(title="Pour personne", access=Access.RESERVED)
    reader, other = sign_in([staff]), sign_in()

    for _cold_then_warm in range(2):
        assert alerts(reader) == ["Paie en retard"]
        assert alerts(other) == alerts(client) == []
    for address in (reverse("alerts"), "/recherche/?q=paie", "/nulle-part/", reverse("urgent", args=["fr"])):
        assert "Paie en retard" not in client.get(address).content.decode(), address
        assert "Paie en retard" not in other.get(address).content.decode(), address
    assert "Paie en retard" in reader.get("/recherche/?q=paie").content.decode()


def test_below_given_pages_it_stands_there_and_nowhere_else(
    client: Client, home: Any, sections: Any, news_index: Any, english_home: Any
) -> None:
    section = SectionPageFactory(parent=sections, title="Sciences")
    inside = NewsPageFactory(parent=NewsIndexPageFactory(parent=section), title="Séminaire")
    english = Locale.objects.get(language_code="en")
    sections.copy_for_translation(english).save_revision().publish()
    translated = section.copy_for_translation(english)
    translated.save_revision().publish()
    AlertFactory(title="Ascenseur en panne", below=[section])

    for address in (section.url, inside.url, translated.get_url()):
        assert alerts(client, address) == ["Ascenseur en panne"], address
    for address in ("/", news_index.url, sections.url, "/recherche/?q=x", "/nulle-part/"):
        assert alerts(client, address) == [], address


def test_it_starts_and_ends_at_its_instants_on_bodies_that_are_kept(
    client: Client, home: Any, kept_bodies: None
) -> None:
    now = datetime(2026, 3, 2, 9, tzinfo=PARIS)
    with time_machine.travel(now, tick=False) as clock:
        AlertFactory(title="Alarme d’essai", starts_at=now + timedelta(hours=1), ends_at=now + timedelta(hours=2))
        seen = []
        for minutes in (0, 59, 60, 119, 120):
            clock.move_to(now + timedelta(minutes=minutes))
            seen.append(bool(alerts(client)))

    assert seen == [False, False, True, True, False]


def test_it_shows_and_goes_at_once_on_bodies_that_are_kept(client: Client, home: Any, kept_bodies: None) -> None:
    assert alerts(client) == []
    alert = AlertFactory(title="Travaux")
    assert alerts(client) == ["Travaux"]
    alert.title = "Travaux finis"
    alert.save()
    assert alerts(client) == ["Travaux finis"]
    alert.delete()
    assert alerts(client) == []


def test_its_link_leads_only_where_the_reader_may_go(client: Client, sign_in: Any, home: Any, staff: Audience) -> None:
    page = StandardPageFactory(parent=home, title="Consignes", audiences=[staff], access=Access.RESERVED)
    AlertFactory(title="Exercice", link=page)

    def link(browser: Client) -> Tag | None:
        return soup(browser.get("/")).select_one(".alerts .alert-banner__text a")

    assert link(client) is None
    assert "Consignes" not in client.get("/").content.decode()
    found = link(sign_in([staff]))
    assert found is not None
    assert (found["href"], found.get_text()) == (page.url, "Consignes")


def test_a_link_goes_with_its_page_and_a_place_with_its_own(client: Client, home: Any) -> None:
    page, place = StandardPageFactory(parent=home), StandardPageFactory(parent=home)
    alert = AlertFactory(title="Exercice", link=page, below=[place])

    page.delete()
    assert Entry.objects.get(kind="alert").extra["link"] == ""
    place.delete()

    assert Alert.objects.get(pk=alert.pk).places.count() == 0
    known = sources()
    assert [one for found in differences(known) for one in found] == []
    assert other_differences(known) == []


def test_in_english_it_is_said_in_english_or_marked_as_french(client: Client, home: Any) -> None:
    AlertFactory(title="Travaux", title_en="Works", text_en="Use the other door.")
    AlertFactory(title="Exercice")

    page = soup(client.get("/en/"))

    said = {
        one.select_one(".alert-banner__title").get_text(): one for one in page.select(".alerts .alert-banner__text")
    }
    assert set(said) == {"Works", "Exercice"}
    assert said["Exercice"]["lang"] == "fr"
    assert not said["Works"].has_attr("lang")
    assert alerts(client) == ["Exercice", "Travaux"]


def test_it_is_found_by_the_search_among_alerts(client: Client, home: Any) -> None:
    AlertFactory(title="Coupure de courant", text="Le campus Nord est sans courant.")

    page = soup(client.get("/recherche/", {"q": "courant", "kind": "alert"}))

    assert page.select_one(".search-result h2 a")["href"].startswith("/")
    assert page.select_one(".search-result h2").get_text() == "Coupure de courant"


# Hiding


def hide(browser: Client, address: str = "/") -> None:
    """Press the button of the first alert above the page, as a browser without JavaScript does."""
    form = soup(browser.get(address)).select_one("form[data-hide]")
    data = {field["name"]: field["value"] for field in form.select("input")}
    answer = browser.post(form["action"], data)
    assert (answer.status_code, answer["Location"]) == (303, address)


@pytest.mark.parametrize("signed_in", [False, True])
def test_who_hides_it_sees_it_no_more_until_its_text_changes(
    client: Client, sign_in: Any, home: Any, news_index: Any, kept_bodies: None, signed_in: bool
) -> None:
    browser, other = (sign_in(), sign_in()) if signed_in else (client, Client())
    alert = AlertFactory(title="Travaux")
    hide(browser, news_index.url)

    for address in ("/", news_index.url, "/recherche/?q=x", "/nulle-part/"):
        assert alerts(browser, address) == []
        assert alerts(other, address) == ["Travaux"]
    assert "Travaux" in browser.get(reverse("alerts")).content.decode()

    alert.starts_at -= timedelta(hours=1)
    alert.save()
    assert alerts(browser) == []
    alert.text = "Aussi demain."
    alert.save()
    assert alerts(browser) == ["Travaux"]


def test_no_token_of_one_reader_is_in_what_is_kept(client: Client, home: Any, kept_bodies: None) -> None:
    AlertFactory(title="Travaux")
    client.get("/")

    (kept,) = [cache.get(key.split(":", 2)[2]) for key in list(cache._cache) if ":body:" in key]
    assert b"Travaux" in kept.content
    assert b"csrf" not in kept.content
    assert b"<!--" not in client.get("/").content


def test_an_emergency_is_not_hidden(client: Client, home: Any) -> None:
    AlertFactory(title="Évacuation", level="emergency")
    entry = Entry.objects.get(kind="alert")
    (alert,) = shown([entry], reader=Reader())
    assert soup(client.get("/")).select("form[data-hide]") == []
    client.post(reverse("hide_alert"), {"key": alert.key, "next": "/"})

    assert alerts(client) == ["Évacuation"]


@pytest.mark.parametrize("key", ["", "x", "1.2", "9" * 40, "<script>", "\x00"])
@pytest.mark.parametrize("back", ["//evil.example/", "https://evil.example/", "javascript:alert(1)", ""])
def test_what_is_made_up_hides_nothing_and_leads_nowhere_else(client: Client, home: Any, key: str, back: str) -> None:
    AlertFactory(title="Travaux")

    answer = client.post(reverse("hide_alert"), {"key": key, "next": back})

    assert (answer.status_code, answer["Location"]) == (303, "/")
    assert alerts(client) == ["Travaux"]


def test_a_cookie_that_is_made_up_does_no_harm_and_does_not_grow(client: Client, home: Any) -> None:
    AlertFactory(title="Travaux")
    client.cookies["parvis_hidden"] = "x..<b>." + ".".join(str(number) for number in range(500))

    assert alerts(client) == ["Travaux"]
    client.post(reverse("hide_alert"), {"key": "123", "next": "/"})
    assert len(client.cookies["parvis_hidden"].value) < 500
    assert client.get(reverse("hide_alert")).status_code == 405


def test_another_site_hides_nothing(home: Any) -> None:
    browser = Client(enforce_csrf_checks=True)

    assert browser.post(reverse("hide_alert"), {"key": "123", "next": "/"}).status_code == 403


# Services of the reader's own


@pytest.fixture
def mail(catalogue: Any, students: Audience) -> Any:
    return ServicePageFactory(parent=catalogue, title="Messagerie", audiences=[students])


def outages(browser: Client, address: str = "/") -> list[str]:
    found = soup(browser.get(address)).select('main .notices [data-state="warning"] a')
    return [link["href"] for link in found]


def fail(service: Any, level: Level = Level.DOWN, message: str = "x", until: datetime | None = None) -> None:
    set_state(service=service.translation_key, level=level, message=message, until=until, author=None)


def test_a_service_that_fails_is_said_on_home_to_those_it_is_recommended_to(
    client: Client, sign_in: Any, mail: Any, catalogue: Any, students: Audience, staff: Audience
) -> None:
    other = ServicePageFactory(parent=catalogue, title="Wiki")
    student = sign_in([students])
    fail(mail)
    fail(other)

    assert outages(student) == [mail.url]
    assert outages(student, catalogue.url) == []
    assert outages(sign_in([staff])) == outages(client) == []
    assert not Alert.objects.exists()


def test_what_is_under_maintenance_or_works_again_is_not_said(sign_in: Any, mail: Any, students: Audience) -> None:
    student = sign_in([students])
    shown = {}
    for level in (Level.DEGRADED, Level.MAINTENANCE, Level.DOWN, Level.NORMAL):
        fail(mail, level)
        shown[level.value] = bool(outages(student))

    assert shown == {"degraded": True, "maintenance": False, "down": True, "normal": False}


def test_its_failure_ends_by_itself_on_bodies_that_are_kept(
    sign_in: Any, mail: Any, students: Audience, kept_bodies: None
) -> None:
    student, now = sign_in([students]), timezone.now()
    fail(mail, until=now + timedelta(minutes=20))
    for minutes, said in ((0, True), (19, True), (20, False)):
        with time_machine.travel(now + timedelta(minutes=minutes, seconds=1), tick=False):
            assert bool(outages(student)) is said, minutes


def test_a_failure_that_was_hidden_shows_again_when_something_else_is_said_of_it(
    sign_in: Any, mail: Any, students: Audience
) -> None:
    student = sign_in([students])
    fail(mail)
    hide(student)
    assert outages(student) == []

    fail(mail, message="Retour à 10 h.")
    assert outages(student) == [mail.url]


# What it costs


def test_ten_alerts_and_ten_failures_cost_as_many_queries_as_one(
    sign_in: Any, home: Any, catalogue: Any, students: Audience, count_queries: Any
) -> None:
    page, reader = StandardPageFactory(parent=home), sign_in([students])

    def add(number: int) -> None:
        for _each in range(number):
            AlertFactory(link=page, below=[page] if number > 1 else [])
            fail(ServicePageFactory(parent=catalogue, audiences=[students]))

    def costs() -> list[int]:
        addresses = ["/", page.url, reverse("alerts"), catalogue.url]
        for address in addresses:
            reader.get(address)  # what a process reads once for each content version
        return [count_queries(reader.get, address) for address in addresses]

    add(1)
    one = costs()
    add(9)

    assert costs() == one


def test_alerts_cost_a_page_nothing_and_their_links_one_query(client: Client, home: Any, count_queries: Any) -> None:
    def cost() -> int:
        client.get("/")
        return count_queries(client.get, "/")

    none = cost()
    alert = AlertFactory()
    assert cost() == none
    alert.link = StandardPageFactory(parent=home)
    alert.save()
    assert cost() == none + 1


# In the admin


ADDRESS = "/admin/home/alert/"


def send(editor: Client, address: str, **fields: Any) -> Any:
    data = _form(editor, address)
    for name, value in fields.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return editor.post(address, data.urlencode(), content_type="application/x-www-form-urlencoded")


def _form(editor: Client, address: str) -> Any:
    forms = soup(editor.get(address)).select("form")
    return form_of(editor, address, number=next(i for i, form in enumerate(forms) if form.select('[name="title"]')))


@pytest.fixture
def editor(sign_in: Any, home: Any) -> Client:
    group = Group.objects.create(name="Communication")
    for codename in ("access_admin", "add_alert", "change_alert", "delete_alert"):
        group.permissions.add(Permission.objects.get(codename=codename))
    return sign_in(groups=(group,))


def in_two_days() -> str:
    return (timezone.localtime() + timedelta(days=2)).strftime("%Y-%m-%d %H:%M")


def test_an_editor_writes_one_for_an_audience_below_a_page(
    editor: Client, sign_in: Any, client: Client, sections: Any, students: Audience
) -> None:
    section = SectionPageFactory(parent=sections)
    places = {"places-TOTAL_FORMS": "1", "places-0-page": str(section.pk), "places-0-id": ""}

    answer = send(
        editor, f"{ADDRESS}create/", level="warning", title="Ascenseur en panne", text="Prenez l’autre.",
        ends_at=in_two_days(), audiences=[str(students.pk)], access="reserved", **places,
    )  # fmt: skip

    assert answer.status_code == 302, soup(answer).select(".error-message")
    assert alerts(sign_in([students]), section.url) == ["Ascenseur en panne"]
    assert alerts(client, section.url) == alerts(sign_in([students])) == []
    assert Alert.objects.get().author_id


def test_the_form_counts_the_readers_it_reaches(editor: Client, students: Audience) -> None:
    know(ReaderFactory(), [students])
    alert = AlertFactory(audiences=[students])

    page = editor.get(f"{ADDRESS}edit/{alert.pk}/").content.decode()

    assert "data-audience-sentence" in page
    assert "Étudiants : 1 " in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"ends_at": ""},
        {"ends_at": "2020-01-01 08:00"},
        {"title": "x" * 91},
        {"text": "x" * 301},
        {"title_en": "Works"},
        {"level": "emergency"},
    ],
)
def test_what_is_wrong_is_not_saved(editor: Client, wrong: dict[str, str]) -> None:
    right = {"level": "info", "title": "Travaux", "text": "x", "ends_at": in_two_days()}

    assert send(editor, f"{ADDRESS}create/", **{**right, **wrong}).status_code == 200
    assert not Alert.objects.exists()


def test_an_emergency_is_not_edited_nor_deleted_there(editor: Client) -> None:
    alert = AlertFactory(level="emergency")

    for action in ("edit", "delete"):
        for ask in (editor.get, editor.post):
            assert ask(f"{ADDRESS}{action}/{alert.pk}/").status_code in {302, 403}
    assert Alert.objects.filter(pk=alert.pk).exists()
    assert editor.get(ADDRESS).status_code == 200


def test_an_audience_that_an_alert_carries_is_not_deleted(home: Any, students: Audience) -> None:
    AlertFactory(audiences=[students], access=Access.RESERVED)

    with pytest.raises(ProtectedError):
        students.delete()
