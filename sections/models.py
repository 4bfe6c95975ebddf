"""Sections: a department's home."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from audience.middleware import PortalRequest
from content.entry import EntryData, Kind
from content.models import PortalPage
from search.entries import entries_for


class SectionsIndexPage(PortalPage):
    """All sections."""

    parent_page_types = ["home.HomePage"]
    subpage_types = ["sections.SectionPage"]

    class Meta:
        verbose_name = _("list of sections")
        verbose_name_plural = _("lists of sections")

    def entry(self, **more: Any) -> EntryData:
        return super().entry(kind=Kind.SECTIONS, **more)

    def get_context(self, request: PortalRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        language = request.reader.language
        sections = entries_for(request.reader).of_kind(Kind.SECTION).gathered_under(self, language=language).by_title()
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | {"entries": sections.page(request.GET.get("page"), size=60)}


class SectionPage(PortalPage):
    """A department's home, with its own news, agenda, guidance, services and pages under it."""

    content_panels = [*PortalPage.content_panels, FieldPanel("body")]
    parent_page_types = ["sections.SectionsIndexPage"]
    subpage_types = [
        "content.StandardPage",
        "news.NewsIndexPage",
        "events.AgendaPage",
        "guidance.GuidanceIndexPage",
        "services.CataloguePage",
    ]

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")

    def entry(self, **more: Any) -> EntryData:
        return super().entry(kind=Kind.SECTION, **more)

    def get_context(self, request: PortalRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        entries = entries_for(request.reader).gathered_under(self, language=request.reader.language)
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | {
            "news": list(entries.of_kind(Kind.NEWS).newest_first()[:5]),
            "events": list(entries.of_kind(Kind.EVENT).upcoming(request.reader.at)[:5]),
            "services": list(entries.of_kind(Kind.SERVICE).by_title()[:8]),
            "guides": list(entries.of_kind(Kind.GUIDANCE).by_title()[:6]),
            "section_menu": list(entries.menu_of(self)),
        }
