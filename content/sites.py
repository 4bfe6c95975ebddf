"""Wagtail's site of a request, kept by each process: every page made anew would ask for it otherwise."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject
from wagtail.models import Site

from audience.middleware import PortalRequest
from audience.version import Kept, touch

MOST_HOSTS = 100

_found: Kept[dict[tuple[str, str], Site | None]] = Kept(dict)


class SiteMiddleware:
    """Tell Wagtail the site of each request before it asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: PortalRequest) -> HttpResponse:
        request._wagtail_site = SimpleLazyObject(lambda: site_of(request))  # type: ignore[attr-defined]  # Wagtail's
        return self.get_response(request)


def site_of(request: PortalRequest) -> Site | None:
    """Return what Wagtail finds for `request`: a copy of what is kept, since pages read through it are kept on it."""
    known = _found.at(request.content_version)
    key = request.get_host(), request.get_port()
    if key not in known:
        if len(known) >= MOST_HOSTS:
            known.clear()
        known[key] = Site._find_for_request(request)
    return deepcopy(known[key])


@receiver([post_save, post_delete], sender=Site)
def site_changed(**kwargs: Any) -> None:
    touch(reference=True)
