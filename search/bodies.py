"""Bodies as HTML, for one reader: in pages, and wherever else a body is passed on."""

from __future__ import annotations

from typing import Any

from django.utils.safestring import SafeString, mark_safe
from wagtail.blocks import StreamValue

from audience.reader import Reader
from content.outline import TOP, outline
from content.targets import Links
from search.links import links_for


def body_html(
    stream: StreamValue, *, reader: Reader, links: Links | None = None, level: int = TOP, context: dict[str, Any]
) -> SafeString:
    """Return `stream` as `reader` is shown it, its headings beginning at `level`.

    It stands without the portal's styles, in a feed as well. `context` holds the `request` if there is one, and what
    templates of blocks read besides; `links` are asked unless they are known.
    """
    links = links_for(stream, reader=reader) if links is None else links
    shown = {**context, "links": links}
    parts = (
        part.child.render_as_block({**shown, "level": part.level, "anchor": part.anchor})
        for part in outline(stream, links, level=level)
    )
    return mark_safe("".join(parts))  # noqa: S308  # rendered templates


def links_of(request: Any, stream: StreamValue) -> Links:
    """Return what `stream` leads to for the reader of `request`, asked once in the request."""
    known: dict[int, tuple[StreamValue, Links]] = request.__dict__.setdefault("links_of_streams", {})
    if id(stream) not in known:
        known[id(stream)] = stream, links_for(stream, reader=request.reader)  # held: an id is of what still exists
    return known[id(stream)][1]
