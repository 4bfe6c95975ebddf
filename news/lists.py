"""What a list of news shows: one category or all, one year or all, each as the reader may see it."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from audience.middleware import PortalRequest
from audience.reader import Reader
from content.entry import Kind
from news.categories import ANNOUNCEMENTS, NOTHING, NewsCategory, asked_category, categories_at
from search.compiled import Fixed, Statement, compiled_to_sql
from search.entries import entries_for, not_empty, read_worded
from search.feeds import LONGEST
from search.models import Entry
from search.paging import EntryPage, page_number
from search.querysets import EntryQuerySet, Places, places_of_list

if TYPE_CHECKING:
    from news.models import NewsIndexPage

SIZE, PINNED, ANNOUNCED = 12, 3, 6
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
        return asked if not_empty({asked: first_of(**self._part(asked))}, plan_once=False) else NOTHING

    @property
    def query(self) -> str:
        """The part of the address that says the category, "" or "?category=x"."""
        return f"?category={self.category}" if self.category else ""

    @property
    def address(self) -> str:
        own: str = self.index.get_url(self.request)
        return f"{own}{self.year}/" if self.year else own

    @cached_property
    def _places(self) -> Places:
        return places_of_list(self.index, language=self.request.reader.language)

    def _part(self, category: str = "", year: int | None = None) -> dict[str, Any]:
        """Return what `news_of` is given for a category, or for all the news, or the announcements, and a year."""
        since, until = year_of(year) if year else (None, None)
        return {
            "reader": self.request.reader,
            "here": self._places[0],
            "there": self._places[1],
            "kind": Kind.ANNOUNCEMENT if category == ANNOUNCEMENTS else Kind.NEWS,
            "category": next((pk for pk, one in self._known.items() if one.slug == category), None),
            "since": since,
            "until": until,
        }

    def news(self) -> EntryQuerySet:
        """Return what is paged, newest first."""
        news = news_of(**self._part(self.category, self.year))
        return news.none() if self.category == NOTHING else news

    def announcements(self) -> EntryQuerySet:
        """Return the announcements that stand beside the first page of all the news."""
        return news_of(**self._part(ANNOUNCEMENTS, self.year))

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
        number = page_number(self.request.GET.get("page"))
        read = self._read(number)
        if not read["news"] and number > 1:  # past the end: the first page, as EntryPage does
            number, read = 1, self._read(1)
        categories, years = self._choices(next(iter(read["oldest"]), None))
        return {
            "entries": EntryPage.of(read["news"], number, size=SIZE),
            "pinned": read.get("pinned", []),
            "announcements": read.get("announcements", []),
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

    def _read(self, number: int) -> dict[str, list[Entry]]:
        """Return what stands on that page of the list, beside it, and the oldest news: two queries."""
        if self.category == NOTHING:
            return {"news": [], "oldest": []}
        return read_worded(
            lists_of_page,
            choose=dict,
            plan_once=self.index.is_of_portal,
            **self._part(self.category, self.year),
            page=Fixed(number),
            pinned=not self.year and number == 1 and self.category != ANNOUNCEMENTS,
            beside=number == 1 and not self.category,
            of_portal=self.index.is_of_portal,
        )

    def _choices(self, oldest: Entry | None) -> tuple[Sequence[Choice], Sequence[Choice]]:
        """Return the categories and the years in which there is something for this reader: one query."""
        labels: dict[str, str | Promise] = {one.slug: one.label for one in self._known.values()}
        labels[ANNOUNCEMENTS] = pgettext_lazy("several", "Announcements")
        years = self._years(oldest)
        dated = [self.category] if self.category else ["", ANNOUNCEMENTS]
        lists: dict[Hashable, Statement | None] = {slug: first_of(**self._part(slug, self.year)) for slug in labels}
        if self.category != NOTHING:
            lists |= {(year, slug): first_of(**self._part(slug, year)) for year in years for slug in dated}
        held = not_empty(lists, plan_once=self.index.is_of_portal)
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
            if any((year, slug) in held for slug in dated)
        ]

    def _years(self, oldest: Entry | None) -> list[int]:
        """Return the years to look in, the last first."""
        now = timezone.localtime(self.request.reader.at).year
        # News may be dated ahead of its day; an announcement, which soon ends, is of this year or of the one before.
        first = oldest.published_at if oldest else None
        since = min(now - 1, timezone.localtime(first).year) if first else now - 1
        return list(range(now + 1, max(since, now - MOST_YEARS) - 1, -1))

    def is_empty(self) -> bool:
        """Return whether there is nothing in this year for this reader, of whatever category."""
        return not not_empty(
            {slug: first_of(**self._part(slug, self.year)) for slug in ("", ANNOUNCEMENTS)}, plan_once=False
        )


def news_of(
    *,
    reader: Reader,
    here: str,
    there: str,
    kind: Kind,
    category: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> EntryQuerySet:
    """Return the news or the announcements gathered at two places (see `gathered_at`), newest first.

    Each kind apart: of both at once, no index gives the newest first.
    """
    news = entries_for(reader).of_kind(kind).gathered_at((here, there), language=reader.language)
    if category is not None:
        news = news.of_category(category)
    if since and until:
        news = news.published_between(since, until)
    return news.newest_first()


def lists_of_page(
    *, reader: Reader, page: Fixed, pinned: bool, beside: bool, of_portal: bool, **part: Any
) -> dict[str, EntryQuerySet]:
    """Return what is read for a page of a list: one more than it shows, what is pinned, announcements, and the oldest.

    What is pinned on the portal's own list is not what sections pin on theirs.
    """
    news, start = news_of(reader=reader, **part), (page.value - 1) * SIZE
    whole = part | {"kind": Kind.NEWS, "category": None, "since": None, "until": None}
    dated = news_of(reader=reader, **whole).filter(published_at__isnull=False)
    lists = {"news": news[start : start + SIZE + 1], "oldest": dated.order_by("published_at")[:1]}
    if pinned:
        here = news.pinned(reader.at)
        lists["pinned"] = (here.outside_sections() if of_portal else here)[:PINNED]
    if beside:
        lists["announcements"] = news_of(reader=reader, **part | {"kind": Kind.ANNOUNCEMENT})[:ANNOUNCED]
    return lists


@compiled_to_sql
def first_of(**part: Any) -> QuerySet[Any, tuple[Any, ...]]:
    """Ask for the first of `news_of`, to know whether there is one."""
    return news_of(**part).values_list("pk")[:1]


def year_of(year: int) -> tuple[datetime, datetime]:
    """Return when a year of the portal's time zone begins, and when the next does."""
    first, after = (timezone.make_aware(datetime(number, 1, 1)) for number in (year, year + 1))  # noqa: DTZ001
    return first, after
