"""What a stream leads to: pages, documents and units, by their ids, wherever in its blocks they were chosen."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.documents.blocks import DocumentChooserBlock

# What chosen things are for one reader: by sort (“page”, “document”, “unit”), then by id. A thing that is not there is
# not for this reader, or no more.
Links = Mapping[str, Mapping[int, Any]]
Targets = Mapping[str, set[int]]

LINK = re.compile(r"<a\b[^>]*\blinktype=\"(page|document)\"[^>]*>")
ID = re.compile(r"\bid=\"(\d{1,18})\"")


def targets_of(stream: blocks.StreamValue) -> Targets:
    """Return the ids of all that `stream` leads to, by sort. The raw data is read: nothing is asked of the database."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    for child in stream.raw_data:
        block = stream.stream_block.child_blocks.get(child["type"])
        if block is not None:
            for sort, pk in _chosen(block, child["value"]):
                found[sort].add(pk)
    return found


def _chosen(block: blocks.Block, raw: Any) -> Iterator[tuple[str, int]]:
    """Yield the sort and the id of all that is chosen in `raw`, the stored value of `block`."""
    if isinstance(block, blocks.RichTextBlock):
        for tag in LINK.finditer(raw if isinstance(raw, str) else ""):
            if number := ID.search(tag[0]):
                yield tag[1], int(number[1])
    elif isinstance(block, blocks.StructBlock):
        for name, child in block.child_blocks.items():
            yield from _chosen(child, raw.get(name) if isinstance(raw, dict) else None)
    elif isinstance(block, blocks.ListBlock):
        for item in raw or []:
            yield from _chosen(block.child_block, item.get("value") if _is_wrapped(item) else item)
    elif isinstance(block, TypedTableBlock):
        yield from _chosen_in_cells(block, raw if isinstance(raw, dict) else {})
    elif isinstance(raw, int) and (sort := sort_of(block)):
        yield sort, raw


def sort_of(block: blocks.Block) -> str:
    """Return the sort of what `block` chooses; a chooser of a room’s own records says its own (`sort`)."""
    if isinstance(block, blocks.PageChooserBlock):
        return "page"
    if isinstance(block, DocumentChooserBlock):
        return "document"
    return getattr(block, "sort", "")


def _is_wrapped(item: Any) -> bool:
    """Return whether an item of a list is stored with its id beside it, as Wagtail has done since 2.16."""
    return isinstance(item, dict) and item.get("type") == "item"


def _chosen_in_cells(block: TypedTableBlock, raw: dict[str, Any]) -> Iterator[tuple[str, int]]:
    columns = [block.child_blocks.get(column["type"]) for column in raw.get("columns", [])]
    for row in raw.get("rows", []):
        for column, cell in zip(columns, row["values"], strict=False):
            if column is not None:
                yield from _chosen(column, cell)
