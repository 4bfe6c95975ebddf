"""Home as data: which cards stand on it and in what order, for whom, and what a reader of several statuses chooses."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from accounts.models import User
from audience.models import Access, Audience, Kind
from home import cards
from home.models import HomeOrder
from home.planting import plant_orders
from tests.factories import (
    AudienceFactory,
    EventPageFactory,
    GuidancePageFactory,
    HomeOrderFactory,
    NewsPageFactory,
    ReaderFactory,
    ServicePageFactory,
    know,
)
from tests.reading import Answer, part, soup

pytestmark = pytest.mark.django_db
ORDERS = "/admin/snippets/home/homeorder/"


def laid(answer: Answer) -> list[str]:
    """Return the cards of home, in their order, by the ids of their headings."""
    cards = soup(answer).select("main section[aria-labelledby]")
    return [str(card["aria-labelledby"]) for card in cards if "next-slab" not in card.get("class", [])]


def offered(answer: Answer) -> list[str]:
    """Return the statuses that may come first, the one that does first."""
    return [button.get_text(strip=True) for button in soup(answer).select(".order-choice button")]


def put_first(browser: Client, order: HomeOrder) -> Answer:
    return browser.post(reverse("home_first"), {"order": order.pk, "next": "/"})


@pytest.fixture
def full(news_index: Any, catalogue: Any, guidance_index: Any, agenda: Any) -> dict[str, Any]:
    """A portal with something for every card; services by title."""
    NewsPageFactory(parent=news_index)
    GuidancePageFactory(parent=guidance_index)
    EventPageFactory(parent=agenda)
    return {name: ServicePageFactory(parent=catalogue, title=name) for name in ("Agenda", "Notes", "Congés", "Paie")}


def test_the_cards_stand_as_the_order_of_the_readers_audience_says(
    sign_in: Any, full: Any, students: Audience, staff: Audience
) -> None:
    HomeOrderFactory(audiences=[students], cards=["news", "services", "events"])
    HomeOrderFactory(audiences=[staff], cards=["deadlines", "guides", "news"])

    assert laid(sign_in([students]).get("/")) == ["news", "services", "events"]
    assert laid(sign_in([staff]).get("/")) == ["deadlines", "guides", "news"]


def test_whoever_no_order_is_for_has_the_one_for_nobody_in_particular(
    sign_in: Any, full: Any, students: Audience, staff: Audience
) -> None:
    before = laid(sign_in([staff]).get("/"))
    HomeOrderFactory(audiences=[students], cards=["news"])
    HomeOrderFactory(cards=["guides", "news"])

    assert before == ["services", "deadlines", "news", "guides", "events"]
    assert laid(sign_in([staff]).get("/")) == laid(sign_in().get("/")) == ["guides", "news"]


def test_an_order_for_a_narrower_audience_takes_the_place_of_a_broader(
    sign_in: Any, full: Any, students: Audience
) -> None:
    licence = AudienceFactory(kind=Kind.LEVEL, broader=students)
    first_year = AudienceFactory(kind=Kind.LEVEL, broader=licence)
    HomeOrderFactory(audiences=[students], cards=["services", "news"])
    HomeOrderFactory(audiences=[first_year], cards=["guides"])

    newcomer = sign_in([first_year]).get("/")

    assert (laid(newcomer), offered(newcomer)) == (["guides"], [])
    assert laid(sign_in([licence]).get("/")) == ["services", "news"]


def test_audiences_of_two_kinds_must_both_be_the_readers_in_one_position(
    sign_in: Any, full: Any, students: Audience
) -> None:
    history, law = AudienceFactory(kind=Kind.PROGRAMME), AudienceFactory(kind=Kind.PROGRAMME)
    second = AudienceFactory(kind=Kind.LEVEL)
    HomeOrderFactory(audiences=[history, second], cards=["guides"])
    HomeOrderFactory(audiences=[students], cards=["news"])

    assert laid(sign_in([students, history, second]).get("/")) == ["guides", "news"]
    assert laid(sign_in([students, history], [students, law, second]).get("/")) == ["news"]


def test_the_services_chosen_open_home_in_their_order_then_the_others(
    client: Client, sign_in: Any, full: dict[str, Any], catalogue: Any, students: Audience, staff: Audience
) -> None:
    hidden = ServicePageFactory(parent=catalogue, title="Caché", audiences=[staff], access=Access.RESERVED)
    HomeOrderFactory(audiences=[students], cards=["services"], services=[full["Paie"], hidden, full["Congés"]])
    HomeOrderFactory(cards=["services"], services=[full["Notes"]])

    assert part(sign_in([students]).get("/"), "services") == ["Paie", "Congés", "Agenda", "Notes"]
    assert part(sign_in([staff]).get("/"), "services") == ["Notes", "Caché", "Agenda", "Congés", "Paie"]
    assert part(client.get("/"), "services") == ["Notes", "Agenda", "Congés", "Paie"]


def test_a_reader_of_several_statuses_chooses_which_comes_first_and_nothing_is_hidden(
    sign_in: Any, full: dict[str, Any], students: Audience, staff: Audience
) -> None:
    teaching = HomeOrderFactory(
        name="Enseignement", audiences=[staff], cards=["services", "news"], services=[full["Notes"]]
    )
    studies = HomeOrderFactory(
        name="Études", audiences=[students], cards=["guides", "services", "events"], services=[full["Paie"]]
    )
    browser = sign_in([students], [staff])

    before = browser.get("/")
    answer = put_first(browser, studies)
    after = browser.get(answer["Location"])

    assert answer.status_code == 303
    assert (offered(before), offered(after)) == (["Enseignement", "Études"], ["Études", "Enseignement"])
    assert laid(before) == ["services", "news", "guides", "events"]
    assert laid(after) == ["guides", "services", "events", "news"]
    assert part(before, "services") == ["Notes", "Paie", "Agenda", "Congés"]
    assert part(after, "services") == ["Paie", "Notes", "Agenda", "Congés"]
    assert laid(put_first(browser, teaching) and browser.get("/")) == laid(before)


def test_who_has_one_status_is_asked_nothing(sign_in: Any, full: Any, students: Audience) -> None:
    HomeOrderFactory(audiences=[students], cards=["services"])

    assert offered(sign_in([students]).get("/")) == []


def test_the_order_of_others_cannot_be_chosen(
    client: Client, sign_in: Any, full: Any, students: Audience, staff: Audience
) -> None:
    mine, theirs = (HomeOrderFactory(audiences=[one], cards=["news"]) for one in (students, staff))
    browser = sign_in([students])

    for given in (theirs.pk, 0, -1, "x", "", mine.pk + 99):
        assert browser.post(reverse("home_first"), {"order": given}).status_code == 303
    assert put_first(client, mine).status_code == 303

    assert User.objects.exclude(home_first=None).count() == 0
    assert browser.post(reverse("home_first"), {"next": "https://ailleurs.example/"})["Location"] == "/"
    assert browser.get(reverse("home_first")).status_code == 405


def test_bodies_are_shared_by_those_whose_home_is_laid_alike_and_by_nobody_else(
    kept_bodies: None, sign_in: Any, full: Any, count_queries: Any, students: Audience, staff: Audience
) -> None:
    HomeOrderFactory(audiences=[staff], cards=["services", "news"])
    studies = HomeOrderFactory(audiences=[students], cards=["guides", "services"])
    first, alike, other = (sign_in([students], [staff]) for _ in range(3))
    for browser in (first, alike, other):
        browser.get("/")
    put_first(other, studies)

    assert laid(first.get("/")) == laid(alike.get("/")) == ["services", "news", "guides"]
    assert laid(other.get("/")) == ["guides", "services", "news"]
    assert laid(first.get("/")) == ["services", "news", "guides"]
    assert count_queries(alike.get, "/") <= 5
    assert count_queries(other.get, "/") <= 5


def test_readers_who_see_the_same_and_whose_orders_differ_do_not_share_a_body(
    kept_bodies: None, sign_in: Any, full: Any, students: Audience, staff: Audience
) -> None:
    """Nothing is for these audiences but home itself, so that the signatures of both are one."""
    HomeOrderFactory(audiences=[students], cards=["news"])
    HomeOrderFactory(audiences=[staff], cards=["guides"])

    assert laid(sign_in([students]).get("/")) == ["news"]
    assert laid(sign_in([staff]).get("/")) == ["guides"]


def test_home_is_laid_anew_as_soon_as_an_order_changes(
    kept_bodies: None, sign_in: Any, full: dict[str, Any], students: Audience
) -> None:
    order = HomeOrderFactory(audiences=[students], cards=["news", "guides"])
    browser = sign_in([students])
    assert laid(browser.get("/")) == ["news", "guides"]

    order.cards.first().delete()
    assert laid(browser.get("/")) == ["guides"]
    order.delete()
    assert "services" in laid(browser.get("/"))


def test_the_choice_is_told_to_its_reader_and_forgotten_on_demand(
    sign_in: Any, full: Any, students: Audience, staff: Audience
) -> None:
    HomeOrderFactory(audiences=[staff], cards=["news"])
    studies = HomeOrderFactory(name="Études", audiences=[students], cards=["guides"])
    browser = sign_in([students], [staff])
    put_first(browser, studies)

    assert json.loads(browser.get(reverse("account_data")).content)["home_first"] == "Études"
    browser.post(reverse("account_erase"), {"what": "home_first"})

    assert json.loads(browser.get(reverse("account_data")).content)["home_first"] is None
    assert laid(browser.get("/")) == ["news", "guides"]


def test_seen_as_others_home_has_their_order_and_nothing_is_sent(
    sign_in: Any, full: Any, students: Audience, staff: Audience
) -> None:
    HomeOrderFactory(audiences=[staff], cards=["news"])
    studies = HomeOrderFactory(audiences=[students], cards=["guides"])
    browser = sign_in([students], [staff])
    put_first(browser, studies)
    browser.post(reverse("see_as"), {"audience": [students.pk, staff.pk]})

    assert laid(browser.get("/")) == ["news", "guides"]
    assert put_first(browser, studies).status_code == 403


def test_a_room_registers_a_card_and_it_stands_where_orders_name_it(
    sign_in: Any, full: Any, students: Audience, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before it does, the favourites are named and not shown."""
    HomeOrderFactory(audiences=[students], cards=["news", "favourites", "guides"])
    monkeypatch.setitem(cards.cards, "favourites", replace(cards.cards["favourites"], template=""))
    assert laid(sign_in([students]).get("/")) == ["news", "guides"]

    template = cards.cards["services"].template
    monkeypatch.setitem(cards.cards, "favourites", replace(cards.cards["favourites"], template=template))

    assert laid(sign_in([students]).get("/")) == ["news", "services", "guides"]


