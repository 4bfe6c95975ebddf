"""Actualités: what is new, by whom, for whom."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.db import models
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.routable_page.models import path
from wagtail.snippets.models import register_snippet

from audience.middleware import PortalRequest
from audience.names import Named
from content.entry import EntryData, Kind
from content.models import PortalPage, RoutedPage
from search.entries import entries_for
from search.feeds import feed
from search.related import related_to


@register_snippet
class NewsCategory(Named, models.Model):
    """What sort of news it is: campus life, research, administration …"""

    name = models.CharField(_("name in French"), max_length=60, unique=True)
    name_en = models.CharField(_("name in English"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("news category")
        verbose_name_plural = _("news categories")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class NewsIndexPage(RoutedPage):
    """A list of news: the portal's, or a section's."""

    parent_page_types = ["home.HomePage", "sections.SectionPage"]
    subpage_types = ["news.NewsPage"]

    class Meta:
        verbose_name = _("news list")
        verbose_name_plural = _("news lists")

    def entry(self, **more: Any) -> EntryData:
        return super().entry(kind=Kind.NEWS_INDEX, **more)

    def get_context(self, request: PortalRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        news = self.news(request)
        page = news.newest_first().page(request.GET.get("page"), size=12)
        pinned = list(news.pinned(request.reader.at)[:3]) if page.number == 1 else []
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | {"entries": page, "pinned": pinned}

    def news(self, request: PortalRequest) -> Any:
        """Return the reader's news under the list's parent: a section's own, or the whole portal's on the main list."""
        return entries_for(request.reader).of_kind(Kind.NEWS).beside(self, language=request.reader.language)

    @path("rss/")
    def rss(self, request: PortalRequest) -> HttpResponse:
        return feed(self.news(request).newest_first(), request=request, page=self, syntax="rss")

    @path("atom/")
    def atom(self, request: PortalRequest) -> HttpResponse:
        return feed(self.news(request).newest_first(), request=request, page=self, syntax="atom")


class NewsPage(PortalPage):
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
    parent_page_types = ["news.NewsIndexPage"]
    subpage_types: list[str] = []

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
            "extra": {"category": self.category.name if self.category else ""},
        }
        return super().entry(**{**said, **more})

    def get_context(self, request: PortalRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | {"related": related_to(self, reader=request.reader)}
