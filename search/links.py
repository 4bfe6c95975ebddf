"""What a page links to, as entries for its reader: rich text and chosen things lead only where the reader may go."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from wagtail.blocks import StreamValue

from audience.reader import Reader
from content.entry import Kind
from content.targets import Links, targets_of
from search.documents import document_type
from search.entries import entries_for
from search.models import Entry


def links_for(stream: StreamValue, *, reader: Reader) -> Links:
    """Return what `stream` leads to, for `reader`, by sort and id: at most five queries, whatever the number.

    Pages and documents are entries, pages in the reader's language when they are translated. A unit is its record, with
    `section`, the entry of its section if it has one that the reader may open.
    """
    targets = targets_of(stream)
    found: dict[str, dict[int, Any]] = {"page": {}, "document": {}, "unit": {}}
    if pages := targets.get("page"):
        found["page"] = pages_for(pages, reader=reader)
    if documents := targets.get("document"):
        entries = entries_for(reader).filter(content_type=document_type(), object_id__in=documents)
        found["document"] = {entry.object_id: entry for entry in entries}
    if units := targets.get("unit"):
        found["unit"] = _units(units, reader)
    return found


def pages_for(ids: set[int], *, reader: Reader) -> dict[int, Entry]:
    """Return where links to these pages lead, by the id linked: to the page in the reader's language if it is there."""
    entries = list(entries_for(reader).of_pages(ids))
    keys = {entry.translation_key for entry in entries if entry.language != reader.language}
    here = (
        {e.translation_key: e for e in entries_for(reader).translations_of(keys).filter(language=reader.language)}
        if keys
        else {}
    )
    return {entry.object_id: here.get(entry.translation_key, entry) for entry in entries}


def _units(ids: set[int], reader: Reader) -> dict[int, Any]:
    units: Iterable[Any] = apps.get_model("directory", "Unit").objects.filter(pk__in=ids).select_related("parent")
    sections: dict[int, Entry] = {}
    for entry in entries_for(reader).of_kind(Kind.SECTION).filter(unit__in=ids, is_alias=False):
        if entry.unit_id is not None and (entry.unit_id not in sections or entry.language == reader.language):
            sections[entry.unit_id] = entry
    found = {}
    for unit in units:
        unit.section = sections.get(unit.pk)
        found[unit.pk] = unit
    return found