def order_form(*names: str, audiences: tuple[Audience, ...] = (), services: tuple[Any, ...] = ()) -> dict[str, Any]:
    said = {
        "name": "Études",
        "name_en": "Studies",
        "cards": inline_formset([{"card": name} for name in names]),
        "services": inline_formset([{"page": page.pk} for page in services]),
    }
    form: dict[str, Any] = nested_form_data(said)
    return form | {"audiences": [str(audience.pk) for audience in audiences]}


def test_an_administrator_makes_an_order_and_the_list_says_for_whom_it_is(
    administrator: Client, sign_in: Any, full: dict[str, Any], students: Audience
) -> None:
    form = order_form("guides", "services", audiences=(students,), services=(full["Paie"],))

    answer = administrator.post(f"{ORDERS}add/", form)

    assert answer.status_code == 302
    assert laid(sign_in([students]).get("/")) == ["guides", "services"]
    assert "news" in laid(sign_in().get("/"))
    assert part(sign_in([students]).get("/"), "services")[0] == "Paie"
    row = [cell.get_text(" ", strip=True) for cell in soup(administrator.get(ORDERS)).select("main tbody td")]
    assert any("Études" in cell for cell in row)
    assert "Étudiants" in row
    assert "Utile en ce moment · Mes services" in row


