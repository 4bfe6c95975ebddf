"""What narrows a search, and what is offered while one types: for the reader, on the database's engine."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from audience.models import Access, Audience
from content.models import Topic
from directory.models import Unit
from events.models import Campus
from search.models import Entry
from search.query import Period
from tests.factories import (
    CampusFactory,
    EventPageFactory,
    NewsPageFactory,
    ServicePageFactory,
    StandardPageFactory,
    UnitFactory,
)
from tests.search.test_engine import ask, reader_of


def values(found: Any, name: str) -> dict[str, tuple[int, bool]]:
    """Return count and choice of each value of a facet, by its label."""
    facet = next((facet for facet in found.facets if facet.name == name), None)
    return {str(value.label): (value.count, value.current) for value in facet.values} if facet else {}


def plant(home: Any, agenda: Any, news_index: Any, staff: Audience) -> None:
    law, arts = UnitFactory(code="LAW", name="Droit"), UnitFactory(code="ART", name="Arts")
    north = CampusFactory(name="Nord")
    health = Topic.objects.create(slug="sante", name="Santé")
    sport = Topic.objects.create(slug="sport", name="Sport")
    StandardPageFactory(parent=home, title="Piscine une", unit=law).topics.set([health, sport])
    StandardPageFactory(parent=home, title="Piscine deux", unit=arts)
    NewsPageFactory(parent=news_index, title="Piscine trois", unit=arts, published_on=timezone.localdate())
    EventPageFactory(parent=agenda, title="Piscine quatre", campus=north, unit=law)
    StandardPageFactory(
        parent=home, title="Piscine réservée", unit=law, audiences=[staff], access=Access.RESERVED
    )  # fmt: skip
    for page in Entry.objects.filter(title="Piscine une"):
        page.topics = ["sante", "sport"]
        page.save()


def test_counts_are_of_what_the_reader_would_find(home: Any, agenda: Any, news_index: Any, staff: Audience) -> None:
    plant(home, agenda, news_index, staff)

    found = ask("piscine")
    assert values(found, "unit") == {"Droit": (2, False), "Arts": (2, False)}
    assert values(found, "topic") == {"Santé": (1, False), "Sport": (1, False)}
    assert values(found, "campus") == {"Nord": (1, False)}
    assert values(found, "period")["À venir" if "À venir" in values(found, "period") else "To come"][0] == 1
    assert values(ask("piscine", reader=reader_of([staff])), "unit")["Droit"] == (3, False)


def test_several_values_of_one_thing_add_up_and_things_narrow(
    client: Client, home: Any, agenda: Any, news_index: Any, staff: Audience
) -> None:
    plant(home, agenda, news_index, staff)

    def titles(address: str) -> set[str]:
        page = client.get(f"/recherche/?q=piscine&{address}").content.decode()
        return {one for one in ("une", "deux", "trois", "quatre", "réservée") if f"Piscine {one}</a>" in page}

    assert titles("unit=LAW") == {"une", "quatre"}
    assert titles("unit=LAW&unit=ART") == {"une", "deux", "trois", "quatre"}
    assert titles("unit=LAW&topic=sante") == {"une"}
    assert titles("campus=nord") == {"quatre"}
    assert titles("period=coming") == {"quatre"}
    assert titles("period=week&unit=ART") >= {"trois"}
    chosen = ask("piscine", unit="LAW")
    assert values(chosen, "unit") == {
        "Droit": (2, True),
        "Arts": (2, False),
    }  # counts of others stay, to change one's mind
    assert values(chosen, "topic") == {"Santé": (1, False), "Sport": (1, False)}


def test_periods_stand_from_the_shortest_on_whatever_is_in_them(
    home: Any, agenda: Any, news_index: Any, staff: Audience
) -> None:
    plant(home, agenda, news_index, staff)

    assert list(values(ask("piscine"), "period")) == list(map(str, Period.labels))


def test_what_is_renamed_is_called_so_at_once(
    client: Client, home: Any, agenda: Any, news_index: Any, staff: Audience
) -> None:
    plant(home, agenda, news_index, staff)

    def shown() -> str:
        return client.get("/recherche/?q=piscine").content.decode()

    before = shown()
    for old, one in (
        ("Droit", Unit.objects.get(code="LAW")),
        ("Nord", Campus.objects.get()),
        ("Sport", Topic.objects.get(slug="sport")),
    ):
        assert old in before
        one.name = f"{old} et autres"
        one.save()
        assert f"{old} et autres" in shown()
    Topic.objects.get(slug="sport").delete()
    assert "Sport et autres" not in shown()


@pytest.mark.parametrize("name", ["unit", "topic", "campus", "period", "kind", "sort", "page", "q"])
@pytest.mark.parametrize("value", ["\x00", "'; DROP TABLE x; --", "%", "\ud800", "x" * 5000, "🙂", "[]", "-1"])
def test_no_address_is_an_error(client: Client, home: Any, name: str, value: str) -> None:
    StandardPageFactory(parent=home, title="Piscine")
    given = {"q": "piscine", name: [value.encode("utf-8", "replace").decode()] * 3}

    assert client.get("/recherche/", given).status_code == 200
    assert client.get("/suggestions.json", given).status_code == 200


def test_nothing_found_helps(client: Client, home: Any) -> None:
    ServicePageFactory(parent=home, title="Emploi du temps")

    page = client.get("/recherche/?q=zzzz&kind=news").content.decode()

    assert "Emploi du temps" in page
    assert 'href="?q=zzzz"' in page
    assert "/contact" in page


def test_what_is_typed_is_completed_for_the_reader(client: Client, home: Any, staff: Audience, sign_in: Any) -> None:
    ServicePageFactory(parent=home, title="Zibeline en ligne")
    StandardPageFactory(parent=home, title="Zibeline réservée", audiences=[staff], access=Access.RESERVED)
    StandardPageFactory(parent=home, title="Zibeline demain", go_live_at=timezone.now() + timedelta(days=1))

    groups = client.get("/suggestions.json?q=zib").json()["groups"]
    assert [item["title"] for group in groups for item in group["items"]] == ["Zibeline en ligne"]
    assert client.get("/suggestions.json?q=z").json()["groups"] == []
    seen = sign_in([staff]).get("/suggestions.json?q=zib")
    assert {item["title"] for group in seen.json()["groups"] for item in group["items"]} == {
        "Zibeline en ligne", "Zibeline réservée",
    }  # fmt: skip
    assert "no-store" in seen.headers["Cache-Control"] or "private" in seen.headers["Cache-Control"]


def test_a_browser_can_add_the_search(client: Client, home: Any) -> None:
    assert 'rel="search"' in client.get("/").content.decode()
    described = client.get("/opensearch.xml")
    assert described.status_code == 200
    assert "/recherche/?q={searchTerms}" in described.content.decode()
