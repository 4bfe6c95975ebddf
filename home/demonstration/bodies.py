"""Bodies as the files write them, turned into what Wagtail stores."""

from __future__ import annotations

import re
from typing import Any

from home.demonstration.files import Item

Pages = dict[str, int]  # page ids by slug


def rich(html: str, pages: Pages) -> str:
    """Return `html` as rich text: `page:SLUG` becomes a link to that page, an unknown one bare words."""

    def link(found: re.Match[str]) -> str:
        pk = pages.get(found[1])
        return f'<a linktype="page" id="{pk}">' if pk else "<a>"

    return re.sub(r'<a href="page:([\w-]+)">', link, html.strip())


def blocks(body: list[Item], pages: Pages) -> list[Item]:
    """Return a stream's raw data."""
    return [{"type": block["type"], "value": _value(block, pages)} for block in body]


def steps(items: list[Item], pages: Pages) -> list[Item]:
    """Return the raw data of a guidance page's steps."""
    return [
        {"type": "step", "value": {"title": item["title"], "text": rich(f"<p>{item['text']}</p>", pages)}}
        for item in items
    ]


def quick_links(items: list[Any], pages: Pages) -> list[Item]:
    """Return the raw data of a section's quick links: slugs of pages, or tables of a `label` and a `url`."""
    known = [pages[item] for item in items if isinstance(item, str) and item in pages]
    elsewhere = [{"type": "address", "value": dict(item)} for item in items if isinstance(item, dict)]
    return [*([{"type": "pages", "value": known}] if known else []), *elsewhere]


def _value(block: Item, pages: Pages) -> Any:
    match block["type"]:
        case "text":
            return rich(block["html"], pages)
        case "heading":
            return {"text": block["text"]}
        case "callout":
            title, text = block.get("title", ""), rich(block["html"], pages)
            return {"tone": block["tone"], "title": title, "text": text}
        case "steps" | "accordion":
            return {"items": [{"title": item["title"], "text": rich(item["html"], pages)} for item in block["items"]]}
        case "quote":
            return {"text": block["text"], "source": block.get("source", "")}
        case "table":
            columns = [{"type": "text", "heading": heading} for heading in block["header"]]
            rows = [{"values": list(row)} for row in block["rows"]]
            return {"caption": block["caption"], "table": {"columns": columns, "rows": rows, "caption": ""}}
        case "legal" | "cookies" | "accessibility" | "changes":
            return None
        case "pages":
            return [pages[slug] for slug in block["slugs"] if slug in pages]
    raise ValueError(f"the demonstration has a block of unknown type {block['type']!r}")
