"""Key dates of pages as entries: deadlines that are listed and found like any other, and lead to their page.

The entry of a date stands where no page can, as a child of its page, and demands nothing of its own: what a page hands
down reaches it in the same set-based updates. It has no translation key; it stands in the lists its page stands in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import F, OuterRef, Subquery, Value
from django.db.models.functions import Concat
from django.utils import timezone

from audience.demands import visibility_id
from content.dates import ANCHOR, DateData
from content.entry import Kind
from search.index import write_indexes
from search.models import Entry, EntryText, KeyDate
from search.querysets import LAST_BELOW, EntryQuerySet

NO_PAGE = "ZZZZ"  # the last step there is; Wagtail's copy gives the first, 0000, to pages
# What a date has from its page, word for word.
OF_THE_PAGE = (
    "language", "shown_in", "is_alias", "topics", "published_at", "unit_id", "recommendation_id", "visibility_id",
    "is_reserved", "withdrawn", "live_from", "expires_at", "discreet",
)  # fmt: skip


def date_type() -> ContentType:
    """Return the content type of the entries of key dates."""
    return ContentType.objects.get_for_model(KeyDate)


def date_entries() -> EntryQuerySet:
    return Entry.objects.filter(content_type=date_type())


def dates_path(path: str) -> str:
    """Return where the dates of the page at `path` stand: all in one place."""
    return path + NO_PAGE


def write_dates(page: Entry, dates: Sequence[DateData]) -> None:
    """Bring the dates of the page whose entry is `page`, saved and held, in line with what it says."""
    known = dict(KeyDate.objects.filter(page=page.object_id).values_list("item", "pk"))
    if gone := [pk for item, pk in known.items() if item not in {date.item for date in dates}]:
        date_entries().filter(object_id__in=gone).delete()
        KeyDate.objects.filter(pk__in=gone).delete()
    new = [KeyDate(page_id=page.object_id, item=date.item) for date in dates if date.item not in known]
    known |= {made.item: made.pk for made in KeyDate.objects.bulk_create(new)}
    kept = {entry.object_id: entry for entry in date_entries().filter(object_id__in=known.values())}
    nothing = visibility_id(())
    written = []
    for date in dates:
        fields = _fields(page, date, nothing)
        entry = kept.get(known[date.item])
        if entry is None:
            entry = Entry.objects.create(content_type=date_type(), object_id=known[date.item], **fields)
            EntryText.objects.create(entry=entry)
        elif any(getattr(entry, name) != value for name, value in fields.items()):
            for name, value in fields.items():
                setattr(entry, name, value)
            entry.version += 1
            entry.save()
        else:
            continue  # calendars say when a date last changed
        written.append(entry.pk)
    write_indexes(written)


def _fields(page: Entry, date: DateData, nothing: int) -> dict[str, Any]:
    """Return the fields of the entry of `date`; `nothing` is the visibility that demands nothing."""
    said = {
        "kind": Kind.EVENT, "title": date.label, "summary": page.title, "url": f"{page.url}#{ANCHOR}",
        "starts_at": date.starts_at, "ends_at": date.ends_at, "path": dates_path(page.path), "depth": page.depth + 1,
        "stated_id": nothing, "own_demand_id": nothing,
        "section_id": page.pk if page.kind == Kind.SECTION else page.section_id,
        "extra": {"event_kind": "deadline", "all_day": date.all_day, "page": page.title},
    }  # fmt: skip
    return {**{name: getattr(page, name) for name in OF_THE_PAGE}, **said}


def forget_dates(page: Entry) -> None:
    """Remove the dates of a page that is gone, whose own rows went with it."""
    if page.extra.get("dates"):
        date_entries().at_paths([dates_path(page.path)]).delete()


def follow_paths(parent: str) -> None:
    """Give the dates of the pages below the path `parent` the place of their page, where pages have moved."""
    source = KeyDate.objects.filter(pk=OuterRef("object_id"))
    place = Concat(Subquery(source.values("page__path")), Value(NO_PAGE))
    below = KeyDate.objects.filter(page__path__gt=parent, page__path__lte=parent + LAST_BELOW)
    date_entries().filter(object_id__in=below.values("pk")).exclude(path=place).update(
        path=place, depth=Subquery(source.values("page__depth")) + 1, version=F("version") + 1
    )


def follow_urls(path: str) -> None:
    """Give the dates of the page at `path`, and of those below, the address of their page as its entry has it."""
    source = KeyDate.objects.filter(pk=OuterRef(OuterRef("object_id")))
    pages = Entry.objects.pages().filter(object_id=Subquery(source.values("page")))
    date_entries().below(path).update(
        url=Concat(Subquery(pages.values("url")), Value(f"#{ANCHOR}")), version=F("version") + 1
    )


def follow_languages(paths: Iterable[str], *, shown_in: str) -> None:
    """Let the dates of the pages at `paths` stand in the lists that their pages stand in."""
    date_entries().at_paths([dates_path(path) for path in paths]).update(
        shown_in=shown_in, version=F("version") + 1, updated_at=timezone.now()
    )
