"""What a list of news shows: one category or all, one year or all, each as the reader may see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from audience.middleware import PortalRequest
from content.entry import Kind
from news.categories import ANNOUNCEMENTS, NOTHING, NewsCategory, asked_category, categories_at
from search.entries import STAND_IN, alike, entries_for, not_empty
from search.feeds import LONGEST
from search.models import Entry
from search.querysets import EntryQuerySet

if TYPE_CHECKING:
    from news.models import NewsIndexPage

SIZE, PINNED, ANNOUNCED = 12, 3, 6
DATED = (Kind.NEWS, Kind.ANNOUNCEMENT)  # each asked apart: of both at once, no index gives the newest first
MOST_YEARS = 30


@dataclass(frozen=True)
class Choice:
    """A part of the list to choose."""

    label: str | Promise
    url: str
    current: bool


@dataclass(frozen=True)
class Listing:
    """What `index` lists for the reader of `request`: all, or one category (or the announcements), or one year."""

    index: NewsIndexPage
    request: PortalRequest
    year: int | None = None

    @cached_property
    def _known(self) -> dict[int, NewsCategory]:
        return categories_at(self.request.content_version)

    @cached_property
    def category(self) -> str:
        """The slug asked for, ANNOUNCEMENTS, or "" for all the news.

        A category that holds nothing for this reader is as one that does not exist: NOTHING, which names none.
        """
        asked = asked_category(self.request.GET.get("category", ""), self.request.content_version)
        if asked in {"", ANNOUNCEMENTS, NOTHING}:
            return asked
        return asked if not_empty({asked: self._of(asked).newest_first()}) else NOTHING

    @property
    def query(self) -> str:
        """The part of the address that says the category, "" or "?category=x"."""
        return f"?category={self.category}" if self.category else ""

    @property
    def address(self) -> str:
        own: str = self.index.get_url(self.request)
        return f"{own}{self.year}/" if self.year else own

    def _all(self, kind: Kind) -> EntryQuerySet:
        reader = self.request.reader
        return entries_for(reader).of_kind(kind).beside(self.index, language=reader.language)

    def _of(self, category: str) -> EntryQuerySet:
        """Return the news of a category, or of all, or the announcements, of any year."""
        if category == ANNOUNCEMENTS:
            return self._all(Kind.ANNOUNCEMENT)
        news = self._all(Kind.NEWS)
        if category == NOTHING:
            return news.none()
        chosen = next((pk for pk, one in self._known.items() if one.slug == category), None)
        return news if chosen is None else news.of_category(chosen)

    def _of_year(self, entries: EntryQuerySet) -> EntryQuerySet:
        return entries.published_in(self.year) if self.year else entries

    def news(self) -> EntryQuerySet:
        """Return what is paged, newest first."""
        return self._of_year(self._of(self.category)).newest_first()

    def announcements(self) -> EntryQuerySet:
        """Return the announcements that stand beside the first page of all the news."""
        return self._of_year(self._all(Kind.ANNOUNCEMENT)).newest_first()

    def pinned(self) -> EntryQuerySet:
        """Return what is pinned here: on the portal's own list, not what sections pin on theirs."""
        pinned = self._of(self.category).pinned(self.request.reader.at)
        return pinned.outside_sections() if self.index.is_of_portal else pinned

    def for_feed(self) -> list[Entry]:
        """Return the newest, announcements among them unless one category is asked for."""
        if self.category:
            return list(self.news()[:LONGEST])
        together = [*self.news()[:LONGEST], *self.announcements()[:LONGEST]]
        return sorted(together, key=lambda entry: (entry.published_at, entry.pk), reverse=True)[:LONGEST]

    @property
    def title(self) -> str:
        """The name of this part of the list."""
        named = [str(self.index.title), self._category_label, str(self.year or "")]
        return " · ".join(part for part in named if part)

    @property
    def _category_label(self) -> str:
        if self.category == ANNOUNCEMENTS:
            return str(pgettext_lazy("several", "Announcements"))
        return next((one.label for one in self._known.values() if one.slug == self.category), "")

    def context(self) -> dict[str, Any]:
        """Return what the list's template shows."""
        page = self.news().page(self.request.GET.get("page"), size=SIZE)
        whole = not self.year and page.number == 1
        pinned = list(self.pinned()[:PINNED]) if whole and self.category != ANNOUNCEMENTS else []
        beside = page.number == 1 and not self.category
        categories, years = self._choices()
        return {
            "entries": page,
            "pinned": pinned,
            "announcements": list(self.announcements()[:ANNOUNCED]) if beside else [],
            "categories": categories,
            "years": years,
            "year": self.year,
            "category": self.category,
            "list_title": self.title,
            "list_address": self.address,
            "list_query": self.query,
            "announcements_url": f"?category={ANNOUNCEMENTS}",
            "all_years_url": f"{self.index.get_url(self.request)}{self.query}" if self.year else "",
            "query": f"{self.query[1:]}&" if self.query else "",
        }

    def _choices(self) -> tuple[Sequence[Choice], Sequence[Choice]]:
        """Return the categories and the years in which there is something for this reader: two queries."""
        labels: dict[str, str | Promise] = {one.slug: one.label for one in self._known.values()}
        labels[ANNOUNCEMENTS] = pgettext_lazy("several", "Announcements")
        years = self._years()
        dated = [self._of(self.category)] if self.category else [self._all(kind) for kind in DATED]
        held = not_empty(
            {
                ANNOUNCEMENTS: self._of_year(self._of(ANNOUNCEMENTS)).newest_first(),
                **alike(
                    self._of_year(self._all(Kind.NEWS).of_category(STAND_IN)).newest_first(),
                    {one.slug: pk for pk, one in self._known.items()},
                ),
                **{
                    (year, part): entries.published_in(year).newest_first()
                    for year in years
                    for part, entries in enumerate(dated)
                },
            }
        )
        shown = [slug for slug in labels if slug in held or slug == self.category]
        categories = [Choice(labels[slug], f"?category={slug}", current=slug == self.category) for slug in shown]
        if categories:
            categories.insert(
                0, Choice(pgettext_lazy("every category", "All"), self.address, current=not self.category)
            )
        own: str = self.index.get_url(self.request)
        return categories, [
            Choice(str(year), f"{own}{year}/{self.query}", current=year == self.year)
            for year in years
            if not held.isdisjoint({(year, 0), (year, 1)})
        ]

    def _years(self) -> list[int]:
        """Return the years to look in, the last first."""
        dated = self._all(Kind.NEWS).filter(published_at__isnull=False).order_by("published_at")
        first: datetime | None = dated.values_list("published_at", flat=True).first()
        now = timezone.localtime(self.request.reader.at).year
        # News may be dated ahead of its day; an announcement, which soon ends, is of this year or of the one before.
        oldest = min(now - 1, timezone.localtime(first).year) if first else now - 1
        return list(range(now + 1, max(oldest, now - MOST_YEARS) - 1, -1))

    def is_empty(self) -> bool:
        """Return whether there is nothing in this year for this reader, of whatever category."""
        return not not_empty({kind: self._of_year(self._all(kind)).newest_first() for kind in DATED})
