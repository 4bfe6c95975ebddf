"""Lists as RSS 2.0 and Atom, for the reader who asks."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from wagtail.models import Page

from audience.middleware import PortalRequest
from search.querysets import EntryQuerySet

CONTENT_TYPES = {"rss": "application/rss+xml; charset=utf-8", "atom": "application/atom+xml; charset=utf-8"}
SYNTAXES = {"rss": Rss201rev2Feed, "atom": Atom1Feed}


def feed(entries: EntryQuerySet, *, request: PortalRequest, page: Page, syntax: str) -> HttpResponse:
    """Return the first 30 of `entries` as a feed named after `page`."""
    made = SYNTAXES[syntax](
        title=page.title,
        link=request.build_absolute_uri(page.get_url(request)),
        description=page.summary or page.title,
        language=request.reader.language,
        feed_url=request.build_absolute_uri(request.path),
    )
    for entry in entries[:30]:
        address = request.build_absolute_uri(entry.url)
        made.add_item(
            title=entry.title,
            link=address,
            description=entry.summary,
            author_name=entry.unit_name or None,
            pubdate=entry.published_at,
            updateddate=entry.updated_at,
            unique_id=f"{request.get_host()}/entry/{entry.object_id}",
            unique_id_is_permalink=False,
        )
    return HttpResponse(made.writeString("utf-8"), content_type=CONTENT_TYPES[syntax])
