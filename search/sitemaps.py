"""The sitemap: what anyone may read, whoever asks."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.html import escape
from django.views.decorators.http import require_safe

from audience.demands import table
from audience.middleware import PortalRequest
from audience.reader import Reader
from content.entry import Kind
from search.entries import entries_for

LIMIT = 50_000  # sitemaps.org allows no more in one file


@require_safe
def sitemap(request: PortalRequest) -> HttpResponse:
    """Return the public pages as sitemaps.org XML: a crawler is anonymous, and so is this list."""
    anyone = table().seen_by(Reader())
    pages = entries_for(anyone).pages().exclude(kind=Kind.RETIRED)
    entries = pages.order_by("path").values_list("url", "updated_at")[:LIMIT]
    rows = [
        f"<url><loc>{escape(request.build_absolute_uri(url))}</loc><lastmod>{at:%Y-%m-%d}</lastmod></url>"
        for url, at in entries
    ]
    start = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return HttpResponse(start + "\n".join(rows) + "\n</urlset>\n", content_type="application/xml")
