"""See as: browse as any audiences, at any date. It gives no right, and nothing personal is shown or sent."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from audience.demands import table
from audience.middleware import SEE_AS, SEE_AS_RIGHT, PortalRequest, real_reader
from audience.models import Audience, Kind
from audience.names import sort_key
from audience.profile import audiences_at
from audience.sentences import formula

log = logging.getLogger(__name__)
# What may be sent while seeing as others: leaving it, and signing out. The admin is the editor's own.
ALLOWED = ("/admin/", "/oidc/")


class SeeAsMiddleware:
    """Refuse whatever would be sent in another's name while a reader sees the portal as others do."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in {"GET", "HEAD", "OPTIONS"} or not request.session.get(SEE_AS):
            return self.get_response(request)
        if request.path_info.startswith(ALLOWED) or request.path_info == reverse("see_as"):
            return self.get_response(request)
        said = _("Nothing is sent while you see the portal as others do. Go back to your own view first.")
        return render(request, "403.html", {"reason": said}, status=403)


def may_see_as_anyone(user: Any) -> bool:
    """Return whether `user` may see the portal as audiences that are not theirs, and at another date."""
    return bool(user.is_authenticated and user.has_perm(SEE_AS_RIGHT))


def see_as_banner(request: PortalRequest) -> dict[str, Any] | None:
    """Return what the banner says: as whom, and at which date if it is not now."""
    chosen = request.session.get(SEE_AS)
    if not chosen:
        return None
    known = audiences_at(request.content_version)
    audiences = [known[pk] for pk in chosen.get("audiences", []) if pk in known]
    return {"label": formula(audiences) or _("a visitor"), "at": request.reader.at if chosen.get("at") else None}


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def see_as(request: PortalRequest) -> HttpResponse:
    """Choose the audiences and the date to see the portal as, or leave."""
    if request.method == "POST":
        return _leave(request) if "leave" in request.POST else _choose(request)
    chosen = request.session.get(SEE_AS) or {}
    groups: dict[str, list[Audience]] = {kind: [] for kind in Kind.values}
    for audience in sorted(_offered(request), key=lambda one: sort_key(one.label)):
        groups[audience.kind].append(audience)
    context = {
        "groups": [(Kind(kind).label, audiences) for kind, audiences in groups.items() if audiences],
        "chosen": set(chosen.get("audiences", [])),
        "at": chosen.get("at") or "",
        "anyone": may_see_as_anyone(request.user),
    }
    return render(request, "audience/see_as.html", context)


def _offered(request: PortalRequest) -> list[Audience]:
    """Return the audiences this reader may see as: all with the right, their own without."""
    known = Audience.objects.in_use()
    if may_see_as_anyone(request.user):
        return list(known.usable_by(request.user))
    return list(known.open_to_all().filter(pk__in=real_reader(request, table()).audiences))


def _choose(request: PortalRequest) -> HttpResponse:
    offered = {str(audience.pk): audience for audience in _offered(request)}
    audiences: list[Any] = sorted({offered[pk].pk for pk in request.POST.getlist("audience") if pk in offered})
    anyone = may_see_as_anyone(request.user)
    at = _instant(request.POST.get("at", "")) if anyone else None
    if request.POST.get("at") and anyone and at is None:
        messages.error(request, _("This date cannot be read: write it as 2026-09-01."))
        return redirect("see_as")
    request.session[SEE_AS] = {"audiences": audiences, "at": at.isoformat() if at else None, "chosen": anyone}
    logged = [pk for pk in audiences if not offered[str(pk)].sensitive]
    logged += ["sensitive"] if len(logged) < len(audiences) else []
    log.info("see as: account %s audiences %s at %s", request.user.pk, logged, at or "now")
    return redirect("/")


def _leave(request: PortalRequest) -> HttpResponse:
    request.session.pop(SEE_AS, None)
    log.info("see as left: account %s", request.user.pk)
    back = request.POST.get("next", "")
    return redirect(back if url_has_allowed_host_and_scheme(back, {request.get_host()}) else "/")


def _instant(text: str) -> datetime | None:
    """Return the instant an editor typed: a day (its noon) or a day and an hour."""
    try:
        day = parse_date(text)
        # Asked second: to parse_datetime, a day alone is its midnight.
        found = parse_datetime(text) if day is None else None
    except ValueError:
        return None
    if day is not None:
        found = datetime(day.year, day.month, day.day, 12)  # noqa: DTZ001  # made aware just below
    if found is None or not 1970 < found.year < 2200:  # what no database keeps is no date to see
        return None
    return found if timezone.is_aware(found) else timezone.make_aware(found)
