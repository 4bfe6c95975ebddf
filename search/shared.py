"""Shared bodies: what readers of one signature are shown is made once, kept until it changes, and never personal.

A body holds slots where something is personal; `fill` puts it in last, and takes out what this browser has hidden. It
is kept under the content version, the address and the reader's signature, until the next instant at which an entry
starts, ends or changes by itself, and at midnight at the latest, since dates are said in words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine, RequestContext
from django.utils import timezone
from django.utils.safestring import SafeString

from audience.middleware import PortalRequest
from audience.profile import profile_of
from audience.see_as import see_as_banner
from search.models import ALWAYS
from search.paging import page_number

AROUND = "_around_slots"
SLOT = re.compile(r"<!--slot:([a-z_]+):(\d*)-->")
# What a reader may hide, by a number that stands for what it says.
HIDEABLE = re.compile(r"<!--hide:(\d+)-->(.*?)<!--/hide:\1-->", re.DOTALL)
INSTANTS = ("live_from", "expires_at", "starts_at", "ends_at", "pinned_until", "changes_at")
# Written out: made of querysets, it costs more to make than to answer. The day stands in it so that PostgreSQL knows,
# without what is given, that the index of `live_from` holds what is asked, and plans it once.
NEXT_INSTANTS = " UNION ALL ".join(
    f"SELECT MIN({name}) FROM search_entry WHERE {name} > %s AND {name} > '{ALWAYS:%Y-%m-%d}'"  # noqa: S608  # own names
    for name in INSTANTS
)
UNSHARED = (
    "/admin/",
    "/static/",
    "/media/",
    "/documents/",
    "/health/",
    "/oidc/",
    "/_util/",
    "/alertes/urgence/",
    "/_portal/",
    "/sw.js",
)


def slot(name: str, argument: object = "") -> str:
    """Return the mark of what is filled in last: the template personal/<name>.html, given the number `argument`."""
    return f"<!--slot:{name}:{argument}-->"


def hideable(key: int, html: str) -> str:
    """Return `html` between the marks by which `fill` takes it out for whoever has hidden `key`."""
    return f"<!--hide:{key}-->{html}<!--/hide:{key}-->"


# What a browser has hidden: the last keys, in a cookie of the portal's own.
HIDDEN: dict[str, Any] = {
    "key": "parvis_hidden",
    "max_age": 180 * 24 * 3600,
    "httponly": True,
    "samesite": "Lax",
    "secure": settings.SESSION_COOKIE_SECURE,
}
MOST_HIDDEN = 30
KEY = re.compile(r"\d{1,15}", re.ASCII)


def hidden_by(request: HttpRequest) -> list[str]:
    """Return the keys of what this browser has hidden, the last ones last."""
    return [key for key in request.COOKIES.get(HIDDEN["key"], "").split(".") if KEY.fullmatch(key)][-MOST_HIDDEN:]


def hidden_with(request: HttpRequest, key: str) -> str:
    """Return the cookie that hides `key` as well; what is no key hides nothing more."""
    more = [key] if KEY.fullmatch(key) else []
    return ".".join([*(one for one in hidden_by(request) if one != key), *more][-MOST_HIDDEN:])


# What a slot needs beyond the reader: registered by the room it belongs to, given the request and the argument.
Provider = Callable[[PortalRequest, str], dict[str, Any]]
providers: dict[str, Provider] = {}

# Slots of a word or two, which a page may hold by the dozen: said by a function, without a template.
Mark = Callable[[PortalRequest, str], SafeString]
marks: dict[str, Mark] = {}


# What pages' lists read from the query, by name, each as its list reads it: a room adds its own. Anything else is
# ignored, in the key too, so that nobody fills the cache with addresses that show the same.
parameters: dict[str, Callable[[str], Hashable]] = {"page": page_number}

# Those of which anyone may make up values without end. A body that depends on one is kept only when its page has
# recognised the value (`request.recognised`): a page that does not read it recognises none.
endless: set[str] = set()


# What a page depends on beyond its address and the reader's signature, by the room it belongs to: nothing personal, and
# the same () on all other pages.
depends: list[Callable[[PortalRequest], Hashable]] = []


def asked(request: PortalRequest) -> tuple[Hashable, ...]:
    """Return what the address asks of the page's lists."""
    return tuple(read(request.GET.get(name, "")) for name, read in sorted(parameters.items()))


