"""Where entries and what they stand for differ; and bringing them in line again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models import Q
from wagtail.models import Page, get_page_models

from audience.version import touch
from content.models import PortalPage
from search.dates import date_type
from search.engines.dialect import full_text
from search.models import Entry, EntryText, KeyDate
from search.projection import forget_page, project_page
from search.querysets import page_type
from search.records import all_records, project_record, type_of

# What differs is said by the question it answers wrongly.
PARTS = {
    "place": ("path", "depth", "section_id", "in_menu"),
    "address": ("url",),
    "visibility": ("stated_id", "own_demand_id", "visibility_id", "is_reserved", "recommendation_id"),
    "discretion": ("said_discreet", "own_discreet", "discreet"),
    "liveness": ("own_live", "own_live_from", "own_expires_at", "withdrawn", "live_from", "expires_at"),
    "language": ("language", "shown_in", "is_alias", "alias_of", "translation_key"),
}
NOT_PROJECTED = ("id", "version", "synced_version", "updated_at", "popularity")


class Difference(NamedTuple):
    """One way in which an entry is wrong: missing, orphan, one of PARTS, content or index."""

    kind: str
    source: str


class Source(NamedTuple):
    """Something that must have an entry, and what brings that in line."""

    content_type: ContentType
    pk: int
    project: Callable[[int], None]

    @property
    def name(self) -> tuple[int, int]:
        return self.content_type.pk, self.pk

    def __str__(self) -> str:
        return f"{self.content_type.model} {self.pk}"


def sources() -> list[Source]:
    """Return all pages, parents first, then all records."""
    models = [model for model in get_page_models() if issubclass(model, PortalPage) and not model._meta.abstract]
    types = ContentType.objects.get_for_models(*models).values()
    pages = Page.objects.filter(depth__gte=2, content_type__in=types).order_by("path").values_list("pk", flat=True)
    return [
        *(Source(page_type(), pk, project_page) for pk in pages),
        *(Source(type_of(model), pk, partial(project_record, model)) for model, pk in all_records()),
    ]


def orphans(known: list[Source]) -> list[tuple[int, ContentType, int]]:
    """Return the entries (id, content type, source id) whose source is gone."""
    there = {source.name for source in known}
    there |= {(date_type().pk, pk) for pk in KeyDate.objects.values_list("pk", flat=True)}
    types = ContentType.objects.in_bulk()
    rows = Entry.objects.order_by("-path", "pk").values_list("pk", "content_type_id", "object_id")
    return [(pk, types[kind], source) for pk, kind, source in rows.iterator() if (kind, source) not in there]


def remove_orphans(known: list[Source]) -> int:
    """Remove the entries whose source is gone, and index rows without an entry; return how many entries."""
    gone = orphans(known)
    for pk, kind, source in gone:
        if kind == page_type():
            forget_page(source)
        else:
            with transaction.atomic():
                Entry.objects.filter(pk=pk).delete()
                touch()
    _unindexed, left = _index_differences()
    if left:
        with connection.cursor() as cursor:
            full_text(connection.vendor).forget(cursor, left)
    return len(gone)


def differences(known: list[Source]) -> Iterator[list[Difference]]:
    """Yield, for each of `known`, how its entry differs from what it would be now."""
    for source in known:
        yield [Difference(kind, str(source)) for kind in _differs(source)]


def other_differences(known: list[Source]) -> list[Difference]:
    """Return what no source speaks of: entries without one, and index rows too few or too many."""
    unindexed, left = _index_differences()
    return [
        *(Difference("orphan", f"{kind.model} {source}") for _pk, kind, source in orphans(known)),
        *(Difference("index", f"entry {pk}") for pk in [*unindexed, *left]),
    ]


def _index_differences() -> tuple[list[int], list[int]]:
    """Return the entries with a text but no index row, and the index rows without an entry."""
    with connection.cursor() as cursor:
        cursor.execute(full_text(connection.vendor).ids)
        indexed = {row[0] for row in cursor.fetchall()}
    written = set(EntryText.objects.values_list("pk", flat=True))
    return sorted(written - indexed), sorted(indexed - written)


def _differs(source: Source) -> list[str]:
    """Project the source and take it back: nothing tells better what the entry would be."""
    with transaction.atomic():
        before = _rows(source)
        after: Rows = {}
        if source.name in before:
            source.project(source.pk)
            after = _rows(source)
        transaction.set_rollback(True)
    if source.name not in before:
        return ["missing"]
    if source.name not in after:  # deleted since it was listed
        return []
    both = before.keys() & after.keys()
    parts = {_part(field) for name in both for field in before[name] if _changed(field, before[name], after[name])}
    parts |= {"missing"} if after.keys() - before.keys() else set()
    return sorted(parts | ({"orphan"} if before.keys() - after.keys() else set()))


Rows = dict[tuple[int, int], dict[str, Any]]


def _rows(source: Source) -> Rows:
    """Return the entries of the source, its own and those of its key dates, by content type and source id."""
    wanted = Q(content_type=source.content_type, object_id=source.pk)
    if source.content_type == page_type():
        dates = KeyDate.objects.filter(page=source.pk)
        wanted |= Q(content_type=date_type(), object_id__in=dates.values("pk"))
    rows: Any = Entry.objects.filter(wanted).values()
    return {(row["content_type_id"], row["object_id"]): row for row in rows}


def _changed(name: str, before: dict[str, Any], after: dict[str, Any]) -> bool:
    # A page that was never published has no date of publication but the present.
    undated = name == "published_at" and after["withdrawn"]
    return name not in NOT_PROJECTED and not undated and before[name] != after[name]


def _part(name: str) -> str:
    return next((part for part, names in PARTS.items() if name in names), "content")
