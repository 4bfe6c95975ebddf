"""The agenda: events and deadlines."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.contrib.routable_page.models import re_path

from audience.middleware import PortalRequest
from content.dates import whole_days
from content.entry import EntryData, Kind
from content.models import PortalPage, RoutedPage
from events.calendars import calendar
from events.campuses import Campus
from events.filters import EventKind, Filters
from events.months import Month, days_of, nearest_with_events
from search.entries import entries_for
from search.models import Entry
from search.querysets import EntryQuerySet
from search.related import related_to

DEADLINES_BESIDE = 8
MOST_IN_A_MONTH = 500
MOST_IN_A_CALENDAR = 500


class AgendaPage(RoutedPage):
    """A list of events and deadlines: the portal's, or a section's; as a list of what comes, or month by month."""

    parent_page_types = ["home.HomePage", "sections.SectionPage"]
    subpage_types = ["events.EventPage"]

    class Meta:
        verbose_name = _("agenda")
        verbose_name_plural = _("agendas")

    def entry(self, **more: Any) -> EntryData:
        return super().entry(kind=Kind.AGENDA, **more)

    def events(self, request: PortalRequest) -> EntryQuerySet:
        return entries_for(request.reader).of_kind(Kind.EVENT).beside(self, language=request.reader.language)

    def get_context(self, request: PortalRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        base, today = self.get_url(request) or "", timezone.localdate(request.reader.at)
        campuses = list(Campus.objects.all())
        asked = Filters.parse(request.GET, campuses=campuses)
        undated = replace(asked, past=False)
        month: Month | None = kwargs.get("month")
        shown: dict[str, Any] = super().get_context(request, *args, **kwargs)
        if month:
            here, asked = month.address(base), undated
            shown |= self._month(request, month, asked, today)
        else:
            here = base
            shown |= self._list(request, asked)
        return shown | {
            "asked": asked,
            "kinds": asked.kinds(here),
            "campuses": asked.places(here, campuses),
            "list_url": undated.address(base),
            "month_url": undated.address(Month.of(today).address(base)),
            "past_url": replace(asked, past=True).address(base),
            "deadlines_url": replace(undated, kind=EventKind.DEADLINE.value).address(base),
            "calendar_url": undated.address(f"{base}agenda.ics"),
        }

    def _list(self, request: PortalRequest, asked: Filters) -> dict[str, Any]:
        events, at = self.events(request), request.reader.at
        shown = coming = asked.keep(events.over(at) if asked.past else events.upcoming(at))
        deadlines: list[Entry] = []
        if not asked.past and not asked.kind:
            shown = coming.event_kind(EventKind.EVENT)
            deadlines = list(coming.event_kind(EventKind.DEADLINE)[: DEADLINES_BESIDE + 1])
        return {
            "entries": shown.page(request.GET.get("page"), size=20),
            "deadlines": deadlines[:DEADLINES_BESIDE],
            "more_deadlines": len(deadlines) > DEADLINES_BESIDE,
            "query": f"{query}&" if (query := asked.query()) else "",
        }

    def _month(self, request: PortalRequest, month: Month, asked: Filters, today: date) -> dict[str, Any]:
        base, events = self.get_url(request) or "", asked.keep(self.events(request))
        entries = list(events.between(*month.bounds).order_by("starts_at", "pk")[: MOST_IN_A_MONTH + 1])
        days = days_of(month, entries[:MOST_IN_A_MONTH], today=today)
        held = any(day.shown for day in days)
        nearest = None if held else nearest_with_events(events, month, today=today)

        def link(to: Month) -> dict[str, Any] | None:
            return {"first": to.first, "url": asked.address(to.address(base))} if to.is_near(today) else None

        return {
            "month": month,
            "weekdays": list(WEEKDAYS_ABBR.values()),
            "days": days,
            "held": held,
            "too_many": len(entries) > MOST_IN_A_MONTH,
            "preceding": link(month.preceding),
            "following": link(month.following),
            "nearest": link(nearest) if nearest else None,
            "is_present": month == Month.of(today),
        }

    @re_path(r"^(\d{4})/(\d{2})/$")
    def month(self, request: PortalRequest, year: str, number: str) -> TemplateResponse:
        """Show one month. Far from now there is none, so that nobody asks for one after another without end."""
        month = Month(int(year), int(number))
        if not month.is_near(timezone.localdate(request.reader.at)):
            raise Http404
        context = self.get_context(request, month=month)
        return TemplateResponse(request, "events/agenda_month.html", context)

    @re_path(r"^agenda\.ics/?$")
    def ical(self, request: PortalRequest) -> HttpResponse:
        """Return what is to come, narrowed as the list is."""
        asked = Filters.parse(request.GET, campuses=list(Campus.objects.all()))
        events = asked.keep(self.events(request).upcoming(request.reader.at))
        return calendar(events[:MOST_IN_A_CALENDAR], request=request, name=self.title)


class EventPage(RoutedPage):
    """An event with its place, or a deadline. At midnight, its start and its end are days: no hour is said."""

    kind = models.CharField(_("kind"), max_length=10, choices=EventKind.choices, default=EventKind.EVENT)
    starts_at = models.DateTimeField(_("start"), help_text=_("At midnight: a whole day, whose hour is not said."))
    ends_at = models.DateTimeField(_("end"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=160, blank=True)
    campus = models.ForeignKey(
        Campus, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("campus")
    )

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

    @property
    def all_day(self) -> bool:
        return all(timezone.localtime(at).time() == time() for at in (self.starts_at, self.ends_at) if at)

    def entry(self, **more: Any) -> EntryData:
        start, end = self.starts_at, self.ends_at or self.starts_at
        if self.all_day:
            start, end = whole_days(timezone.localdate(start), timezone.localdate(end))
        said: dict[str, Any] = {
            "kind": Kind.EVENT,
            "starts_at": start,
            "ends_at": end,
            "campus": self.campus.slug if self.campus else "",
            "extra": {
                "place": self.place,
                "event_kind": self.kind,
                "has_end": bool(self.ends_at),
                "all_day": self.all_day,
            },
        }
        return super().entry(**{**said, **more})

    def get_context(self, request: PortalRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | {"related": related_to(self, reader=request.reader)}

    @re_path(r"^agenda\.ics/?$")
    def ical(self, request: PortalRequest) -> HttpResponse:
        return calendar(entries_for(request.reader).of_page(self), request=request, name=self.title)
