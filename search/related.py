"""Related pages, from entries."""

from __future__ import annotations

from typing import Any

from wagtail.models import Page, ReferenceIndex

from audience.reader import Reader
from content.entry import Kind
from search.entries import entries_for
from search.models import Entry
from search.querysets import page_type

COMPARED = 60  # of the newest


def related_to(page: Page, *, reader: Reader, alike: str = "", limit: int = 3) -> list[Entry]:
    """Return others of the same kind beside `page`, the newest first: three queries.

    First what shares a topic or what `extra` says under `alike`, then what its unit publishes. What shares nothing
    follows only where there is no `alike` to go by.
    """
    entry = Entry.objects.of_page(page).values("kind", "unit_id", "topics", "extra").first()
    if entry is None:
        return []
    beside = entries_for(reader).pages().below(page.path[: -page.steplen])
    beside = beside.filter(kind=entry["kind"]).exclude(path=page.path)
    group = entry["extra"].get(alike)

    def distance(unit: int | None, topics: list[str], extra: dict[str, Any]) -> int:
        if (group and extra.get(alike) == group) or not set(entry["topics"]).isdisjoint(topics):
            return 0
        return 1 if unit and unit == entry["unit_id"] else 2

    compared = beside.newest_first().values_list("pk", "unit_id", "topics", "extra")[:COMPARED]
    distances = {pk: distance(*said) for pk, *said in compared}
    farthest = 1 if alike else 2
    chosen = [pk for pk in sorted(distances, key=lambda pk: distances[pk]) if distances[pk] <= farthest][:limit]
    read = entries_for(reader).in_bulk(chosen)
    return [read[pk] for pk in chosen if pk in read]


def mentioning(page: Page, *, kind: Kind, reader: Reader, limit: int) -> list[Entry]:
    """Return what of `kind` links to `page` or to a translation of it, in text or in a block: three queries."""
    group = Page.objects.filter(translation_key=page.translation_key).values_list("pk", flat=True)
    references = ReferenceIndex.objects.filter(
        base_content_type=page_type(), to_content_type=page_type(), to_object_id__in=[str(pk) for pk in group]
    )
    sources = {int(pk) for pk in references.values_list("object_id", flat=True).distinct()}
    if not sources:
        return []
    found = entries_for(reader).of_kind(kind).of_pages(sources).listed_in(reader.language)
    return list(found.by_title()[:limit])
