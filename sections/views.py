"""The request's side of announcing: the form, one's own announcements, changing and withdrawing them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from audience.middleware import PortalRequest
from audience.sentences import formula
from news.models import AnnouncementPage
from news.openings import FEW
from sections.announcing import (
    Outcome,
    Place,
    Words,
    amend,
    announce,
    held_back,
    may_amend,
    may_withdraw,
    place_of,
    places_of,
    withdraw,
)
from sections.forms import AnnouncementForm
from sections.own import own_announcements

View = Callable[..., HttpResponse]


def for_announcers(view: View) -> View:
    """Give `view` the places where the reader may announce. To who may nowhere, there is no such address."""

    @never_cache
    @login_required
    @wraps(view)
    def guarded(request: PortalRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        places = [] if request.reader.seen_as else places_of(request.user)
        if not places:
            raise Http404
        return view(request, places, *args, **kwargs)

    return guarded


@require_http_methods(["GET", "POST"])
@for_announcers
def new(request: PortalRequest, places: list[Place]) -> HttpResponse:
    """Write an announcement, in the section asked for or in the only one; else choose the section first."""
    asked = request.GET.get("list", "")
    place = next((place for place in places if str(place.index.pk) == asked), places[0] if len(places) == 1 else None)
    if place is None:
        return render(request, "sections/choose_place.html", {"places": places})
    form = AnnouncementForm(request.POST if request.method == "POST" else None, place=place)
    if request.method == "POST" and form.is_valid():
        author = request.user
        assert isinstance(author, User)  # noqa: S101  # login_required
        page, outcome = announce(place=place, author=author, words=form.words, token=form.cleaned_data["token"])
        _say(request, outcome, form.words)
        return redirect(page.get_url(request) if outcome is Outcome.PUBLISHED else "announcements")
    return _form(request, form, place)


@require_http_methods(["GET", "POST"])
@for_announcers
def edit(request: PortalRequest, places: list[Place], pk: int) -> HttpResponse:
    """Change an announcement, or put back one that was withdrawn or is over."""
    page = _announcement(pk)
    if page is None or not may_amend(request.user, page):
        raise Http404
    place, held = place_of(page, user=request.user), held_back(request.user, page)
    written: AnnouncementPage = page.get_latest_revision_as_object()
    form = AnnouncementForm(request.POST if request.method == "POST" else None, place=place, announcement=written)
    if request.method == "POST" and not held and form.is_valid():
        assert isinstance(request.user, User)  # noqa: S101  # login_required
        outcome = amend(announcement=page, user=request.user, words=form.words)
        _say(request, outcome, form.words)
        return redirect(page.get_url(request) if outcome is Outcome.PUBLISHED else "announcements")
    return _form(request, form, place, announcement=page, held=held)


def _announcement(pk: int) -> AnnouncementPage | None:
    # A number that no database counts to is nobody's.
    return AnnouncementPage.objects.filter(pk=pk).first() if pk < 2**31 else None


def _form(
    request: PortalRequest,
    form: AnnouncementForm,
    place: Place,
    *,
    announcement: AnnouncementPage | None = None,
    held: str = "",
) -> HttpResponse:
    assert isinstance(request.user, User)  # noqa: S101  # login_required
    context = {
        "form": form,
        "place": place,
        "announcement": announcement,
        "held": held,
        "direct": place.is_direct_for(request.user),
        "may_withdraw": announcement is not None and may_withdraw(request.user, announcement),
    }
    status = 422 if form.errors else 409 if held and request.method == "POST" else 200
    return render(request, "sections/announcement_form.html", context, status=status)


@require_POST
@for_announcers
def take_back(request: PortalRequest, places: list[Place], pk: int) -> HttpResponse:
    """Withdraw an announcement now."""
    page = _announcement(pk)
    if page is None or not may_withdraw(request.user, page):
        raise Http404
    assert isinstance(request.user, User)  # noqa: S101  # login_required
    withdraw(announcement=page, user=request.user)
    messages.success(request, _("“%(title)s” is withdrawn. Nobody sees it any more.") % {"title": page.title})
    return redirect("announcements")


@require_safe
@for_announcers
def mine(request: PortalRequest, places: list[Place]) -> HttpResponse:
    """List the reader's own announcements, with how many each addresses and how many opened it."""
    assert isinstance(request.user, User)  # noqa: S101  # login_required
    own = own_announcements(request.user, places)
    return render(request, "sections/announcements.html", {"announcements": own, "few": FEW})


def _say(request: PortalRequest, outcome: Outcome, words: Words) -> None:
    """Tell the author, in words, what became of what they sent."""
    said = {"title": words.title, "who": formula(words.audiences) or _("everyone")}
    match outcome:
        case Outcome.PUBLISHED:
            messages.success(request, _("“%(title)s” is published, for %(who)s.") % said)
        case Outcome.SUBMITTED:
            messages.info(request, _("“%(title)s” is sent for proofreading. It is shown once it is approved.") % said)
        case Outcome.KEPT:
            kept = _("“%(title)s” is a draft: nobody is named to proofread here. Tell whoever publishes there.")
            messages.warning(request, kept % said)
        case Outcome.ALREADY:
            messages.info(request, _("This announcement had been sent already; it is there once. Change it from here."))
