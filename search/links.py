"""What a page links to, as entries for its reader: rich text and chosen pages lead only where the reader may go."""

from __future__ import annotations

from wagtail.blocks import StreamValue

from audience.reader import Reader
from content.text import linked_ids
from search.documents import document_type
from search.entries import entries_for
from search.models import Entry

Links = dict[str, dict[int, Entry]]


def links_for(stream: StreamValue, *, reader: Reader) -> Links:
    """Return the visible targets of all links in `stream`, by source id: at most three queries, whatever the number."""
    raw = list(stream.raw_data)
    pages = linked_ids(raw, linktype="page") | chosen_ids(raw, block="pages")
    documents = linked_ids(raw, linktype="document") | chosen_ids(raw, block="documents")
    found: Links = {"page": {}, "document": {}}
    if pages:
        entries = list(entries_for(reader).of_pages(pages))
        # A link goes to the page in the reader's language when there is one.
        keys = {entry.translation_key for entry in entries if entry.language != reader.language}
        here = (
            {e.translation_key: e for e in entries_for(reader).translations_of(keys).filter(language=reader.language)}
            if keys
            else {}
        )
        found["page"] = {entry.object_id: here.get(entry.translation_key, entry) for entry in entries}
    if documents:
        entries_found = entries_for(reader).filter(content_type=document_type(), object_id__in=documents)
        found["document"] = {entry.object_id: entry for entry in entries_found}
    return found


def chosen_ids(raw: object, *, block: str) -> set[int]:
    """Return the ids chosen in blocks named `block` of a stream's raw data."""
    found: set[int] = set()
    for child in raw if isinstance(raw, list) else []:
        if isinstance(child, dict) and child.get("type") == block:
            for item in child.get("value") or []:
                value = item.get("value") if isinstance(item, dict) else item
                if isinstance(value, int):
                    found.add(value)
    return found
