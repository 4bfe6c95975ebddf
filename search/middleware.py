"""Bodies shared between readers who are shown the same, and redirects that tell nobody of what they may not see."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from wagtail.contrib.redirects.middleware import RedirectMiddleware, get_redirect
from wagtail.contrib.redirects.models import Redirect

from audience.middleware import PortalRequest
from search.entries import entries_for
from search.feeds import is_feed, unless_unchanged
from search.popularity import counted_entry, note_view
from search.querysets import page_type
from search.shared import SharedBody, fill, is_made_up, is_shareable


class VisibleRedirectMiddleware(RedirectMiddleware):
    """Wagtail's redirects, answered only when the page they lead to is visible to the reader."""

    def process_response(self, request: PortalRequest, response: HttpResponse) -> HttpResponse:
        if response.status_code != 404:
            return response
        path = Redirect.normalise_path(request.get_full_path(), decode_unicode=False)
        found = get_redirect(request, path) or get_redirect(request, path.partition("?")[0])
        if found is None:
            return response
        page = found.redirect_page_id
        if page and not entries_for(request.reader).filter(content_type=page_type(), object_id=page).exists():
            return response
        answer: HttpResponse = super().process_response(request, response)
        # A permanent redirect is kept by any cache on the way unless told not to.
        return kept_private(request, answer)


class SharedBodyMiddleware:
    """Answer from a shared body before Wagtail's routing, and fill in what is personal last."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: PortalRequest) -> HttpResponse:
        if not is_shareable(request):
            return kept_private(request, self.get_response(request))
        shared = SharedBody(request)
        response = shared.read()
        if response is None:
            request.sharing = True  # {% personal %} leaves slots
            response = self.get_response(request)
            shared.entry = counted_entry(request)
            if response.status_code == 200 and getattr(request, "may_be_shared", False) and not is_made_up(request):
                shared.write(response)
        filled = fill(response, request)
        note_view(request, filled, shared.entry)
        return kept_private(request, unless_unchanged(request, filled) if is_feed(filled) else filled)


def kept_private(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Let no cache between us and the reader keep what depends on the reader."""
    if not response.has_header("Cache-Control"):
        response["Cache-Control"] = "private, no-store" if request.user.is_authenticated else "private, no-cache"
        patch_vary_headers(response, ["Cookie"])
    return response
