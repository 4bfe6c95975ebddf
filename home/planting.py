"""The orders of home that a portal begins with."""

from __future__ import annotations

import tomllib
from pathlib import Path

from django.conf import settings
from django.db import transaction

from audience.models import Audience
from home.orders import HomeCard, HomeOrder, HomeService
from services.models import ServicePage

FILE = Path(__file__).resolve().parent / "start" / "orders.toml"


@transaction.atomic
def plant_orders() -> list[HomeOrder]:
    """Make the orders that the portal does not have yet, for the audiences and with the services that it has.

    One of the same name is left as it is.
    """
    audiences = Audience.objects.in_bulk(field_name="slug")
    services: dict[str, ServicePage] = {}
    for page in ServicePage.objects.filter(locale__language_code=settings.LANGUAGE_CODE, alias_of=None).order_by(
        "path"
    ):
        services.setdefault(page.slug, page)
    planted = []
    for said in tomllib.loads(FILE.read_text(encoding="utf-8"))["order"]:
        known = [audiences[slug] for slug in said["audiences"] if slug in audiences]
        if (said["audiences"] and not known) or HomeOrder.objects.filter(name=said["name"]).exists():
            continue
        chosen = [services[slug] for slug in said["services"] if slug in services]
        order = HomeOrder(name=said["name"], name_en=said["name_en"])
        order.audiences = known
        cards = [HomeCard(card=name, sort_order=at) for at, name in enumerate(said["cards"])]
        order.cards.set(cards)
        order.services.set([HomeService(page=page, sort_order=at) for at, page in enumerate(chosen)])
        order.save()
        planted.append(order)
    return planted
