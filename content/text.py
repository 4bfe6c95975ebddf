"""Plain text of what editors write, for entries."""

from __future__ import annotations

from wagtail.blocks import StreamValue
from wagtail.rich_text import get_text_for_indexing


def plain(html: str) -> str:
    """Return the text of `html`, words of neighbouring elements parted, white space folded."""
    return " ".join(str(get_text_for_indexing(html)).split())


def body_text(body: StreamValue) -> str:
    """Return all that can be searched in `body`."""
    return " ".join(
        " ".join(str(part) for part in child.block.get_searchable_content(child.value)) for child in body
    ).strip()


def heading_text(body: StreamValue) -> str:
    """Return the headings of `body`, one a line."""
    return "\n".join(child.value["text"] for child in body if child.block_type == "heading")
