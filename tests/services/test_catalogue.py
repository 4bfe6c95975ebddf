"""The service catalogue and the page of a service."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale

from audience.models import Access, Audience
from search.models import Entry
from services.models import Level, ServicePage
from services.states import set_state
from tests.factories import (
    AudienceFactory,
    CataloguePageFactory,
    GuidancePageFactory,
    SectionPageFactory,
    ServiceFamilyFactory,
    ServicePageFactory,
    UnitFactory,
)
from tests.reading import part, soup, titles

pytestmark = pytest.mark.django_db


def family(name: str, **more: Any) -> Any:
    return ServiceFamilyFactory(name=name, locale=Locale.objects.get(language_code="fr"), **more)


def test_services_stand_in_their_families_in_the_order_of_these(client: Client, catalogue: Any) -> None:
    study, talk = family("Étudier", order=2), family("Échanger", order=1)
    for title, kept in [("Moodle", study), ("Wiki", talk), ("Bibliothèque", study), ("Divers", None), ("Mél", talk)]:
        ServicePageFactory(parent=catalogue, title=title, family=kept)

    page = soup(client.get(catalogue.url))
    shown = {
        group.h2.get_text(): [link.get_text() for link in group.select("article h3 a")]
        for group in page.main.select("section")
    }

    assert list(shown.items()) == [
        ("Échanger", ["Mél", "Wiki"]),
        ("Étudier", ["Bibliothèque", "Moodle"]),
        ("Autres services", ["Divers"]),
    ]


def test_a_service_is_opened_from_its_card(client: Client, catalogue: Any) -> None:
    moodle = ServicePageFactory(parent=catalogue, title="Moodle", launch_url="https://moodle.valmont.example/")

    card = soup(client.get(catalogue.url)).select_one("article")

    assert [link["href"] for link in card.select("a")] == ["https://moodle.valmont.example/", moodle.url]
    assert card.h3.a["href"] == "https://moodle.valmont.example/"


def test_a_service_that_is_closed_says_when_it_opens_and_is_not_launched(client: Client, catalogue: Any) -> None:
    today = timezone.localdate()
    soon = ServicePageFactory(parent=catalogue, title="Vœux", opens_on=today + timedelta(days=3))
    over = ServicePageFactory(parent=catalogue, title="Logement", closes_on=today - timedelta(days=3))
    still = ServicePageFactory(parent=catalogue, title="Mél", opens_on=today, closes_on=today)

    cards = {card.h3.get_text(): card for card in soup(client.get(catalogue.url)).select("article")}

    assert "Ouvre le" in cards["Vœux"].get_text()
    assert "Fermé depuis le" in cards["Logement"].get_text()
    leads = {name: card.h3.a["href"] for name, card in cards.items()}
    assert leads == {"Vœux": soon.url, "Logement": over.url, "Mél": still.launch_url}
    assert "Ouvrir le service" not in client.get(soon.url).content.decode()
    assert "Ouvrir le service" not in client.get(over.url).content.decode()
    assert "Ouvert jusqu’au" in client.get(still.url).content.decode()


def test_a_service_does_not_close_before_it_opens(catalogue: Any) -> None:
    today = timezone.localdate()
    wrong = ServicePage(title="Vœux", slug="voeux", opens_on=today, closes_on=today - timedelta(days=1))

    with pytest.raises(ValidationError) as refused:
        catalogue.add_child(instance=wrong)

    assert set(refused.value.message_dict) == {"closes_on"}


def test_the_other_names_of_a_service_are_kept_for_the_search(catalogue: Any) -> None:
    service = ServicePageFactory(parent=catalogue, keywords="mail, courriel , ,webmail")

    assert Entry.objects.of_page(service).get().identifiers == ["mail", "courriel", "webmail"]


def test_a_family_is_named_in_the_language_of_the_catalogue(catalogue: Any, english_home: Any, client: Client) -> None:
    french = family("Étudier")
    english = french.copy_for_translation(Locale.objects.get(language_code="en"))
    english.name = "Study"
    english.save()
    index = CataloguePageFactory(parent=english_home, title="Services", slug="services", locale=english.locale)
    ServicePageFactory(parent=index, title="Moodle", family=french, locale=english.locale)

    assert "Study" in soup(client.get(index.url)).main.get_text()


def test_what_is_reserved_is_in_the_catalogue_of_its_readers(
    client: Client, sign_in: Any, catalogue: Any, staff: Any
) -> None:
    ServicePageFactory(parent=catalogue, title="Paie", audiences=[staff], access=Access.RESERVED)

    assert titles(client.get(catalogue.url)) == []
    assert titles(sign_in([staff]).get(catalogue.url)) == ["Paie"]


def test_a_section_has_its_own_catalogue(client: Client, catalogue: Any, sections: Any) -> None:
    own = CataloguePageFactory(parent=SectionPageFactory(parent=sections))
    ServicePageFactory(parent=own, title="Microscope")
    ServicePageFactory(parent=catalogue, title="Mél")

    assert titles(client.get(own.url)) == ["Microscope"]
    assert titles(client.get(catalogue.url)) == ["Mél", "Microscope"]


def test_ten_services_cost_no_more_queries_than_one(client: Client, catalogue: Any, count_queries: Any) -> None:
    ServicePageFactory(parent=catalogue, family=family("Étudier"))
    client.get(catalogue.url)
    one = count_queries(client.get, catalogue.url)
    for number in range(9):
        ServicePageFactory(parent=catalogue, family=family(f"Famille {number}"))
    client.get(catalogue.url)

    assert count_queries(client.get, catalogue.url) == one


def headings(answer: Any) -> dict[str, list[str]]:
    """Return the titles under each heading of the catalogue."""
    groups = soup(answer).main.select("section.service-family")
    return {group.h2.get_text(strip=True): [a.get_text() for a in group.select("article h3 a")] for group in groups}


def chips(answer: Any) -> dict[str, str]:
    """Return the chips: where each leads."""
    found = soup(answer).main.select(".chips a")
    return {str(chip.find(string=True)).strip(): chip["href"] for chip in found}


@pytest.fixture
def offered(catalogue: Any, students: Any, staff: Any) -> Any:
    study, talk = family("Étudier", order=1), family("Échanger", order=2)
    digital = UnitFactory(code="DNUM", name="Numérique")
    ServicePageFactory(parent=catalogue, title="Moodle", family=study, audiences=[students], unit=digital)
    ServicePageFactory(parent=catalogue, title="Paie", family=talk, audiences=[staff])
    ServicePageFactory(parent=catalogue, title="Écoute", family=talk)
    return catalogue


def test_what_is_for_the_reader_comes_first_and_the_whole_is_one_address_away(sign_in: Any, offered: Any) -> None:
    reader = sign_in([Audience.objects.get(slug="etudiants")])

    mine, whole = reader.get(offered.url), reader.get(offered.url, {"for": "all"})

    assert titles(mine) == ["Moodle", "Écoute"]
    assert titles(whole) == ["Moodle", "Écoute", "Paie"]
    assert list(chips(mine).values())[:2] == ["?", "?for=all"]
    assert soup(mine).select_one(".chips a")["aria-current"] == "true"


def test_a_visitor_is_shown_the_whole_and_no_chip_of_their_own(client: Client, offered: Any) -> None:
    for query in ("", "?for=me", "?for=x"):
        assert titles(client.get(f"{offered.url}{query}")) == ["Moodle", "Écoute", "Paie"]
    assert next(iter(chips(client.get(offered.url)).values())) == "?"


def test_each_family_each_unit_and_each_order_is_an_address(client: Client, offered: Any) -> None:
    by_chip = chips(client.get(offered.url))

    assert titles(client.get(f"{offered.url}{by_chip['Étudier']}")) == ["Moodle"]
    by_unit = client.get(offered.url, {"by": "unit"})
    assert list(headings(by_unit).values()) == [["Moodle"], ["Écoute", "Paie"]]
    assert soup(by_unit).select_one("section h2 a")["href"] == "?unit=DNUM"
    assert titles(client.get(offered.url, {"unit": "DNUM"})) == ["Moodle"]
    by_letter = headings(client.get(offered.url, {"by": "letter"}))
    assert by_letter == {"E": ["Écoute"], "M": ["Moodle"], "P": ["Paie"]}
    by_audience = list(headings(client.get(offered.url, {"by": "audience"})).items())
    assert by_audience[:2] == [("Étudiants", ["Moodle"]), ("Personnels", ["Paie"])]
    assert by_audience[2][1] == ["Écoute"]


def test_an_audience_stands_under_the_broadest_it_belongs_to(client: Client, catalogue: Any, students: Any) -> None:
    first_year = AudienceFactory(name="Licence 1", broader=AudienceFactory(name="Licence", broader=students))
    ServicePageFactory(parent=catalogue, title="Tutorat", audiences=[first_year])

    assert headings(client.get(catalogue.url, {"by": "audience"})) == {"Étudiants": ["Tutorat"]}


@pytest.mark.parametrize("query", ["family=999", "unit=ZZZ", "family=x&by=y", "unit=%00", "family=1&unit=DNUM"])
def test_an_address_that_nobody_wrote_shows_a_page_and_is_not_kept(
    client: Client, offered: Any, kept_bodies: None, query: str
) -> None:
    assert client.get(f"{offered.url}?{query}").status_code == 200
    assert client.get(f"/?{query}").status_code == 200

    known = {f"{offered.url}?{query}", f"/?{query}"}
    kept = [key for key in cache._cache if ":body:" in key]  # type: ignore[attr-defined]
    # What is read as nothing shows the page as it always is, which is kept under its own address.
    assert len(kept) <= (2 if query in {"family=x&by=y", "unit=%00"} else 0), known


def test_filters_are_shared_by_readers_of_one_signature_and_each_apart(
    client: Client, offered: Any, kept_bodies: None
) -> None:
    chosen = chips(client.get(offered.url))
    first = {name: titles(client.get(f"{offered.url}{query}")) for name, query in chosen.items()}
    again = {name: titles(client.get(f"{offered.url}{query}")) for name, query in chosen.items()}

    assert first == again
    assert first["Étudier"] == ["Moodle"]
    assert first["Échanger"] == ["Écoute", "Paie"]


def test_a_filter_tells_nothing_of_a_family_whose_services_are_for_others(
    client: Client, catalogue: Any, staff: Any
) -> None:
    hidden, empty = family("Gestion"), family("Vide")
    unit = UnitFactory(code="DRH", name="Ressources humaines")
    ServicePageFactory(
        parent=catalogue, title="Paie", family=hidden, unit=unit, audiences=[staff], access=Access.RESERVED
    )
    ServicePageFactory(parent=catalogue, title="Mél")

    def shown(query: str) -> str:
        answer = client.get(f"{catalogue.url}?{query}")
        return answer.content.decode().replace(query, "").replace(quote(query, safe=""), "")

    assert shown(f"family={hidden.pk}") == shown(f"family={empty.pk}")
    assert shown("unit=DRH") == shown("unit=XXX")
    assert "Gestion" not in client.get(catalogue.url).content.decode()


def test_an_incident_is_said_at_the_top_and_what_has_gone_is_not(client: Client, catalogue: Any) -> None:
    mail, course = (ServicePageFactory(parent=catalogue, title=title) for title in ("Mél", "Moodle"))
    said_of = {"message": "x", "until": None, "author": None}
    assert soup(client.get(catalogue.url)).main.select(".alert-banner") == []

    set_state(service=mail.translation_key, level=Level.DEGRADED, **said_of)
    (line,) = soup(client.get(catalogue.url)).main.select(".alert-banner")
    assert line["data-state"] == "warn"
    set_state(service=course.translation_key, level=Level.DOWN, **said_of)
    (line,) = soup(client.get(catalogue.url)).main.select(".alert-banner")
    assert line["data-state"] == "bad"
    assert line.a["href"] == f"{reverse('alerts')}#services"


def test_a_service_that_is_down_is_explained_before_it_is_opened(client: Client, catalogue: Any) -> None:
    service = ServicePageFactory(parent=catalogue, title="Mél")
    leads = {}
    for level in (Level.DOWN, Level.MAINTENANCE, Level.DEGRADED, Level.NORMAL):
        set_state(service=service.translation_key, level=level, message="x", until=None, author=None)
        leads[level.value] = soup(client.get(catalogue.url)).select_one("article h3 a")["href"]

    opened = service.launch_url
    assert leads == {"down": service.url, "maintenance": service.url, "degraded": opened, "normal": opened}


def test_a_service_without_address_says_where_it_is(client: Client, catalogue: Any) -> None:
    service = ServicePageFactory(parent=catalogue, title="Imprimerie", launch_url="", place="Bâtiment B, rez-de-jardin")

    card = soup(client.get(catalogue.url)).select_one("article")

    assert card.h3.a["href"] == service.url
    assert "Bâtiment B, rez-de-jardin" in card.get_text()
    assert "Bâtiment B, rez-de-jardin" in soup(client.get(service.url)).main.get_text()


def test_help_is_what_was_chosen_then_what_mentions_the_service(
    client: Client, sign_in: Any, catalogue: Any, guidance_index: Any, staff: Any
) -> None:
    chosen = GuidancePageFactory(parent=guidance_index, title="Activer son compte")
    service = ServicePageFactory(parent=catalogue, title="Mél", help_pages=[("page", chosen)])
    for title, more in (("Écrire à tous", {}), ("Listes internes", {"audiences": [staff], "access": Access.RESERVED})):
        link = f'<p><a linktype="page" id="{service.pk}">la messagerie</a></p>'
        body = [{"type": "text", "value": link}]
        GuidancePageFactory(parent=guidance_index, title=title, body=body, **more)
    GuidancePageFactory(parent=guidance_index, title="Sans rapport")

    def helped(browser: Client) -> list[str]:
        return part(browser.get(service.url), "help-pages")

    assert helped(client) == ["Activer son compte", "Écrire à tous"]
    assert helped(sign_in([staff])) == ["Activer son compte", "Écrire à tous", "Listes internes"]


def test_ten_guides_cost_as_many_queries_as_one(
    client: Client, catalogue: Any, guidance_index: Any, count_queries: Any
) -> None:
    service = ServicePageFactory(parent=catalogue, title="Mél")
    body = [{"type": "text", "value": f'<p><a linktype="page" id="{service.pk}">mél</a></p>'}]
    GuidancePageFactory(parent=guidance_index, body=body)
    client.get(service.url)
    one = count_queries(client.get, service.url)
    GuidancePageFactory.create_batch(9, parent=guidance_index, body=body)
    client.get(service.url)

    assert count_queries(client.get, service.url) == one


def test_a_search_opens_the_service_and_leads_to_its_page(client: Client, catalogue: Any) -> None:
    service = ServicePageFactory(parent=catalogue, title="Moodle", launch_url="https://moodle.valmont.example/")

    hit = soup(client.get("/recherche/", {"q": "moodle"})).select_one(".search-result")

    assert [link["href"] for link in hit.select("a")] == ["https://moodle.valmont.example/", service.url]


def test_home_opens_a_service_in_one_click(sign_in: Any, catalogue: Any, students: Any) -> None:
    service = ServicePageFactory(parent=catalogue, title="Moodle", audiences=[students])

    tile = soup(sign_in([students]).get("/")).select_one(".service-tile")

    assert [link["href"] for link in tile.select("a")] == [service.launch_url, service.url]
