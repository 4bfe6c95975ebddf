"""The home page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from audience.middleware import PortalRequest
from content.entry import EntryData, Kind
from content.models import PortalPage
from home.services import home_of


class HomePage(PortalPage):
    """The front door, in one language."""

    content_panels = [*PortalPage.content_panels, FieldPanel("body")]
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "content.StandardPage",
        "news.NewsIndexPage",
        "events.AgendaPage",
        "guidance.GuidanceIndexPage",
        "services.CataloguePage",
        "sections.SectionsIndexPage",
    ]

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def entry(self, **more: Any) -> EntryData:
        return super().entry(kind=Kind.HOME, **more)

    def get_context(self, request: PortalRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | home_of(request.reader, home=self)
