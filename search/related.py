"""Related pages, from entries."""

from __future__ import annotations

from wagtail.models import Page

from audience.reader import Reader
from search.entries import entries_for
from search.models import Entry


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
