"""The reader's side of “Was this useful?”: on the page's own address, behind its guard."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from audience.middleware import PortalRequest
from guidance.answers import LONGEST_WORDS, Reason, Said, keep_answer

ANSWERED = "answered"  # in the session: the pages it has answered about, and not what it answered
MOST_REMEMBERED = 200
ADDRESS = "useful/"


def answered(request: PortalRequest) -> list[int]:
    """Return the pages that this session has answered about."""
    return list(request.session.get(ANSWERED, []))


def question(request: PortalRequest, pk: str) -> dict[str, Any]:
    """Return what the form on the page `pk` needs; who does not see the page as a reader is not asked."""
    asked = not (
        request.reader.seen_as
        or getattr(request, "is_preview", False)
        or getattr(request, "not_meant_for_reader", False)
        or not pk
    )
    return {
        "asked": asked,
        "thanked": asked and int(pk) in answered(request),
        "action": f"{request.path.removesuffix(ADDRESS)}{ADDRESS}",
        "reasons": Reason.choices,
        "longest": LONGEST_WORDS,
    }


def take_answer(request: PortalRequest, page: Any) -> HttpResponse:
    """Take an answer about `page`, once a session; by htmx the form alone comes back, else its page."""
    if getattr(request, "not_meant_for_reader", False):
        raise Http404
    said, told = Said.parse(request.POST), answered(request)
    busy, discreet = False, bool(getattr(request, "entry", None) and request.entry.discreet)
    trapped = said is not None and said.trapped  # nothing is kept, not even a session: such are many
    if said is not None and not trapped and page.pk not in told:
        busy = not keep_answer(page.pk, said, now=timezone.now())
        if not busy and not discreet:
            request.session[ANSWERED] = [*told, page.pk][-MOST_REMEMBERED:]
    if request.htmx:
        context = {**question(request, str(page.pk)), "busy": busy, "just_sent": True}
        context["thanked"] = context["thanked"] or trapped or (discreet and said is not None and not busy)
        response = render(request, "personal/useful.html", context)
        add_never_cache_headers(response)
        return response
    if busy:
        messages.error(request, _("Many answers came at once, and yours was not kept. Please try again later."))
    elif discreet and said is not None:  # the page cannot know that it was answered
        messages.success(request, _("Thank you: those who write this page will read your answer."))
    return redirect(f"{page.get_url(request)}{'' if busy else '#useful'}")
