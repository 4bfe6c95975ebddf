"""What a page links to, as entries for its reader: rich text and chosen pages lead only where the reader may go."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from wagtail.blocks import StreamValue

from audience.reader import Reader
from content.text import linked_ids
from search.documents import document_type
from search.entries import entries_for
from search.models import Entry

Links = dict[str, dict[int, Entry]]
MOST_SUCCESSIONS = 4


def links_for(stream: StreamValue, *, reader: Reader) -> Links:
    """Return the visible targets of all links in `stream`, by source id: at most three queries, whatever the number.

    One more is asked when some lead to services that are retired.
    """
    raw = list(stream.raw_data)
    pages = linked_ids(raw, linktype="page") | chosen_ids(raw, block="pages")
    documents = linked_ids(raw, linktype="document") | chosen_ids(raw, block="documents")
    found: Links = {"page": pages_for(pages, reader=reader), "document": {}}
    if documents:
        entries_found = entries_for(reader).filter(content_type=document_type(), object_id__in=documents)
        found["document"] = {entry.object_id: entry for entry in entries_found}
    return found


def pages_for(ids: Iterable[int], *, reader: Reader) -> dict[int, Entry]:
    """Return where links to these pages lead, by the id linked: to the page in the reader's language if there is one,
    and to what replaces what is retired."""
    if not (wanted := set(ids)):
        return {}
    entries = list(entries_for(reader).of_pages(wanted))
    keys = {entry.translation_key for entry in entries if entry.language != reader.language}
    here = in_the_language_of(reader, entries_for(reader).translations_of(keys)) if keys else {}
    return succeeded({e.object_id: here.get(e.translation_key, e) for e in entries}, reader=reader)


def in_the_language_of(reader: Reader, entries: Iterable[Entry]) -> dict[UUID | None, Entry]:
    """Return one entry for each translation key, the one in the reader's language if it is among them."""
    found: dict[UUID | None, Entry] = {}
    for entry in entries:
        if entry.translation_key not in found or entry.language == reader.language:
            found[entry.translation_key] = entry
    return found


def succeeded(found: dict[int, Entry], *, reader: Reader) -> dict[int, Entry]:
    """Put in the place of what is retired what replaces it, when the reader may see that: no query if nothing is."""
    for _succession in range(MOST_SUCCESSIONS):  # what replaced it may be retired in turn
        keys = {entry.successor for entry in found.values() if entry.successor}
        if not keys:
            break
        heirs = in_the_language_of(reader, entries_for(reader).translations_of(keys))
        if not heirs:
            break
        found = {pk: heirs.get(entry.successor, entry) if entry.successor else entry for pk, entry in found.items()}
    return found


def chosen_entries(ids: list[int], *, reader: Reader) -> list[Entry]:
    """Return the entries of pages that an editor chose, those the reader may see, in their order and each once."""
    known = pages_for(ids, reader=reader)
    return list(dict.fromkeys(known[pk] for pk in ids if pk in known))


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
