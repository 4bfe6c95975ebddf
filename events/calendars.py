"""Events as iCalendar (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.http import HttpResponse
from django.utils.text import slugify
from icalendar import Calendar, Event

from audience.middleware import PortalRequest
from search.models import Entry


def calendar(entries: Iterable[Entry], *, request: PortalRequest, name: str) -> HttpResponse:
    """Return `entries` as a calendar file; the uid of an event holds through renames and moves."""
    made = Calendar()
    made.add("prodid", "-//Parvis//FR")
    made.add("version", "2.0")
    made.add("x-wr-calname", name)
    for entry in entries:
        event = Event()
        event.add("uid", f"entry-{entry.object_id}@{request.get_host().split(':')[0]}")
        event.add("summary", entry.title)
        event.add("dtstamp", entry.updated_at)
        event.add("dtstart", entry.starts_at)
        if entry.ends_at and entry.extra.get("has_end"):
            event.add("dtend", entry.ends_at)
        if place := entry.extra.get("place"):
            event.add("location", place)
        if entry.summary:
            event.add("description", entry.summary)
        event.add("url", request.build_absolute_uri(entry.url))
        made.add_component(event)
    made.add_missing_timezones()
    response = HttpResponse(made.to_ical(), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{slugify(name) or settings.PARVIS_NAME.lower()}.ics"'
    return response
