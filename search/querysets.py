"""What lists ask of entries. Each method is named after what it keeps and chains."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q
from wagtail.models import Page

from audience.reader import Reader
from content.entry import Kind
from search.paging import EntryPage

if TYPE_CHECKING:
    from search.models import Entry  # noqa: F401  # the queryset's type, below, is read as text

# What cards, menus and feeds print, and what sorts them: half of the columns, and one of the section.
CARD = (
    "content_type_id", "object_id", "language", "shown_in", "is_alias", "kind", "title", "summary", "url", "image",
    "campus", "category", "extra", "published_at", "starts_at", "ends_at", "pinned_until", "path", "depth", "in_menu",
    "translation_key", "is_reserved", "discreet", "recommendation_id", "updated_at", "version",
    "unit__code", "unit__name", "unit__acronym", "section__title",
)  # fmt: skip
# What menus and alerts print of an entry, and what puts them in their places.
NAMED = (
    "object_id", "language", "shown_in", "is_alias", "kind", "title", "summary", "url", "extra", "published_at",
    "ends_at", "path", "depth", "in_menu", "translation_key", "recommendation_id",
)  # fmt: skip
# Treebeard's alphabet ends with Z: nothing below a path sorts after this.
LAST_BELOW = "ZZZZZZZZ"
# Where a list gathers: a path, and the one of the same place in the portal's first language or "".
Places = tuple[str, str]


def page_type() -> ContentType:
    """Return the content type under which every page is an entry, whatever its class."""
    return ContentType.objects.get_for_model(Page)


def places_of(page: Page, *, language: str, up: int = 0) -> Places:
    """Return the place of `page`, or what is `up` steps above it; and, in another language than the portal's first, the
    same place in that one, "" if there is none: one query then."""
    here = page.path[: len(page.path) - up * page.steplen]
    if language == settings.LANGUAGE_CODE:
        return here, ""
    twins = apps.get_model("search", "Entry").objects.filter(
        translation_key=page.translation_key, is_alias=False, language=settings.LANGUAGE_CODE
    )
    path = twins.values_list("path", flat=True).first() or ""
    return here, path[: len(path) - up * page.steplen]


def places_of_list(index: Page, *, language: str) -> Places:
    """Return what a list gathers: its own section, or the whole portal when it stands under home."""
    return ("", "") if index.depth == 3 else places_of(index, language=language, up=1)


class EntryQuerySet(models.QuerySet["Entry"]):
    def visible_to(self, reader: Reader) -> Self:
        """Keep what `reader` may know of now: not withdrawn, in its dates, and of a visibility they meet."""
        return self.filter(visibility_id__in=reader.visible).current(reader.at)

    def current(self, at: datetime) -> Self:
        """Keep what is published at this instant, whoever it is for."""
        return self.filter(withdrawn=False, live_from__lte=at).exclude(expires_at__lte=at)

    def carding(self) -> Self:
        """Load what cards print, so that a list asks once."""
        return self.select_related("unit", "section").only(*CARD)

    def naming(self) -> Self:
        """Load what menus print, less than cards: whatever else is asked of such an entry is a query."""
        return self.select_related(None).only(*NAMED)

    def of_kind(self, *kinds: Kind) -> Self:
        return self.filter(kind__in=kinds) if len(kinds) != 1 else self.filter(kind=kinds[0])

    def not_discreet(self) -> Self:
        """Keep what may be counted, remembered and put forward as something that readers open."""
        return self.filter(discreet=False)

    def of_page(self, page: Page) -> Self:
        return self.filter(content_type=page_type(), object_id=page.pk)

    def of_pages(self, ids: Any) -> Self:
        return self.filter(content_type=page_type(), object_id__in=ids)

    def pages(self) -> Self:
        return self.filter(content_type=page_type())

    def below(self, path: str) -> Self:
        return self.filter(path__gt=path, path__lte=path + LAST_BELOW)

    def listed_in(self, language: str) -> Self:
        """Keep what stands in the lists of `language`: each thing once, in its translation when there is one."""
        return self.filter(shown_in__has=language, is_alias=False)

    def beside(self, index: Page, *, language: str) -> Self:
        """Keep what a list shows: the whole portal for a list that stands under home, else its own section."""
        return self.gathered_at(places_of_list(index, language=language), language=language)

    def gathered_under(self, page: Page, *, language: str) -> Self:
        """Keep what stands below `page`, as `gathered_at` says."""
        return self.gathered_at(places_of(page, language=language), language=language)

    def gathered_at(self, places: Places, *, language: str) -> Self:
        """Keep what stands below the first of two places and, of the second, what is not translated into `language`;
        of no place, what the whole portal lists."""
        here, there = places
        if not here:
            return self.listed_in(language)
        wanted = Q(path__gt=here, path__lte=here + LAST_BELOW)
        if there:
            untranslated = Q(shown_in__has=language, is_alias=False)
            wanted |= Q(path__gt=there, path__lte=there + LAST_BELOW) & untranslated
        return self.filter(wanted)

    def newest_first(self) -> Self:
        return self.order_by("-published_at", "-pk")

    def in_tree_order(self) -> Self:
        """Order as editors do: by the place in the tree."""
        return self.order_by("path")

    def by_title(self) -> Self:
        return self.order_by("sort_title", "pk")

    def pinned(self, at: datetime) -> Self:
        # Planning for any instant, PostgreSQL takes a third of all entries to be pinned after it; it knows how few were
        # ever pinned.
        return self.filter(pinned_until__isnull=False).exclude(pinned_until__lte=at).newest_first()

    def outside_sections(self) -> Self:
        """Keep what stands in the portal's own lists: a pin set in a section holds in that section alone."""
        return self.filter(section=None)

    def published_between(self, first: datetime, after: datetime) -> Self:
        return self.filter(published_at__gte=first, published_at__lt=after)

    def published_since(self, at: datetime) -> Self:
        return self.filter(published_at__gte=at)

    def of_category(self, category: int) -> Self:
        return self.filter(category=category)

    def upcoming(self, at: datetime) -> Self:
        """Keep events that are not over, the next first."""
        return self.filter(ends_at__gte=at).order_by("starts_at", "pk")

    def ahead(self, at: datetime) -> Self:
        """Keep events that begin from then on, the next first: what `upcoming` keeps, but for what is `under_way`.

        Each of the two is found by an index; among thousands, what is not over and comes first is not.
        """
        return self.filter(starts_at__gte=at).order_by("starts_at", "pk")

    def under_way(self, at: datetime) -> Self:
        """Keep events that have begun and are not over."""
        return self.filter(starts_at__lt=at, ends_at__gte=at).order_by("starts_at", "pk")

    def over(self, at: datetime) -> Self:
        """Keep events that are over, the last first."""
        return self.filter(ends_at__lt=at).order_by("-starts_at", "-pk")

    def of_level(self, level: str) -> Self:
        """Keep the alerts of this level."""
        return self.filter(extra__level=level)

    def in_state(self, *levels: str, at: datetime) -> Self:
        """Keep the services that are in one of these states now."""
        return self.filter(extra__state__level__in=levels).exclude(changes_at__lte=at)

    def event_kind(self, kind: str) -> Self:
        return self.filter(extra__event_kind=kind)

    def at_campus(self, campus: str) -> Self:
        """Keep what is held on a campus, and deadlines that no campus is named for: they fall wherever one is."""
        return self.filter(Q(campus=campus) | Q(campus="", extra__event_kind="deadline"))

    def recommended_to(self, reader: Reader) -> Self:
        return self.filter(recommendation_id__in=reader.recommended)

    def narrowly_recommended_to(self, reader: Reader) -> Self:
        """Keep what is recommended to `reader` for more than their status: their unit, their year, their group."""
        return self.filter(recommendation_id__in=reader.narrow)

    def widely_recommended_to(self, reader: Reader) -> Self:
        """Keep what is recommended to `reader` for their status alone."""
        return self.filter(recommendation_id__in=reader.wide)

    def for_everyone(self) -> Self:
        """Keep what is recommended to nobody in particular."""
        return self.filter(recommendation=None)

    def meant_for(self, reader: Reader) -> Self:
        """Keep what is recommended to `reader` or to nobody in particular: not what is meant for others."""
        return self.filter(Q(recommendation=None) | Q(recommendation_id__in=reader.recommended))

    def page(self, number: object, *, size: int) -> EntryPage:
        """Return one page of this list; see EntryPage."""
        return EntryPage(self, number, size=size)

    def sent(self) -> Self:
        """Keep what the search engine has in its present version."""
        return self.filter(synced_version=F("version"))

    def at_paths(self, paths: list[str]) -> Self:
        return self.filter(path__in=paths)

    def translations_of(self, keys: Any) -> Self:
        return self.filter(translation_key__in=keys)

    def between(self, start: datetime, end: datetime) -> Self:
        return self.filter(Q(starts_at__lt=end) & Q(ends_at__gte=start))
