"""Discreet pages: that someone opened one is kept nowhere.

Whether an entry is discreet stands in `Entry.discreet`: its page says so, a translation of it, or what it stands under.
Whatever counts openings or remembers them asks that first.
"""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.cache import patch_vary_headers

from audience.middleware import PortalRequest
from search.models import Entry


def kept_discreet(request: PortalRequest, response: HttpResponse, entry: Entry | None) -> HttpResponse:
    """Return what a page answers; if it is discreet, no cache has it, and what is opened next is not told of it."""
    if entry is not None and entry.discreet:
        request.may_be_shared = False
        response["Cache-Control"] = "private, no-store"
        response["Referrer-Policy"] = "no-referrer"
        patch_vary_headers(response, ["Cookie"])
    return response
