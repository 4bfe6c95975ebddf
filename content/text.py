"""Plain text of what editors write, for entries."""

from __future__ import annotations

import re

from wagtail.blocks import StreamValue
from wagtail.rich_text import get_text_for_indexing

_SPACE = re.compile(r"[ \t\r\n\f]+")  # and no space that keeps two words together


def plain(html: str) -> str:
    """Return the text of `html`, words of neighbouring elements parted, white space folded."""
    return " ".join(str(get_text_for_indexing(html)).split())


def body_text(body: StreamValue) -> str:
    """Return all that can be searched in `body`, each thing that stands by itself on a line."""
    parts = (str(part) for child in body for part in child.block.get_searchable_content(child.value))
    return "\n".join(filter(None, (_SPACE.sub(" ", part).strip() for part in parts)))


def heading_text(body: StreamValue) -> str:
    """Return the headings of `body`, one a line."""
    return "\n".join(child.value["text"] for child in body if child.block_type == "heading")
