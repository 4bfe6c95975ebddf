"""Actualités and announcements: what is new, by whom, for whom."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.routable_page.models import re_path
from wagtail.models import Page

from audience.middleware import PortalRequest
from content.entry import EntryData, Kind
from content.models import PortalPage, RoutedPage
from news.categories import NewsCategory as NewsCategory
from news.categories import categories_at
from news.lists import Listing
from news.related import related_news
from search.feeds import feed

# What stands at a list's own addresses: its feeds and its years.
TAKEN = re.compile(r"rss|atom|\d{4}")
LONGEST_TEXT = 500
ANNOUNCED_FOR = timedelta(days=7)


class NewsIndexPage(RoutedPage):
    """A list of news and announcements: the portal's, or a section's."""

    parent_page_types = ["home.HomePage", "sections.SectionPage"]
    subpage_types = ["news.NewsPage", "news.AnnouncementPage"]

    class Meta:
        verbose_name = _("news list")
        verbose_name_plural = _("news lists")

    @property
    def is_of_portal(self) -> bool:
        """Whether this is the portal's own list, which shows what sections publish too."""
        return bool(self.depth == 3)

    def entry(self, **more: Any) -> EntryData:
        return super().entry(kind=Kind.NEWS_INDEX, **more)

    def get_context(
        self, request: PortalRequest, *args: Any, listing: Listing | None = None, **kwargs: Any
    ) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | (listing or Listing(self, request)).context()

    @re_path(r"^(?P<year>(?:19|20|21)\d\d)/$")
    def archive(self, request: PortalRequest, year: str) -> HttpResponse:
        """Show one year; one in which nothing is for this reader is not there."""
        listing = Listing(self, request, year=int(year))
        if listing.is_empty():
            raise Http404
        response: HttpResponse = self.render(request, listing=listing)
        return response

    @re_path(r"^(?:(?P<year>(?:19|20|21)\d\d)/)?(?P<syntax>rss|atom)/$")
    def feed(self, request: PortalRequest, syntax: str, year: str | None = None) -> HttpResponse:
        listing = Listing(self, request, year=int(year) if year else None)
        if listing.year and listing.is_empty():
            raise Http404
        return feed(
            listing.for_feed(),
            request=request,
            page=self,
            syntax=syntax,
            title=listing.title,
            address=listing.address,
            query=listing.query,
        )


class OfNewsList(PortalPage):
    """What stands in a list of news."""

    parent_page_types = ["news.NewsIndexPage"]
    subpage_types: list[str] = []

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        if TAKEN.fullmatch(self.slug):
            raise ValidationError({"slug": _("The list has its own page at this address: choose another.")})


class NewsPage(OfNewsList):
    """An actualité, signed by one unit."""

    published_on = models.DateField(_("date of publication"), default=timezone.localdate)
    category = models.ForeignKey(
        NewsCategory, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("category")
    )
    pinned_until = models.DateTimeField(
        _("pinned until"), null=True, blank=True, help_text=_("Stays on top of its own list until then.")
    )

    content_panels = [
        *PortalPage.content_panels,
        FieldPanel("published_on"),
        FieldPanel("category"),
        FieldPanel("pinned_until"),
        FieldPanel("body"),
    ]

    class Meta:
        verbose_name = _("news")
        verbose_name_plural = _("news")

    @property
    def published_at(self) -> datetime:
        """The instant by which the news is ordered: its first publication if of the day given, else midnight."""
        first: datetime | None = self.first_published_at
        if first and timezone.localdate(first) == self.published_on:
            return first
        midnight: datetime = timezone.make_aware(datetime.combine(self.published_on, time()))
        return midnight

    def entry(self, **more: Any) -> EntryData:
        said: dict[str, Any] = {
            "kind": Kind.NEWS,
            "published_at": self.published_at,
            "pinned_until": self.pinned_until,
            "category": self.category_id,
        }
        return super().entry(**{**said, **more})

    def get_context(self, request: PortalRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        category = categories_at(request.content_version).get(self.category_id or 0)
        return context | {"category": category, "related": related_news(self, reader=request.reader)}


class AnnouncementPage(OfNewsList):
    """An announcement: a few sentences for some days, then it is over by itself."""

    text = models.TextField(
        _("text"), validators=[MaxLengthValidator(LONGEST_TEXT)], help_text=_("At most 500 characters.")
    )

    expire_at: datetime | None  # Wagtail's own

    content_panels = [*Page.content_panels, FieldPanel("text")]
    template = "news/announcement_page.html"

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = pgettext_lazy("several", "announcements")

    def save(self, *args: Any, **kwargs: Any) -> Any:
        # Whoever sets no end, or takes it away, does not mean for ever.
        if self.expire_at is None and kwargs.get("update_fields") is None:
            self.expire_at = timezone.now() + ANNOUNCED_FOR
        return super().save(*args, **kwargs)

    @property
    def last_day(self) -> date | None:
        """The last day on which it is shown, some of the day at least."""
        ends = self.expire_at
        return timezone.localdate(ends - timedelta(microseconds=1)) if ends else None

    def entry(self, **more: Any) -> EntryData:
        said: dict[str, Any] = {
            "kind": Kind.ANNOUNCEMENT,
            "summary": Truncator(" ".join(self.text.split())).chars(280),
            "body": self.text,
        }
        return super().entry(**{**said, **more})


class Opening(models.Model):
    """That an announcement was opened by one of those it is for; `key` tells readers apart and names nobody.

    Written once a reader, removed when the announcement is over (news.openings).
    """

    announcement = models.ForeignKey(AnnouncementPage, on_delete=models.CASCADE, related_name="openings")
    key = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("opening of an announcement")
        verbose_name_plural = _("openings of announcements")
        constraints = [models.UniqueConstraint(fields=["announcement", "key"], name="news_one_opening_a_reader")]

    def __str__(self) -> str:
        return f"{self.announcement_id}"
