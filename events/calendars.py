"""Events as iCalendar (RFC 5545): a file to add, or an address that a calendar asks again and again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from django.utils.text import slugify
from icalendar import Calendar, Event

from audience.middleware import PortalRequest
from events.filters import EventKind
from events.months import last_day
from search.dates import date_type
from search.identity import names_in, portal_settings
from search.models import Entry

ASKED_AGAIN = timedelta(hours=6)


def calendar(entries: Iterable[Entry], *, request: PortalRequest, name: str) -> HttpResponse:
    """Return `entries` as a calendar file. Hours are those of the portal's time zone, which the file describes."""
    made = Calendar()
    made.add("prodid", "-//Parvis//FR")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    portal = names_in(request.reader.language, portal_settings(request.content_version)).name
    made.add("x-wr-calname", f"{name} · {portal}")
    made.add("x-wr-timezone", settings.TIME_ZONE)
    made.add("refresh-interval", ASKED_AGAIN, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", "PT6H")
    host = request.get_host().split(":")[0]
    for entry in entries:
        made.add_component(_event(entry, host=host, address=request.build_absolute_uri(entry.url)))
    made.add_missing_timezones()
    response = HttpResponse(made.to_ical(), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{slugify(name) or settings.PARVIS_NAME.lower()}.ics"'
    return response


def uid(entry: Entry, *, host: str) -> str:
    """Return what names an event in calendars, through renames and moves."""
    return f"{'date' if entry.content_type_id == date_type().pk else 'entry'}-{entry.object_id}@{host}"


def _event(entry: Entry, *, host: str, address: str) -> Event:
    event = Event()
    event.add("uid", uid(entry, host=host))
    event.add("summary", f"{entry.title} ({entry.about})" if entry.about else entry.title)
    event.add("dtstamp", entry.updated_at)
    event.add("last-modified", entry.updated_at)
    if entry.all_day:
        event.add("dtstart", timezone.localdate(entry.starts_at))
        event.add("dtend", last_day(entry) + timedelta(days=1))
    else:
        event.add("dtstart", timezone.localtime(entry.starts_at))
        if entry.ends_at and entry.extra.get("has_end"):
            event.add("dtend", timezone.localtime(entry.ends_at))
    if entry.all_day or entry.extra.get("event_kind") == EventKind.DEADLINE:
        event.add("transp", "TRANSPARENT")  # nobody is busy for it
    if place := entry.extra.get("place"):
        event.add("location", place)
    if entry.summary and not entry.about:
        event.add("description", entry.summary)
    event.add("url", address)
    return event
