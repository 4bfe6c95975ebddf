"""Fiches: how to do what one has to do, by need."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from audience.middleware import PortalRequest
from audience.names import sort_key
from content.blocks import StepBlock
from content.entry import EntryData, Kind
from content.fields import StreamField
from content.models import PortalPage
from content.targets import Links
from content.text import body_text
from search.entries import entries_for
from search.related import related_to


class GuidanceIndexPage(PortalPage):
    """The guidance of the portal, or of a section, by need."""

    parent_page_types = ["home.HomePage", "sections.SectionPage"]
    subpage_types = ["guidance.GuidancePage"]

    class Meta:
        verbose_name = _("guidance list")
        verbose_name_plural = _("guidance lists")

    def entry(self, **more: Any) -> EntryData:
        return super().entry(kind=Kind.GUIDANCE_INDEX, **more)

    def get_context(self, request: PortalRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        guides = (
            entries_for(request.reader).of_kind(Kind.GUIDANCE).beside(self, language=request.reader.language).by_need()
        )
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | {"entries": guides.page(request.GET.get("page"), size=60)}


class GuidancePage(PortalPage):
    """A fiche: what to do, step by step, and whom to ask."""

    need = models.CharField(
        _("need"), max_length=60, blank=True, help_text=_("In the reader's words: I enrol, I am ill, I go abroad.")
    )
    steps = StreamField([("step", StepBlock())], blank=True, verbose_name=_("steps"))

    content_panels = [*PortalPage.content_panels, FieldPanel("need"), FieldPanel("steps"), FieldPanel("body")]
    parent_page_types = ["guidance.GuidanceIndexPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("guidance page")
        verbose_name_plural = _("guidance pages")

    def entry(self, **more: Any) -> EntryData:
        said: dict[str, Any] = {
            "kind": Kind.GUIDANCE,
            "body": f"{body_text(self.steps)} {body_text(self.body)}".strip(),
            "extra": {"steps": len(self.steps), "need": self.need, "need_order": sort_key(self.need)},
        }
        return super().entry(**{**said, **more})

    def contents(self, links: Links) -> list[dict[str, str]]:
        steps = [{"text": str(_("Steps")), "anchor": "steps"}] if self.steps else []
        return [*steps, *super().contents(links)]

    def get_context(self, request: PortalRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | {"related": related_to(self, reader=request.reader)}
