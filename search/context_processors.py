"""What every template of the portal may ask."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from audience.middleware import PortalRequest
from search.chrome import Chrome
from search.identity import PortalIdentity


def portal(request: PortalRequest) -> dict[str, Any]:
    """Add what stands around a page and what its entry says; each costs nothing until it is asked."""
    chrome: Any = SimpleLazyObject(lambda: Chrome(request))
    return {
        "reader": getattr(request, "reader", None),
        "chrome": chrome,
        "portal": SimpleLazyObject(lambda: PortalIdentity(request, chrome)),
        "entry": getattr(request, "entry", None),
        "audience_tags": SimpleLazyObject(lambda: audience_tags(request)),
        "why_url": why_url(request),
    }


def audience_tags(request: PortalRequest) -> list[dict[str, Any]]:
    """Return the audiences of the page served, and whether it is recommended to the reader."""
    page, entry = getattr(request, "page", None), getattr(request, "entry", None)
    if page is None or entry is None:
        return []
    # Whether all of it is met, not which tag: that is what readers of one signature have in common.
    mine = entry.recommendation_id in request.reader.recommended
    tags = [(audience.label, audience.label_language) for audience in page.audiences.all() if not audience.sensitive]
    return [{"name": name, "language": language, "mine": mine} for name, language in tags]


def why_url(request: PortalRequest) -> str:
    entry = getattr(request, "entry", None)
    return reverse("why", args=[entry.pk]) if entry and request.reader.signed_in else ""
