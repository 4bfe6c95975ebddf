"""The page of favourites, and what stars send. Nothing changes but by a POST of one's own."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.attempts import local_address
from accounts.models import User
from audience.middleware import PortalRequest
from home import favourites
from home.favourites import MOST, TooManyError, UnknownPageError
from home.stars import ICONS, may_keep
from home.views import SeeOther
from search.entries import entries_for
from search.guard import sign_in_first
from search.links import in_the_language_of

LONGEST_LIST = 45 * MOST  # characters of as many keys as one may keep, parted by commas


@never_cache
@require_safe
def page(request: PortalRequest) -> HttpResponse:
    """Show the reader's favourites in their order; to whom keeps none, what one may keep to begin with."""
    if not request.user.is_authenticated:
        return sign_in_first(request)
    own = may_keep(request)
    shown = favourites.shown_to(request.reader, request.user) if own else []
    context: dict[str, Any] = {
        "own": own,
        "items": [{"entry": entry, "icon": ICONS.get(entry.kind, "file-text")} for entry in shown],
        "suggested": favourites.suggested_to(request.reader) if own and not shown else [],
        "removed": _removed(request) if own else None,
        "at": request.GET.get("at", "") if _number(request.GET.get("at", "")) is not None else "",
        "full": own and "full" in request.GET,
        "most": MOST,
    }
    return render(request, "home/favourites.html", context)


def _removed(request: PortalRequest) -> Any:
    """Return the entry that was just removed, if the reader may see it: what its undoing names."""
    key = _key(request.GET.get("removed", ""))
    if key is None or key in favourites.starred(request.user):
        return None
    found = in_the_language_of(request.reader, entries_for(request.reader).pages().translations_of([key]))
    return found.get(key)


@never_cache
@require_POST
def star(request: PortalRequest) -> HttpResponse:
    """Keep a page, or keep it no more: `keep` or `remove` is its key. What is unknown or not for the reader is 404."""
    user = request.user
    if not isinstance(user, User):
        return _sign_in(request)
    key, at = _key(request.POST.get("keep", "")), _number(request.POST.get("at", ""))
    if key is not None:
        try:
            favourites.keep(user=user, keys=[key], reader=request.reader, at=at)
        except UnknownPageError:
            raise Http404 from None
        except TooManyError:
            return HttpResponse(status=409) if request.htmx else _to_page(full=1)
        return HttpResponse(status=204) if request.htmx else _back(request)
    key = _key(request.POST.get("remove", ""))
    if key is None:
        raise Http404
    place = favourites.remove(user=user, key=key)
    if request.htmx:
        return HttpResponse(status=204)
    if "undo" in request.POST:
        return _to_page(removed=key, at=place if place is not None else "")
    return _back(request)


@never_cache
@require_POST
def keep(request: PortalRequest) -> HttpResponse:
    """Keep the pages that the reader chose among those suggested: `key` several times, or `keys` parted by commas."""
    user = request.user
    if not isinstance(user, User):
        return _sign_in(request)
    given = [*request.POST.getlist("key"), *request.POST.get("keys", "")[:LONGEST_LIST].split(",")]
    keys = [key for one in given[: MOST + 1] if (key := _key(one))]
    if not keys:  # no box was ticked: that is an answer
        return _to_page()
    try:
        favourites.keep(user=user, keys=keys, reader=request.reader)
    except UnknownPageError:
        raise Http404 from None
    except TooManyError:
        return _to_page(full=1)
    return _to_page()


@never_cache
@require_POST
def order(request: PortalRequest) -> HttpResponse:
    """Order the favourites: `up` or `down` is the key of one to move, `order` the keys of all, parted by commas."""
    user = request.user
    if not isinstance(user, User):
        return _sign_in(request)
    moved = _key(request.POST.get("up", "")) or _key(request.POST.get("down", ""))
    if moved is not None:
        try:
            favourites.move(user=user, key=moved, by=-1 if "up" in request.POST else 1, reader=request.reader)
        except UnknownPageError:
            raise Http404 from None
    elif keys := [key for one in request.POST.get("order", "")[:LONGEST_LIST].split(",") if (key := _key(one))]:
        favourites.reorder(user=user, keys=keys)
    if request.htmx:
        return HttpResponse(status=204)
    return SeeOther(f"{reverse('favourites')}#f-{moved}" if moved else reverse("favourites"))


def _key(given: str) -> UUID | None:
    """Return the key that a form says, or None: anything else is as if nothing were said."""
    try:
        return UUID(given) if len(given) == 36 else None
    except ValueError:
        return None


def _number(given: str) -> int | None:
    return int(given) if given.isdecimal() and given.isascii() and len(given) < 4 else None


def _sign_in(request: PortalRequest) -> HttpResponse:
    """Send whose session is over to sign in, and back to where they were: nothing is kept of what they sent."""
    if request.htmx:
        return HttpResponse(status=401)
    query = urlencode({"next": local_address(request, request.POST.get("next"))})
    return redirect(f"{reverse('oidc_authentication_init')}?{query}")


def _back(request: PortalRequest) -> HttpResponse:
    given = request.POST.get("next", "")
    return SeeOther(local_address(request, given) if given else reverse("favourites"))


def _to_page(**said: object) -> HttpResponse:
    return SeeOther(f"{reverse('favourites')}{f'?{urlencode(said)}' if said else ''}")
