"""Orders of home: which cards stand on it, in what order, and which services open it, for whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, PageChooserPanel
from wagtail.models import Orderable

from audience.demands import NOBODY, Clauses, audience_clauses, meets
from audience.forms import OpenAudiencesForm
from audience.middleware import PortalRequest
from audience.models import Audience
from audience.names import Named
from audience.profile import audiences_at
from audience.reader import Reader
from audience.sentences import formula
from audience.version import Kept, Version
from content.ordered import OrderedName
from content.panels import AudienceChecks
from home import cards

EVERYONE_ELSE = _("whoever no other order is for, and visitors")


class HomeOrder(Named, OrderedName, ClusterableModel):  # type: ignore[django-manager-missing]  # modelcluster's
    """The order of home for some readers. Its name is what a reader of several statuses chooses by."""

    audiences = ParentalManyToManyField(Audience, blank=True, related_name="+", verbose_name=_("audiences"))

    base_form_class = OpenAudiencesForm  # readers who are several things choose among orders by name
    panels = [
        MultiFieldPanel(
            [FieldPanel("name"), FieldPanel("name_en")],
            heading=_("What its readers are"),
            help_text=_("Readers who are several things choose by this name which comes first: Student, Lecturer."),
        ),
        FieldPanel(
            "audiences",
            widget=AudienceChecks,
            heading=_("For whom"),
            help_text=_(
                "Audiences of one kind are alternatives, kinds add up. None: for whoever no other order is for. "
                "An order for a narrower audience (Licence 1) takes the place of one for a broader (Students)."
            ),
        ),
        InlinePanel(
            "cards",
            label=_("card"),
            heading=_("Cards, in their order"),
            help_text=_("What is not named here is not on home. Alerts always stand on top."),
            min_num=1,
        ),
        InlinePanel(
            "services",
            label=_("service"),
            heading=_("Services that open home"),
            help_text=_(
                "Shown first among “My services”, in this order, to those who may see them. The others follow: those "
                "recommended to the reader, then the general ones."
            ),
            max_num=7,
        ),
    ]

    class Meta(OrderedName.Meta):
        verbose_name = _("order of the home page")
        verbose_name_plural = _("orders of the home page")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the order with its audiences in one transaction: without them, it would be everyone else's."""
        with transaction.atomic():
            super().save(*args, **kwargs)

    @property
    def for_whom(self) -> str:
        """For whom it is, in words."""
        return formula(list(self.audiences.all())) or str(EVERYONE_ELSE)

    @property
    def card_names(self) -> str:
        """Its cards, in words."""
        known = dict(cards.choices())
        return " · ".join(str(known[row.card]) for row in self.cards.all() if row.card in known)


class HomeCard(Orderable):
    """A card at its place in an order."""

    order = ParentalKey(HomeOrder, on_delete=models.CASCADE, related_name="cards")
    card = models.CharField(_("card"), max_length=30, choices=cards.choices)

    panels = [FieldPanel("card")]

    class Meta(Orderable.Meta):
        verbose_name = _("card of home")
        verbose_name_plural = _("cards of home")
        constraints = [models.UniqueConstraint(fields=["order", "card"], name="home_one_card_an_order")]

    def __str__(self) -> str:
        return self.card


class HomeService(Orderable):
    """A service that opens home, at its place in an order."""

    order = ParentalKey(HomeOrder, on_delete=models.CASCADE, related_name="services")
    page = models.ForeignKey(
        "services.ServicePage", on_delete=models.CASCADE, related_name="+", verbose_name=_("service")
    )

    panels = [PageChooserPanel("page")]

    class Meta(Orderable.Meta):
        verbose_name = _("service that opens home")
        verbose_name_plural = _("services that open home")

    def __str__(self) -> str:
        return f"{self.page_id}"


@dataclass(frozen=True)
class Order(Named):
    """An order as a process keeps it."""

    number: int
    name: str
    name_en: str
    audiences: frozenset[int]
    asks: Clauses
    cards: tuple[str, ...]
    services: tuple[UUID, ...]  # translation keys

    def is_for(self, position: frozenset[int]) -> bool:
        return bool(self.audiences) and meets(Reader(positions=(position,)), self.asks)


PLAIN = Order(0, "", "", frozenset(), NOBODY, cards.PLAIN, ())  # of a portal that has none


def _load() -> list[Order]:
    """Read all orders, the first in rank first: four queries."""
    found = HomeOrder.objects.prefetch_related("audiences", "cards", "services__page")
    return [
        Order(
            number=record.pk,
            name=record.name,
            name_en=record.name_en,
            audiences=frozenset(audience.pk for audience in record.audiences.all()),
            asks=audience_clauses(record.audiences.all()),
            cards=tuple(row.card for row in record.cards.all()),
            services=tuple(row.page.translation_key for row in record.services.all()),
        )
        for record in found
    ]


_orders = Kept(_load)


def orders_at(version: Version) -> list[Order]:
    """Return all orders as of a content version; a process keeps the newest."""
    return _orders.at(version)


def orders_of(reader: Reader, version: Version, *, first: int | None = None) -> tuple[Order, ...]:
    """Return the orders that are the reader's, that of number `first` before the others, which follow by their rank.

    In each position, an order for a narrower audience takes the place of one for a broader. Whoever has none of their
    own has the one that is for nobody in particular.
    """
    known = orders_at(version)
    broader = {pk: audience.broader_id for pk, audience in audiences_at(version).items()}
    mine: set[int] = set()
    for position in reader.positions:
        met = [order for order in known if order.is_for(position)]
        mine |= {one.number for one in met if not any(_takes_place_of(other, one, broader) for other in met)}
    if not mine:
        return (next((order for order in known if not order.audiences), PLAIN),)
    return tuple(sorted((order for order in known if order.number in mine), key=lambda order: order.number != first))


def _takes_place_of(narrow: Order, broad: Order, broader: Mapping[int, int | None]) -> bool:
    """Return whether each audience of `narrow` belongs to one of `broad`."""
    return narrow is not broad and all(_belongs(pk, broad.audiences, broader) for pk in narrow.audiences)


def _belongs(audience: int, others: frozenset[int], broader: Mapping[int, int | None]) -> bool:
    seen: set[int] = set()
    above = broader.get(audience)
    while above is not None and above not in seen:
        if above in others:
            return True
        seen.add(above)
        above = broader.get(above)
    return False


def orders_for(request: PortalRequest) -> tuple[Order, ...]:
    """Return the orders of the reader of `request`, asked once: the one they chose comes first."""
    found: tuple[Order, ...] | None = getattr(request, "home_orders", None)
    if found is None:
        # Seen as others, nothing is personal.
        first = None if request.reader.seen_as else getattr(request.user, "home_first", None)
        found = orders_of(request.reader, request.content_version, first=first)
        request.home_orders = found  # type: ignore[attr-defined]
    return found


def cards_of(orders: Sequence[Order]) -> list[str]:
    """Return the names of the cards of these orders: those of the first, then what the others add."""
    return list(dict.fromkeys(name for order in orders for name in order.cards))


def services_of(orders: Sequence[Order]) -> tuple[UUID, ...]:
    """Return the translation keys of the services that open home, likewise."""
    return tuple(dict.fromkeys(key for order in orders for key in order.services))
