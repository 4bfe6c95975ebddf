"""Plain text of what editors write, for entries."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from django.utils.html import strip_tags
from wagtail.blocks import StreamValue
from wagtail.rich_text import get_text_for_indexing


def plain(html: str) -> str:
    """Return the text of `html`, words of neighbouring elements parted, white space folded."""
    return " ".join(unescape(strip_tags(get_text_for_indexing(html))).split())


def body_text(body: StreamValue) -> str:
    """Return all that can be searched in `body`."""
    return " ".join(
        " ".join(str(part) for part in child.block.get_searchable_content(child.value)) for child in body
    ).strip()


def heading_text(body: StreamValue) -> str:
    """Return the headings of `body`, one a line."""
    return "\n".join(child.value["text"] for child in body if child.block_type == "heading")


LINK = re.compile(r"<a\b[^>]*\blinktype=\\?\"(page|document)\\?\"[^>]*>")
ID = re.compile(r"\bid=\\?\"(\d+)\\?\"")


def linked_ids(raw: Any, *, linktype: str) -> set[int]:
    """Return the ids of the pages or documents that rich text anywhere in `raw` (a stream's raw data) links to."""
    found: set[int] = set()
    if isinstance(raw, str):
        for tag in LINK.finditer(raw):
            number = ID.search(tag.group(0))
            if tag.group(1) == linktype and number:
                found.add(int(number.group(1)))
    elif isinstance(raw, dict):
        for value in raw.values():
            found |= linked_ids(value, linktype=linktype)
    elif isinstance(raw, (list, tuple)) or hasattr(raw, "__iter__"):
        for value in raw:
            found |= linked_ids(value, linktype=linktype)
    return found
