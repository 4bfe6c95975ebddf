"""The service catalogue and the page of a service."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from wagtail.models import Locale

from audience.models import Access
from search.models import Entry
from services.models import ServicePage
from tests.factories import CataloguePageFactory, SectionPageFactory, ServiceFamilyFactory, ServicePageFactory
from tests.reading import soup, titles

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
    ServicePageFactory(parent=catalogue, title="Moodle", launch_url="https://moodle.valmont.example/")

    launch = soup(client.get(catalogue.url)).select_one("article .service-card__launch")

    assert (launch["href"], launch.get_text()) == ("https://moodle.valmont.example/", "Ouvrir Moodle")


def test_a_service_that_is_closed_says_when_it_opens_and_is_not_launched(client: Client, catalogue: Any) -> None:
    today = timezone.localdate()
    soon = ServicePageFactory(parent=catalogue, title="Vœux", opens_on=today + timedelta(days=3))
    over = ServicePageFactory(parent=catalogue, title="Logement", closes_on=today - timedelta(days=3))
    still = ServicePageFactory(parent=catalogue, title="Mél", opens_on=today, closes_on=today)

    cards = {card.h3.get_text(): card for card in soup(client.get(catalogue.url)).select("article")}

    assert "Ouvre le" in cards["Vœux"].get_text()
    assert "Fermé depuis le" in cards["Logement"].get_text()
    assert [bool(cards[name].select(".service-card__launch")) for name in ("Vœux", "Logement", "Mél")] == [
        False,
        False,
        True,
    ]
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
