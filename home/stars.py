"""The star on cards, pages and results, and the reader's own favourites on home: filled in last, one query a page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from audience.middleware import PortalRequest
from home.alerts import outage_key, text_key
from home.favourites import shown_to, starred
from search.models import Entry, StateLevel
from search.shared import hidden_by

HOME_TILES = 8
STARRED, SHOWN = "_starred", "_favourites"  # asked once a request
NOT_NOW = text_key("favourites: not now")  # under which a browser hides the offer to keep what is recommended
KEPT = SafeString(' name="remove" aria-pressed="true"')
NOT_KEPT = SafeString(' name="keep" aria-pressed="false"')
HIDDEN = SafeString(" hidden")
# What stands on the tile of a favourite that is no service.
ICONS = {
    "news": "newspaper", "news_index": "newspaper", "announcement": "megaphone", "event": "calendar",
    "agenda": "calendar", "guidance": "signpost", "guidance_index": "signpost", "service": "layout-grid",
    "catalogue": "layout-grid", "retired": "layout-grid", "section": "landmark", "sections": "landmark",
}  # fmt: skip


def may_keep(request: PortalRequest) -> bool:
    """Return whether this reader has favourites: whoever is signed in, and not while seeing as others."""
    return bool(request.user.is_authenticated and not request.reader.seen_as)


def kept_keys(request: PortalRequest) -> frozenset[UUID]:
    """Return the keys of what the reader of `request` keeps."""
    if not hasattr(request, STARRED):
        setattr(request, STARRED, starred(request.user) if may_keep(request) else frozenset())
    found: frozenset[UUID] = getattr(request, STARRED)
    return found


def kept_entries(request: PortalRequest) -> list[Entry]:
    """Return what the reader of `request` keeps and may see, in their order."""
    if not hasattr(request, SHOWN):
        entries = shown_to(request.reader, request.user) if may_keep(request) else []
        setattr(request, SHOWN, entries)
        # What is shown is what stars of the same page may mark: it is not asked again.
        setattr(request, STARRED, frozenset(entry.translation_key for entry in entries if entry.translation_key))
    found: list[Entry] = getattr(request, SHOWN)
    return found


def star_mark(request: PortalRequest, argument: str) -> SafeString:
    """Return the attributes of a star, given the translation key of what it stands on, as a number."""
    if not argument or not may_keep(request):
        return HIDDEN
    return KEPT if UUID(int=int(argument)) in kept_keys(request) else NOT_KEPT


def stars_form(request: PortalRequest, argument: str) -> SafeString:
    """Return the form that all stars of a page send: they stand in cards that readers share, and it does not."""
    if not may_keep(request):
        return SafeString()
    return format_html(
        '<form id="stars" method="post" action="{}"><input type="hidden" name="csrfmiddlewaretoken" value="{}">'
        '<input type="hidden" name="next" value="{}"></form>',
        reverse("favourites_star"),
        get_token(request),
        request.get_full_path() if request.method == "GET" else "",
    )


def offer_mark(request: PortalRequest, argument: str) -> SafeString:
    """Hide the offer to keep what is recommended from those who keep something already, or said not now."""
    offered = may_keep(request) and str(NOT_NOW) not in hidden_by(request) and not kept_entries(request)
    return SafeString() if offered else HIDDEN


def favourites_card(request: PortalRequest, argument: str) -> dict[str, Any]:
    """Return what the card of home shows: the first tiles, and whether there are more."""
    entries = kept_entries(request)
    tiles = [{"entry": entry, "icon": ICONS.get(entry.kind, "file-text")} for entry in entries[:HOME_TILES]]
    return {"tiles": tiles, "more": len(entries) > HOME_TILES}


def favourite_outages(request: PortalRequest, argument: str) -> dict[str, Any]:
    """Return the favourites that do not work now and of which home does not speak to all who are recommended them."""
    told, hidden = set(request.reader.recommended), hidden_by(request)
    unwell = [
        {"entry": entry, "key": outage_key(entry)}
        for entry in kept_entries(request)
        if entry.state
        and entry.state.level in {StateLevel.DOWN, StateLevel.DEGRADED}
        and entry.recommendation_id not in told
    ]
    return {"outages": [one for one in unwell if str(one["key"]) not in hidden]}
