"""How a service goes, said at once by its operators: nothing is published, moderated or unlocked."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from audience.middleware import PortalRequest
from search.models import Entry
from search.projection import change_state
from services.models import Level, ServicePage, ServiceState


@transaction.atomic
def set_state(
    *,
    service: UUID,
    level: Level,
    message: str,
    until: datetime | None,
    author: User | None,
    since: datetime | None = None,
) -> ServiceState:
    """End the state that holds and begin this one; it shows on cards and pages in all languages when this returns."""
    _hold(service)
    now = timezone.now()
    ServiceState.objects.filter(service=service, ended_at=None).update(ended_at=now)
    state = ServiceState.objects.create(
        service=service,
        level=level,
        message=message,
        since=since or now,
        until=until,
        author=author,
        ended_at=now if level == Level.NORMAL else None,
    )
    change_state(service, None if level == Level.NORMAL else state.as_extra())
    return state


def end_states() -> int:
    """Close the states whose expected end has passed; cards no longer show them since that instant."""
    over = ServiceState.objects.filter(ended_at=None, until__lte=timezone.now())
    number = 0
    for service in set(over.values_list("service", flat=True)):
        with transaction.atomic():
            _hold(service)
            number += over.filter(service=service).update(ended_at=F("until"))
            still = ServiceState.objects.current_of(service)
            change_state(service, still.as_extra() if still else None)
    return number


def _hold(service: UUID) -> None:
    """Let one at a time speak of a service: cards show what was said last, whoever said it."""
    list(Entry.objects.select_for_update(of=("self",)).translations_of([service]).order_by("path").values_list("pk"))


def may_set_state(user: User | AnonymousUser, service: ServicePage) -> bool:
    """Return whether `user` may say how `service` goes: named for it in any language, or may publish it."""
    if not user.is_authenticated:
        return False
    siblings = ServicePage.objects.filter(translation_key=service.translation_key)
    if siblings.filter(operators=user.pk).exists():
        return True
    return bool(user.has_perm("wagtailadmin.access_admin") and service.permissions_for_user(user).can_publish())


def service_tools(request: PortalRequest, pk: str) -> dict[str, Any]:
    """Return what the operators of the service on page `pk` are offered there: the form of its state."""
    if not request.user.is_authenticated or request.reader.seen_as:
        return {"service": None}
    service = ServicePage.objects.filter(pk=int(pk or 0)).first()
    return {"service": service if service and may_set_state(request.user, service) else None}
