"""Fiches: how to do what one has to do, by need."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.contrib.routable_page.models import path

from audience.middleware import PortalRequest
from content.blocks import StepBlock
from content.dates import key_dates
from content.entry import EntryData, Kind
from content.fields import StreamField
from content.models import PortalPage, RoutedPage
from content.targets import Links
from content.text import body_text
from guidance.answers import Answer as Answer
from guidance.lists import guidance_list
from guidance.needs import Need
from guidance.panels import UsefulnessPanel
from guidance.views import ADDRESS, take_answer
from search.entries import entries_for
from search.related import related_to

MOST_LISTED = 500


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
        reader = request.reader
        guides = entries_for(reader).of_kind(Kind.GUIDANCE).beside(self, language=reader.language).by_title()
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        base = self.get_url(request) or ""
        return context | {"list": guidance_list(guides[:MOST_LISTED], request.GET, reader=reader, base=base)}


class GuidancePage(RoutedPage):
    """A fiche: what to do, step by step, and whom to ask."""

    need = models.ForeignKey(
        Need, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("need")
    )
    steps = StreamField([("step", StepBlock())], blank=True, verbose_name=_("steps"))
    season_from = models.PositiveSmallIntegerField(
        _("timely from"), null=True, blank=True, choices=list(MONTHS.items())
    )
    season_to = models.PositiveSmallIntegerField(
        _("to the end of"), null=True, blank=True, choices=list(MONTHS.items())
    )
    checked_on = models.DateField(
        _("checked on"),
        null=True,
        blank=True,
        help_text=_("When the unit last made sure that all of this holds; shown to readers."),
    )

    content_panels = [
        *PortalPage.content_panels,
        FieldPanel("need"),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("season_from"), FieldPanel("season_to")])],
            heading=_("Season"),
            help_text=_(
                "The months in which it is timely: it then stands on top of its list. It may cross the new year."
            ),
        ),
        FieldPanel("steps"),
        FieldPanel("body"),
    ]
    settings_panels = [*PortalPage.settings_panels, FieldPanel("checked_on"), UsefulnessPanel(heading=_("Usefulness"))]
    parent_page_types = ["guidance.GuidanceIndexPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("guidance page")
        verbose_name_plural = _("guidance pages")

    def clean(self) -> None:
        super().clean()
        if bool(self.season_from) != bool(self.season_to):
            missing = "season_to" if self.season_from else "season_from"
            raise ValidationError({missing: _("A season has a first month and a last one.")})

    @property
    def is_overdue(self) -> bool:
        """Whether the day on which it was to be reviewed has passed."""
        return bool(self.review_on and self.review_on < timezone.localdate())

    def entry(self, **more: Any) -> EntryData:
        need = self.need.label_in(self.locale.language_code) if self.need else ""
        said: dict[str, Any] = {
            "kind": Kind.GUIDANCE,
            "body": "\n".join(filter(None, (need, body_text(self.steps), body_text(self.body)))),
            "extra": {
                "steps": len(self.steps),
                "need": self.need_id,
                "season": [self.season_from, self.season_to] if self.season_from and self.season_to else None,
            },
        }
        return super().entry(**{**said, **more})

    def contents(self, links: Links) -> list[dict[str, str]]:
        steps = [{"text": str(_("Steps")), "anchor": "steps"}] if self.steps else []
        return [*steps, *super().contents(links)]

    def get_context(self, request: PortalRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        at = request.reader.at
        coming = sorted((one for one in key_dates(self.body) if one.ends_at >= at), key=lambda one: one.starts_at)
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | {
            "related": related_to(self, reader=request.reader, alike="need"),
            "next_date": coming[0] if coming else None,
            "has_steps": bool(self.steps) or any(child.block_type == "steps" for child in self.body),
        }

    @path(ADDRESS)
    def useful(self, request: PortalRequest) -> HttpResponse:
        """Take an answer to “Was this useful?”; the question itself stands on the page."""
        return take_answer(request, self) if request.method == "POST" else redirect(self.get_url(request))
