"""Bodies as the files write them, turned into what Wagtail stores."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from home.demonstration.files import Item, day

Pages = Mapping[str, int]  # page ids by slug


class UnknownReferenceError(LookupError):
    """A file of the demonstration names a page, a document or a unit that no file has."""


@dataclass(frozen=True)
class Known:
    """What bodies may refer to, by the names the files use; `draw` gives the id of an illustration, made if need be."""

    pages: Mapping[str, int]
    documents: Mapping[str, int]
    units: Mapping[str, int]
    draw: Callable[[Item], int]

    def page(self, slug: str) -> int:
        return _id(self.pages, slug, "page")

    def document(self, slug: str) -> int:
        return _id(self.documents, slug, "document")

    def unit(self, code: str) -> int:
        return _id(self.units, code, "unit")


def _id(ids: Mapping[str, int], name: str, sort: str) -> int:
    if name not in ids:
        raise UnknownReferenceError(f"no {sort} is called {name!r}")
    return ids[name]


def rich(html: str, known: Known) -> str:
    """Return `html` as rich text: `page:SLUG` becomes a link to that page, `document:SLUG` one to that document."""

    def link(found: re.Match[str]) -> str:
        pk = known.page(found[2]) if found[1] == "page" else known.document(found[2])
        return f'<a linktype="{found[1]}" id="{pk}">'

    return re.sub(r'<a href="(page|document):([\w-]+)">', link, html.strip())


def blocks(body: list[Item], known: Known) -> list[Item]:
    """Return a stream's raw data. Raises UnknownReferenceError, and ValueError for a type of block there is not."""
    return [{"type": block["type"], "value": _value(block, known)} for block in body]


def steps(items: list[Item], known: Known) -> list[Item]:
    """Return the raw data of a guidance page's steps."""
    return [
        {"type": "step", "value": _step({**item, "html": item.get("html") or f"<p>{item['text']}</p>"}, known)}
        for item in items
    ]


def quick_links(items: list[Any], known: Known) -> list[Item]:
    """Return the raw data of a section's quick links: slugs of pages, or tables of a `label` and a `url`."""
    pages = [known.page(item) for item in items if isinstance(item, str)]
    elsewhere = [{"type": "address", "value": dict(item)} for item in items if isinstance(item, dict)]
    return [*([{"type": "pages", "value": pages}] if pages else []), *elsewhere]


def _step(item: Item, known: Known) -> Item:
    link = item.get("link", "")
    page = known.page(link.removeprefix("page:")) if link.startswith("page:") else None
    address = "" if page else link
    return {**_item(item, known), "page": page, "url": address, "label": item.get("label", "")}


def _item(item: Item, known: Known) -> Item:
    return {"title": item["title"], "text": rich(item["html"], known)}


def _image(item: Item, known: Known) -> Item:
    words = item.get("alternative", "")
    return {
        "image": known.draw(item),
        "alternative": words,
        "decorative": not words,
        "caption": item.get("caption", ""),
    }


def _date(item: Item) -> Item:
    on = day(item["in_days"], working=True)
    return {"label": item["label"], "starts_on": on.isoformat(), "starts_at": item.get("time")}


def _table(block: Item, known: Known) -> Item:
    """Return a table, its columns of text, or of text with links where a cell holds markup."""
    cells = list(zip(*block["rows"], strict=True))
    types = ["prose" if any("<" in cell for cell in column) else "text" for column in cells]
    columns = [{"type": kind, "heading": heading} for kind, heading in zip(types, block["header"], strict=True)]
    rows = [
        {"values": [rich(cell, known) if kind == "prose" else cell for kind, cell in zip(types, row, strict=True)]}
        for row in block["rows"]
    ]
    return {"caption": block["caption"], "table": {"columns": columns, "rows": rows, "caption": ""}}


def _value(block: Item, known: Known) -> Any:
    match block["type"]:
        case "text":
            return rich(block["html"], known)
        case "heading":
            return {"text": block["text"], "level": str(block.get("level", 2))}
        case "callout":
            title, text = block.get("title", ""), rich(block["html"], known)
            return {"tone": block["tone"], "title": title, "text": text}
        case "steps":
            return {"items": [_step(item, known) for item in block["items"]]}
        case "accordion":
            return {"items": [_item(item, known) for item in block["items"]]}
        case "quote":
            return {"text": block["text"], "source": block.get("source", "")}
        case "code":
            return {"language": block.get("language", ""), "text": block["text"].strip("\n")}
        case "table":
            return _table(block, known)
        case "legal" | "cookies" | "accessibility" | "changes":
            return None
        case "image":
            return _image(block, known)
        case "gallery":
            return {"items": [_image(item, known) for item in block["items"]]}
        case "video":
            return {name: block.get(name, "") for name in ("title", "url", "duration")}
        case "pages":
            return [known.page(slug) for slug in block["slugs"]]
        case "documents":
            return [known.document(slug) for slug in block["slugs"]]
        case "service":
            return known.page(block["slug"])
        case "contact":
            said = {name: block.get(name, "") for name in ("name", "role", "place", "hours", "phone", "email")}
            return {"unit": known.unit(block["unit"]) if block.get("unit") else None, **said}
        case "dates":
            return {"title": block.get("title", ""), "items": [_date(item) for item in block["items"]]}
        case "figures":
            return {"items": [{"value": item["value"], "label": item["label"]} for item in block["items"]]}
        case "map":
            return {name: block[name] for name in ("title", "latitude", "longitude")} | {
                "address": block.get("address", "")
            }
    raise ValueError(f"the demonstration has a block of unknown type {block['type']!r}")
