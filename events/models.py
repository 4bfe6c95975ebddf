"""The agenda: events and deadlines."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.contrib.routable_page.models import re_path

from audience.middleware import PortalRequest
from content.entry import EntryData, Kind
from content.models import PortalPage, RoutedPage
from events.calendars import calendar
from search.entries import entries_for
from search.related import related_to


class EventKind(models.TextChoices):
    """Something one attends, or something one must have done."""

    EVENT = "event", _("Event")
    DEADLINE = "deadline", _("Deadline")


class AgendaPage(RoutedPage):
    """A list of events and deadlines: the portal's, or a section's."""

    parent_page_types = ["home.HomePage", "sections.SectionPage"]
    subpage_types = ["events.EventPage"]

    class Meta:
        verbose_name = _("agenda")
        verbose_name_plural = _("agendas")

    def entry(self, **more: Any) -> EntryData:
        return super().entry(kind=Kind.AGENDA, **more)

    def events(self, request: PortalRequest) -> Any:
        return entries_for(request.reader).of_kind(Kind.EVENT).beside(self, language=request.reader.language)

    def get_context(self, request: PortalRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        at, past = request.reader.at, request.GET.get("past") == "1"
        events = self.events(request)
        shown = events.over(at) if past else events.upcoming(at).event_kind(EventKind.EVENT)
        deadlines = [] if past else list(events.upcoming(at).event_kind(EventKind.DEADLINE)[:8])
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | {
            "entries": shown.page(request.GET.get("page"), size=20),
            "deadlines": deadlines,
            "past": past,
            "query": "past=1&" if past else "",
        }

    @re_path(r"^agenda\.ics/?$")
    def ical(self, request: PortalRequest) -> HttpResponse:
        return calendar(self.events(request).upcoming(request.reader.at)[:200], request=request, name=self.title)


class EventPage(RoutedPage):
    """An event with its place, or a deadline."""

    kind = models.CharField(_("kind"), max_length=10, choices=EventKind.choices, default=EventKind.EVENT)
    starts_at = models.DateTimeField(_("start"))
    ends_at = models.DateTimeField(_("end"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=160, blank=True)
    campus = models.CharField(_("campus"), max_length=60, blank=True)

    content_panels = [
        *PortalPage.content_panels,
        FieldPanel("kind"),
        FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
        FieldRowPanel([FieldPanel("place"), FieldPanel("campus")]),
        FieldPanel("body"),
    ]
    parent_page_types = ["events.AgendaPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("event or deadline")
        verbose_name_plural = _("events and deadlines")

    def clean(self) -> None:
        super().clean()
        if self.starts_at and self.ends_at and self.ends_at < self.starts_at:
            raise ValidationError({"ends_at": _("The end comes before the start.")})

    def entry(self, **more: Any) -> EntryData:
        said: dict[str, Any] = {
            "kind": Kind.EVENT,
            "starts_at": self.starts_at,
            "ends_at": self.ends_at or self.starts_at,
            "campus": self.campus,
            "extra": {"place": self.place, "event_kind": self.kind, "has_end": bool(self.ends_at)},
        }
        return super().entry(**{**said, **more})

    def get_context(self, request: PortalRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | {"related": related_to(self, reader=request.reader)}

    @re_path(r"^agenda\.ics/?$")
    def ical(self, request: PortalRequest) -> HttpResponse:
        return calendar(entries_for(request.reader).of_page(self), request=request, name=self.title)
