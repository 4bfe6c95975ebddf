"""A signed-in reader is asked for again at the provider, without a word, when their session has not been for a while.

It happens between two pages, never under a form: only what a reader opens is sent round, and what they post is taken.
The answer brings new claims, or ends the session when the provider says that theirs is over. A provider that does not
answer ends nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from accounts.asking import asked_of_provider
from accounts.attempts import local_address
from accounts.errors import SignInError
from accounts.provider import answers, in_one_exchange
from audience.middleware import PortalRequest

DUE = "oidc_recheck_at"  # in the session: seconds of the epoch
POSTPONED = 120  # seconds until the next try when one came to nothing
# What is the same for everyone, and what sends readers round itself.
UNTOUCHED = (
    "/static/", "/media/", "/_portal/", "/sw.js", "/favicon.ico", "/sitemap.xml", "/robots.txt", "/alertes/urgence/",
    "/health/", "/oidc/",
)  # fmt: skip


def checked(request: HttpRequest) -> None:
    """Note that the provider has just spoken of the reader of this session."""
    request.session[DUE] = int(time.time()) + settings.OIDC_RECHECK_AGE


def postponed(request: HttpRequest) -> None:
    """Note that it was asked and said nothing of use."""
    if DUE in request.session:
        request.session[DUE] = int(time.time()) + min(POSTPONED, settings.OIDC_RECHECK_AGE)


class RecheckMiddleware:
    """Send a reader whose session is due round by the provider, and back to the page they opened."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: PortalRequest) -> HttpResponse:
        if settings.OIDC_RECHECK_AGE and may_go_round(request) and self.is_due(request):
            return sent_round(request) or self.get_response(request)
        return self.get_response(request)

    @staticmethod
    def is_due(request: PortalRequest) -> bool:
        due = request.session.get(DUE)
        return isinstance(due, int) and due <= time.time() and request.user.is_authenticated


def may_go_round(request: HttpRequest) -> bool:
    """Return whether `request` opens a page in a tab or asks for a part of one, so that a browser follows."""
    if request.method != "GET" or request.path_info.startswith(UNTOUCHED):
        return False
    # Whoever has no session has none to check: it is not even looked for.
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    if request.headers.get("HX-Request") == "true":
        return True
    # A script would get the provider's page, a frame a refusal to be shown in one.
    opens = request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
    page = request.headers.get("Sec-Fetch-Dest", "document") == "document"
    return opens and page and "X-Requested-With" not in request.headers


@in_one_exchange
def sent_round(request: PortalRequest) -> HttpResponse | None:
    """Return the answer that sends the browser to the provider; None when it cannot be, and the reader goes on."""
    in_part = request.headers.get("HX-Request") == "true"
    destination = page_under(request) if in_part else request.get_full_path()
    if local_address(request, destination) != destination:
        return None
    if not answers():
        return None
    try:
        attempt, address = asked_of_provider(request, destination, silent=True)
    except SignInError:
        return None
    # Not a redirect: one that follows a form's post would be refused by the policy that keeps forms on the portal.
    response = HttpResponse() if in_part else render(request, "accounts/recheck.html", {"address": address})
    response["HX-Redirect" if in_part else "Refresh"] = address if in_part else f"0; url={address}"
    add_never_cache_headers(response)
    attempt.keep(request, response)
    return response


def page_under(request: HttpRequest) -> str:
    """Return the local address of the page into which htmx would put its part; where it goes, if it replaces it."""
    if request.headers.get("HX-Boosted") == "true":
        return request.get_full_path()
    try:
        parts = urlsplit(request.headers.get("HX-Current-URL", ""))
    except ValueError:  # “http://[” is no address
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")
