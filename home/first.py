"""What a reader of several statuses wants first on home, and what follows of it for the bodies that readers share."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts.models import User
from audience.middleware import PortalRequest
from home.orders import HomeOrder, orders_for
from home.views import SeeOther

HOMES = frozenset({"/", *(f"/{code}/" for code, _name in settings.LANGUAGES)})


def order_key(request: PortalRequest) -> tuple[Hashable, ...]:
    """Return what the body of home depends on beyond its reader's signature: the orders that lay it, as they follow."""
    if request.path_info not in HOMES:
        return ()
    return tuple(order.number for order in orders_for(request))


def greeting(request: PortalRequest, argument: str) -> dict[str, Any]:
    """Return what the head of home needs: the orders of its reader, the first of which lays it, and the day it is."""
    today = timezone.localdate(request.reader.at)
    past = today.year != timezone.localdate().year  # seen as of another year
    return {"home_orders": orders_for(request), "today": today, "with_year": past}


@require_POST
def choose(request: PortalRequest) -> HttpResponse:
    """Keep which of the reader's own statuses comes first; of one that is not theirs, nothing is kept."""
    user = request.user
    given = request.POST.get("order", "")
    if isinstance(user, User) and given in {str(order.number) for order in orders_for(request)}:
        User.objects.filter(pk=user.pk).update(home_first=int(given))
    back = request.POST.get("next", "")
    return SeeOther(back if url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()) else "/")


def export_first(user: Any) -> str | None:
    order = HomeOrder.objects.filter(pk=user.home_first).first() if user.home_first else None
    return order.name if order else None


def erase_first(user: Any) -> None:
    """Forget the choice: statuses follow each other by their rank again."""
    User.objects.filter(pk=user.pk).update(home_first=None)
