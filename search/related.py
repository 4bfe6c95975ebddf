"""Related pages, from entries."""

from __future__ import annotations

from wagtail.models import Page, ReferenceIndex

from audience.reader import Reader
from content.entry import Kind
from search.entries import entries_for
from search.models import Entry
from search.querysets import page_type


def related_to(page: Page, *, reader: Reader, limit: int = 3) -> list[Entry]:
    """Return the newest of the same kind beside `page`, those of its unit first: one query."""
    entry = Entry.objects.of_page(page).values("kind", "unit_id").first()
    if entry is None:
        return []
    beside = entries_for(reader).pages().below(page.path[: -page.steplen])
    beside = beside.filter(kind=entry["kind"]).exclude(path=page.path)
    newest = list(beside.newest_first()[: limit * 4])
    newest.sort(key=lambda other: other.unit_id != entry["unit_id"])
    return newest[:limit]


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
