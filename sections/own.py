"""What authors see of their announcements: what each is now, whom it addresses, how many opened it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy
from wagtail.models import WorkflowState

from accounts.models import User
from audience.middleware import PortalRequest
from news.models import AnnouncementPage
from news.openings import FEW, Figures, figures_of, note_opening
from search.models import Entry
from sections.announcing import Place, holds_rights, may_amend, may_withdraw, places_of

SHOWN = 50


@dataclass(frozen=True)
class Own:
    """One announcement, for its author. `figures` are known while it is shown."""

    page: AnnouncementPage
    state: str  # for its colour: ok, info, warn or off
    says: str | Promise
    figures: Figures | None
    place: str
    url: str
    may_end: bool  # there is something to withdraw


def own_announcements(user: User, places: list[Place]) -> list[Own]:
    """Return the announcements of `user` where they may announce now, the last first: five queries, however many.

    They are the author's own words, shown to them whoever they are for: so not read from entries, which would show
    those alone that address them too.
    """
    by_path = {place.index.path: place for place in places}
    below = Q(pk__in=[])
    for path in by_path:
        below |= Q(path__startswith=path)
    pages = list(
        AnnouncementPage.objects.filter(below, owner=user, alias_of=None)
        .annotate(number_opened=Count("openings"))
        .order_by("-latest_revision_created_at", "-pk")[:SHOWN]
    )
    entries = {entry.object_id: entry for entry in Entry.objects.of_pages([page.pk for page in pages])}
    in_review = _in_review(pages)
    shown = {page.pk: entries[page.pk] for page in pages if page.pk in entries and _is_shown(entries[page.pk])}
    figures = figures_of(shown.values(), opened={page.pk: page.number_opened for page in pages})
    own = []
    for page in pages:
        state, says = _state(page, is_shown=page.pk in shown, review=in_review.get(str(page.pk), ""))
        place = by_path[page.path[: -page.steplen]]
        url = shown[page.pk].url if page.pk in shown else ""
        may_end = page.live or bool(in_review.get(str(page.pk)))
        own.append(Own(page, state, says, figures.get(page.pk), place.label, url, may_end))
    return own


def _is_shown(entry: Entry) -> bool:
    now = timezone.now()
    return not entry.withdrawn and entry.live_from <= now and (entry.expires_at is None or entry.expires_at > now)


def _in_review(pages: list[AnnouncementPage]) -> dict[str, str]:
    """Return the state of the workflow under way of each of these pages, by page id as text."""
    return dict(
        WorkflowState.objects.active()
        .filter(object_id__in=[str(page.pk) for page in pages], base_content_type__model="page")
        .values_list("object_id", "status")
    )


def _state(page: AnnouncementPage, *, is_shown: bool, review: str) -> tuple[str, str | Promise]:
    if review == WorkflowState.STATUS_NEEDS_CHANGES:
        return "warn", pgettext_lazy("of an announcement", "Changes are asked for")
    if review:
        return "info", pgettext_lazy(
            "of an announcement", "Shown; a change is being proofread"
        ) if is_shown else pgettext_lazy("of an announcement", "Being proofread")
    if is_shown:
        return "ok", pgettext_lazy("of an announcement", "Shown")
    if page.live or page.expired:
        return "off", pgettext_lazy("of an announcement", "Over")
    return (
        ("off", pgettext_lazy("of an announcement", "Withdrawn"))
        if page.first_published_at
        else ("warn", pgettext_lazy("of an announcement", "Draft"))
    )


def announcement_tools(request: PortalRequest, pk: str) -> dict[str, Any]:
    """Return what the author is shown on the page of an announcement; and note, for others, that they opened it."""
    if not request.user.is_authenticated or request.reader.seen_as:
        return {}
    page = AnnouncementPage.objects.filter(pk=int(pk or 0)).first()
    if page is None:
        return {}
    note_opening(request, page)
    user = request.user
    if not holds_rights(user) or not may_amend(user, page):
        return {}
    entry = Entry.objects.of_page(page).first()
    figures = figures_of([entry]).get(page.pk) if entry and _is_shown(entry) else None
    return {"announcement": page, "figures": figures, "few": FEW, "may_withdraw": may_withdraw(user, page)}


def news_tools(request: PortalRequest, pk: str) -> dict[str, Any]:
    """Return the address of the form, for whom may announce in the list or the section `pk`."""
    if request.reader.seen_as:
        return {}
    place = next(
        (
            place
            for place in places_of(request.user)
            if pk in {str(place.index.pk), str(place.section.pk) if place.section else ""}
        ),
        None,
    )
    return {"list": place.index.pk} if place else {}