@pytest.mark.parametrize("names", [(), ("news", "news"), ("unknown",)])
def test_an_order_without_a_card_with_one_twice_or_with_one_nobody_knows_is_refused(
    administrator: Client, names: tuple[str, ...]
) -> None:
    answer = administrator.post(f"{ORDERS}add/", order_form(*names))

    assert answer.status_code == 200
    assert HomeOrder.objects.count() == 0


def test_the_orders_are_no_business_of_editors(sign_in: Any) -> None:
    group = Group.objects.create(name="Rédaction")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    editor = sign_in(groups=(group,))
    order = HomeOrderFactory(cards=["news"])

    for address in ("", "add/", f"edit/{order.pk}/", f"delete/{order.pk}/"):
        assert editor.get(ORDERS + address).status_code != 200
        editor.post(ORDERS + address, order_form("guides"))
    assert [row.card for row in HomeOrder.objects.get().cards.all()] == ["news"]


def test_dragging_an_order_above_another_puts_it_first_for_readers_of_both(
    administrator: Client, sign_in: Any, full: Any, students: Audience, staff: Audience
) -> None:
    HomeOrderFactory(audiences=[staff], cards=["news"])
    studies = HomeOrderFactory(audiences=[students], cards=["guides"])
    browser = sign_in([students], [staff])
    assert laid(browser.get("/")) == ["news", "guides"]

    administrator.post(f"{ORDERS}reorder/{studies.pk}/?position=0")

    assert laid(browser.get("/")) == ["guides", "news"]


def test_a_portal_begins_with_an_order_for_each_audience_it_has_and_planting_again_changes_nothing(
    catalogue: Any, students: Audience
) -> None:
    AudienceFactory(slug="l1", kind=Kind.LEVEL, broader=students)
    ServicePageFactory(parent=catalogue, slug="arche")

    planted = [order.name for order in plant_orders()]
    again = plant_orders()

    assert planted == ["Première année", "Études", "Tout le monde"]
    assert again == []
    assert [service.page.slug for service in HomeOrder.objects.get(name="Études").services.all()] == ["arche"]
    assert {row.card for order in HomeOrder.objects.all() for row in order.cards.all()} <= set(cards.cards)


def test_ten_orders_cost_as_many_queries_as_one(
    kept_bodies: None, full: dict[str, Any], count_queries: Any, students: Audience
) -> None:
    def cost() -> tuple[int, int]:
        Client().get("/")
        reader = ReaderFactory()
        know(reader, [students])
        browser = Client()
        browser.force_login(reader)
        return count_queries(browser.get, "/"), count_queries(browser.get, "/")

    HomeOrderFactory(audiences=[students], cards=["services", "news"], services=[full["Paie"]])
    one = cost()
    for _ in range(9):
        HomeOrderFactory(audiences=[students], cards=["services", "news"], services=[*full.values()])

    assert cost() == one
