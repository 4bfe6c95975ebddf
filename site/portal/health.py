"""For what watches the portal."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

LATE = timedelta(minutes=3)
MANY_REMAIN = 5000


@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """Answer that the process serves requests."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Answer 200 when every part answers, else 503 with the parts that do not. Says nothing of readers."""
    found = parts()
    good = all(state == "ok" for state in found.values())
    return JsonResponse({"ready": good, **found, **_search_detail()}, status=200 if good else 503)


def parts() -> dict[str, str]:
    """Return the state of each part, `ok` or a word for what it is instead."""
    found = {"database": _database(), "cache": _cache(), "worker": _worker()}
    if settings.PARVIS_SEARCH_ENGINE == "elasticsearch":
        found["search"] = _search()
    return found


def _search_detail() -> dict[str, dict[str, object]]:
    """Return what remains to be sent to the search engine, was refused by it, and was lost by it; as numbers."""
    from search.elasticsearch.watching import left_to_do

    if settings.PARVIS_SEARCH_ENGINE != "elasticsearch":
        return {}
    try:
        return {"search_detail": left_to_do()}
    except Error:
        return {}


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:  # InterfaceError too: a connection the server has closed
        return "away"
    return "ok"


def _cache() -> str:
    cache.set("health", "ok", 10)
    return "ok" if cache.get("health") == "ok" else "away"


def _worker() -> str:
    from search.models import Heartbeat

    try:
        last = Heartbeat.objects.order_by("-at").values_list("at", flat=True).first()
    except Error:  # InterfaceError too: a connection the server has closed
        return "unknown"
    return "ok" if last and last > timezone.now() - LATE else "late"


def _search() -> str:
    from search.elasticsearch.watching import condition

    try:
        how = condition()
    except Error:
        return "unknown"
    if how.answers != "elasticsearch":
        return "spare"  # readers are answered by the database
    return "late" if how.remaining > MANY_REMAIN else "ok"


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Tell crawlers where the public pages are listed."""
    address = request.build_absolute_uri("/sitemap.xml")
    return HttpResponse(f"User-agent: *\nDisallow: /admin/\nSitemap: {address}\n", content_type="text/plain")
