"""Lists as RSS 2.0 and Atom, for the reader who asks."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import blake2b

from django.http import HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from wagtail.models import Page

from audience.middleware import PortalRequest
from search.identity import names_in, portal_settings
from search.models import Entry

CONTENT_TYPES = {"rss": "application/rss+xml; charset=utf-8", "atom": "application/atom+xml; charset=utf-8"}
LONGEST = 30
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# What XML 1.0 cannot say, however it is written.
UNSAYABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class _Dated(SyndicationFeed):
    """A feed is as new as what is in it; without anything, as its page, and not as this moment."""

    def latest_post_date(self) -> datetime:
        dates = [item[name] for item in self.items for name in ("updateddate", "pubdate") if item.get(name)]
        newest: datetime = max(dates, default=self.feed["page_date"])
        return newest


class _Rss(_Dated, Rss201rev2Feed):
    pass


class _Atom(_Dated, Atom1Feed):
    pass


SYNTAXES = {"rss": _Rss, "atom": _Atom}


def feed(
    entries: Iterable[Entry],
    *,
    request: PortalRequest,
    page: Page,
    syntax: str,
    title: str = "",
    address: str = "",
    query: str = "",
) -> HttpResponse:
    """Return `entries` as a feed of the list `page`, or of the part of it named `title` that stands at `address`.

    `query` is what the list read of the address asked for ("?category=x"): anything else in it is not repeated, since
    the answer is shared by all who ask for the same.
    """
    names = names_in(request.reader.language, portal_settings(request.content_version))
    made = SYNTAXES[syntax](
        title=_sayable(f"{title or page.title} · {names.name}"),
        link=request.build_absolute_uri(f"{address or page.get_url(request)}{query}"),
        description=_sayable(page.summary or title or page.title),
        language=request.reader.language,
        page_date=page.last_published_at or EPOCH,
        feed_url=request.build_absolute_uri(f"{request.path}{query}"),
    )
    for entry in entries:
        made.add_item(
            title=_sayable(entry.title),
            link=request.build_absolute_uri(entry.url),
            description=_sayable(entry.summary),
            author_name=_sayable(entry.unit_name) or None,
            pubdate=entry.published_at,
            updateddate=entry.updated_at,
            unique_id=f"{request.get_host()}/entry/{entry.object_id}",
            unique_id_is_permalink=False,
        )
    return HttpResponse(made.writeString("utf-8"), content_type=CONTENT_TYPES[syntax])


def _sayable(text: str) -> str:
    return UNSAYABLE.sub(" ", text)


def is_feed(response: HttpResponse) -> bool:
    return response.status_code == 200 and response.get("Content-Type") in CONTENT_TYPES.values()


def unless_unchanged(request: PortalRequest, response: HttpResponse) -> HttpResponse:
    """Return a feed, or 304 without a body to a program that has it already: most ask every few minutes.

    It is marked by what it says, so it is another feed for a reader who may see other things.
    """
    etag = f'"{blake2b(response.content, digest_size=16).hexdigest()}"'
    response["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response) or response
