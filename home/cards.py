"""The cards of a signed-in reader's home: those the portal knows, and those that rooms register.

A card is a template and where it stands. It is rendered into a body that readers share: what is of one reader alone
stands in a slot. Which cards stand on home, and in what order, is data (home.orders).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Place(Enum):
    """Where a card stands on a desk; on a phone they follow each other."""

    MAIN = "main"
    ASIDE = "aside"
    WHOLE = "whole"
    BAND = "band"  # from one edge of the screen to the other


def always(_context: Mapping[str, Any]) -> bool:
    return True


@dataclass(frozen=True)
class Card:
    """One card. Without a template it is known and not shown: its room is yet to register it."""

    name: str
    label: str | Promise
    template: str = ""
    place: Place = Place.MAIN
    # Whether there is something to show, told by what home reads; a card that has words for "nothing" always stands.
    has: Callable[[Mapping[str, Any]], bool] = always


cards: dict[str, Card] = {}


def register(card: Card) -> None:
    """Let orders of home name `card`; a room does so when it is ready."""
    cards[card.name] = card


def _holds(name: str) -> Callable[[Mapping[str, Any]], bool]:
    return lambda context: bool(context.get(name))


for _card in (
    Card("next", _("What comes next"), "home/cards/next.html", Place.WHOLE, _holds("next")),
    Card("services", _("My services"), "home/cards/services.html"),
    Card("favourites", _("My favourites"), "home/cards/favourites.html", Place.WHOLE),
    Card("deadlines", _("Deadlines"), "home/cards/deadlines.html", Place.ASIDE),
    Card(
        "announcements",
        pgettext_lazy("several", "Announcements"),
        "home/cards/announcements.html",
        Place.WHOLE,
        _holds("announcements"),
    ),
    Card("news", _("News for me"), "home/cards/news.html"),
    Card("guides", _("Useful now"), "home/cards/guides.html", Place.ASIDE, _holds("guides")),
    Card("events", _("Agenda"), "home/cards/events.html", Place.WHOLE, _holds("events")),
    Card("section", _("Your unit"), "home/cards/section.html", Place.BAND, _holds("section")),
):
    register(_card)

# The order of a portal that has none.
PLAIN = ("next", "services", "favourites", "deadlines", "announcements", "news", "guides", "events", "section")


def choices() -> list[tuple[str, str | Promise]]:
    """Return what an order may name; a function, so that a new card needs no migration."""
    return [(name, card.label) for name, card in cards.items()]


@dataclass(frozen=True)
class Row:
    """Cards that stand together in the page's columns, or one that is a band of its own."""

    cards: list[Card]

    @property
    def is_band(self) -> bool:
        return self.cards[0].place is Place.BAND


def rows(names: Iterable[str], context: Mapping[str, Any]) -> list[Row]:
    """Return these cards, those that have something to show, in their order."""
    laid: list[Row] = []
    for name in dict.fromkeys(names):
        card = cards.get(name)
        if card is None or not card.template or not card.has(context):
            continue
        if laid and card.place is not Place.BAND and not laid[-1].is_band:
            laid[-1].cards.append(card)
        else:
            laid.append(Row([card]))
    return laid