def is_made_up(request: PortalRequest) -> bool:
    """Return whether the address asks for something endless that its page does not know."""
    told = any(parameters[name](request.GET.get(name, "")) != parameters[name]("") for name in endless)
    return told and not getattr(request, "recognised", False)


def render_personal(name: str, request: PortalRequest, argument: str = "") -> str:
    """Return what is personal, for this reader and this request."""
    if name in marks:
        return marks[name](request, argument)
    template = Engine.get_default().get_template(f"personal/{name}.html")
    context = {**_around(request), "argument": argument}
    if context["see_as"] and name == "greeting":
        context["user"] = AnonymousUser()  # nothing personal in See as
    if name in providers:
        context |= providers[name](request, argument)
    return template.render(Context(context))


def _around(request: PortalRequest) -> dict[str, Any]:
    """Return what every slot of a page may say: asked of the context processors once, not by each slot."""
    if not hasattr(request, AROUND):
        around = RequestContext(request)
        with around.bind_template(Engine.get_default().get_template("personal/notices.html")):
            found = around.flatten()
        own = {
            "reader": request.reader,
            "user": request.user,
            "see_as": see_as_banner(request),
            "profile": {"tags": profile_of(request.reader, request.content_version)},
        }
        setattr(request, AROUND, found | own)
    known: dict[str, Any] = getattr(request, AROUND)
    return known


def fill(response: HttpResponse, request: PortalRequest) -> HttpResponse:
    """Put what is personal into the slots of `response`, which is of this reader alone from here on."""
    if not response.get("Content-Type", "").startswith("text/html") or getattr(response, "streaming", False):
        return response
    body = response.content.decode()
    if "<!--hide:" in body:
        hidden = hidden_by(request)
        response.content = body = HIDEABLE.sub(lambda part: "" if part[1] in hidden else part[2], body)
    if "<!--slot:" in body:
        request.sharing = False  # from here on all is this reader's: a slot within a slot is filled at once
        response.content = SLOT.sub(lambda mark: render_personal(mark[1], request, mark[2]), body)
    return response


def is_shareable(request: PortalRequest) -> bool:
    """Return whether the answer may come from, or become, a shared body."""
    if request.method not in {"GET", "HEAD"} or request.path_info.startswith(UNSHARED):
        return False
    # Wagtail's previews come through here too, at the address of the live page.
    return not getattr(request, "is_dummy", False) and not request.reader.seen_as


def next_change(at: datetime) -> datetime:
    """Return the next instant after `at` at which some entry changes by itself, or midnight: one query."""
    midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    with connection.cursor() as cursor:
        cursor.execute(NEXT_INSTANTS, [connection.ops.adapt_datetimefield_value(at)] * len(INSTANTS))
        found = [_instant(row[0]) for row in cursor.fetchall() if row[0]]
    first_change: datetime = min([midnight, *found])
    return first_change


def _instant(value: datetime | str) -> datetime:
    """Return what the database says as an instant: SQLite says it in words, in UTC."""
    return datetime.fromisoformat(value).replace(tzinfo=UTC) if isinstance(value, str) else value


@dataclass(frozen=True)
class Kept:
    """A body as it is kept: nothing of the reader who asked first."""

    content: bytes
    content_type: str
    disposition: str
    until: datetime
    entry: int = 0  # of which it is a view, where views are counted


class SharedBody:
    """The body shared by all who are shown the same at this address."""

    def __init__(self, request: PortalRequest) -> None:
        self.at = request.reader.at
        # The version is read first: a body can be older than the version it is kept under, never newer.
        version, signature = request.content_version.content, request.reader.signature
        own = tuple(found(request) for found in depends)
        parts = (version, request.get_host(), request.path_info, asked(request), signature, own)
        self.entry = 0  # of which the answer is a view
        self.key = f"body:{blake2b(repr(parts).encode(), digest_size=20).hexdigest()}"

    def read(self) -> HttpResponse | None:
        kept: Kept | None = cache.get(self.key)
        if kept is None or kept.until <= self.at:
            return None
        response = HttpResponse(kept.content, content_type=kept.content_type)
        if kept.disposition:
            response["Content-Disposition"] = kept.disposition
        self.entry = kept.entry
        return response

    def write(self, response: HttpResponse) -> None:
        until = next_change(self.at)
        seconds = (until - timezone.now()).total_seconds()
        if seconds > 0:
            content_type, disposition = response["Content-Type"], response.get("Content-Disposition", "")
            kept = Kept(response.content, content_type, disposition, until, self.entry)
            cache.set(self.key, kept, timeout=seconds)
