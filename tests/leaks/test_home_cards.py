"""The cards of home, for each reader, beside the rule computed afresh from the pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone
from wagtail.models import Page

from audience.models import Access
from guidance.models import GuidancePage
from home.models import HomeOrder
from news.models import AnnouncementPage, NewsPage
from search.models import Entry
from services.models import ServicePage
from tests.factories import HomeOrderFactory
from tests.leaks.rule import Rule, Who, wanted
from tests.leaks.world import Seeker, World, words
from tests.reading import soup

pytestmark = [pytest.mark.django_db, pytest.mark.whole]
CARDS = ["next", "services", "deadlines", "announcements", "news", "guides", "events", "section"]


@pytest.fixture(scope="module")
def orders(world: World) -> Iterator[dict[str, list[Page]]]:
    """The services that open home: for students, for staff of a unit, and for whoever is neither. Some are reserved."""
    by_slug = {audience.slug: audience for audience in world.audiences}
    services = [page for page in world.made if isinstance(page, ServicePage)]
    services[0].access, services[0].audiences = Access.RESERVED, [by_slug["personnels"]]
    services[0].save()
    world.rand.shuffle(services)
    chosen = {"students": services[:4], "staff": services[2:6], "everyone": services[4:8]}
    HomeOrderFactory(audiences=[by_slug["etudiants"]], cards=CARDS, services=chosen["students"])
    HomeOrderFactory(audiences=[by_slug["personnels"], by_slug["sciences"]], cards=CARDS, services=chosen["staff"])
    HomeOrderFactory(cards=CARDS, services=chosen["everyone"])
    yield chosen
    HomeOrder.objects.all().delete()


@pytest.fixture(scope="module")
def rule(orders: dict[str, list[Page]]) -> Rule:
    """The rule, read once one of the services that open home is reserved."""
    return Rule()


def tier(rule: Rule, page: Page, who: Who) -> int | None:
    """Return 0 for what is recommended for more than a status, 1 for a status, 2 for everyone, None for others."""
    audiences = rule.audiences[page.pk]
    if not audiences:
        return 2
    if not all(who.meets(demand) for demand in wanted("reserved", audiences)):
        return None
    return 0 if {kind for _pk, kind in audiences} - {"statut"} else 1


def listed(rule: Rule, who: Who, model: type[Page]) -> list[tuple[int, Page]]:
    """Return the pages of this class that lists in French show this reader, each with its tier."""
    now = timezone.now()
    seen = [page for page in rule.visible(who, now) if page.specific_class is model and not rule.is_mirror(page)]
    found = [(tier(rule, page, who), page) for page in seen if "fr" in rule.shown_in(page)]
    return [(of, page) for of, page in found if of is not None]


def in_budget(rule: Rule, found: list[Page], most: int) -> list[Page]:
    kept: list[Page] = []
    houses: Counter[int] = Counter()
    for page in found:
        section = rule.section(page)
        if section is None or houses[section] < 2:
            houses[section or 0] += 1
            kept.append(page)
    return kept[:most]


def published(page: Page) -> datetime:
    at: datetime = getattr(page.specific, "published_at", None) or page.first_published_at
    return at


def news_of(rule: Rule, who: Who, model: type[Page], most: int) -> list[Page]:
    first = timezone.make_aware(datetime.combine(timezone.localdate() - timedelta(days=14), time()))
    entries = {entry.object_id: entry for entry in Entry.objects.pages()}
    fresh = [(of, page) for of, page in listed(rule, who, model) if published(page) >= first]
    # Of two published at once the order is that of the rows, which the rule does not know.
    fresh.sort(key=lambda one: (one[0], -published(one[1]).timestamp(), -entries[one[1].pk].pk))
    return in_budget(rule, [page for _of, page in fresh], most)


def services_of(rule: Rule, world: World, who: Who, orders: dict[str, list[Page]], most: int) -> list[Page]:
    by_slug = {audience.slug: audience.pk for audience in world.audiences}
    opening: list[Page] = []
    if any(by_slug["etudiants"] in position for position in who.positions):
        opening += orders["students"]
    if any({by_slug["personnels"], by_slug["sciences"]} <= position for position in who.positions):
        opening += orders["staff"]
    keys = [page.translation_key for page in opening or orders["everyone"]]
    in_use = [(of, page) for of, page in every(rule, who) if page.translation_key not in world.retired]
    first = [page for key in keys for _of, page in in_use if page.translation_key == key]
    rest = sorted(((of, page.path, page) for of, page in in_use if of is not None), key=lambda one: one[:2])
    return list(dict.fromkeys([*first, *(page for *_of, page in rest)]))[:most]


def every(rule: Rule, who: Who) -> list[tuple[int | None, Page]]:
    """Return all services that the reader may see, those meant for others too: an order may open home with them."""
    seen = [page for page in rule.visible(who, timezone.now()) if page.specific_class is ServicePage]
    found = [page for page in seen if not rule.is_mirror(page) and "fr" in rule.shown_in(page)]
    return [(tier(rule, page, who), page) for page in found]


def shown(answer: Any, heading: str) -> list[str]:
    """Return the words of the titles of a card, in their order."""
    card = soup(answer).select_one(f'section[aria-labelledby="{heading}"]')
    titles = card.select("h3 a, .service-tile__name") if card else []
    return [word for title in titles for word in sorted(words(title.get_text()))]


def titled(pages: list[Page]) -> list[str]:
    return [word for page in pages for word in sorted(words(page.title))]


def test_each_card_holds_what_the_rule_says_in_its_order(
    world: World, rule: Rule, seeker: Seeker, orders: dict[str, list[Page]]
) -> None:
    who, signed_in = seeker.who, seeker.who.signed_in
    guides = sorted(listed(rule, who, GuidancePage), key=lambda one: (one[0], one[1].path))
    expected = {
        "news": news_of(rule, who, NewsPage, 5)[: 5 if signed_in else 4],
        "announcements": news_of(rule, who, AnnouncementPage, 3),
        "services": services_of(rule, world, who, orders, 7),
        "guides": [page for _of, page in guides][:4] if signed_in else [],
    }
    for _cold_then_warm in range(2):
        answer = seeker.browser.get("/")
        assert {heading: shown(answer, heading) for heading in expected} == {
            heading: titled(pages) for heading, pages in expected.items()
        }


def test_no_card_tells_of_what_is_not_for_the_reader(
    world: World, rule: Rule, seeker: Seeker, told: set[str], orders: dict[str, list[Page]]
) -> None:
    """Nor of what is meant for others, but for the services that an administrator chose."""
    opening = {word for pages in orders.values() for page in pages for word in world.said(page)}
    others = {
        word
        for page in rule.visible(seeker.who, timezone.now())
        if tier(rule, page, seeker.who) is None
        for word in words(page.title)
    }
    for url in ("/", "/en/", "/es/"):
        for card in soup(seeker.browser.get(url)).select("main section[aria-labelledby]"):
            said = words(str(card))
            assert said <= told, (url, card["aria-labelledby"])
            if card["aria-labelledby"] != "section":  # the section of one's unit says what is in it
                assert not words(card.get_text()) & others - opening, (url, card["aria-labelledby"])
