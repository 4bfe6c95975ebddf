"""What home shows a reader."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from audience.reader import Reader
from content.entry import Kind
from home.alerts import outage_key
from search.entries import both, entries_for, first_of, read_worded
from search.models import Entry, StateLevel
from search.querysets import EntryQuerySet

if TYPE_CHECKING:
    from home.models import HomePage

NEWS, ANNOUNCEMENTS, EVENTS, DEADLINES, SERVICES, GUIDES, OUTAGES, DOORS = 5, 3, 5, 4, 7, 4, 3, 6


def lists_of_home(reader: Reader, section: str) -> dict[str, EntryQuerySet]:
    """Return what is read for home, by name; `section` is the path of the section of the reader's unit, or empty."""
    entries = entries_for(reader).listed_in(reader.language)
    news, announcements = entries.of_kind(Kind.NEWS), entries.of_kind(Kind.ANNOUNCEMENT)
    upcoming = entries.of_kind(Kind.EVENT).meant_for(reader).upcoming(reader.at)
    lists = {
        "pinned": news.meant_for(reader).outside_sections().pinned(reader.at)[:NEWS],
        "events": upcoming.event_kind("event")[:EVENTS],
        "deadlines": upcoming.event_kind("deadline")[:DEADLINES],
        **both("news", news.newest_first(), reader=reader, limit=NEWS),
        **both("announcements", announcements.newest_first(), reader=reader, limit=ANNOUNCEMENTS),
        **both("services", entries.of_kind(Kind.SERVICE).in_tree_order(), reader=reader, limit=SERVICES),
        **both("guides", entries.of_kind(Kind.GUIDANCE).in_tree_order(), reader=reader, limit=GUIDES),
    }
    if reader.signed_in:
        unwell = services_of(reader, entries).in_state(StateLevel.DOWN, StateLevel.DEGRADED, at=reader.at)
        lists["outages"] = unwell.by_title()[:OUTAGES]
    else:
        lists["doors"] = entries.of_kind(Kind.DOOR).in_tree_order()[:DOORS]
    if section:
        inside = entries_for(reader).below(section)
        lists["section_news"] = inside.of_kind(Kind.NEWS).newest_first()[:2]
        lists["section_events"] = inside.of_kind(Kind.EVENT).upcoming(reader.at)[:2]
    return lists


def home_of(reader: Reader, *, home: HomePage) -> dict[str, Any]:
    """Return the lists of home: recommended first, then general, pinned on top. The number of queries is constant."""
    section = section_of(reader)
    read = read_worded(reader, lists_of_home, below=section.path if section else "")
    for entry in read["pinned"]:
        entry.is_recommended = entry.recommendation_id in reader.recommended
    newest = first_of("news", read, limit=NEWS)
    services = first_of("services", read, limit=SERVICES)
    shown: dict[str, Any] = {
        "news": [*read["pinned"], *(entry for entry in newest if entry not in read["pinned"])][:NEWS],
        "announcements": first_of("announcements", read, limit=ANNOUNCEMENTS),
        "events": read["events"],
        "deadlines": read["deadlines"],
        "services": services,
        "guides": first_of("guides", read, limit=GUIDES),
        "often": services[:4],
        "doors": read.get("doors", []),
    }
    if reader.signed_in:
        dated = [*read["events"], *read["deadlines"]]
        mine = [entry for entry in dated if entry.recommendation_id in reader.recommended and entry.starts_at]
        shown["next"] = min(mine, key=lambda entry: entry.starts_at or reader.at, default=None)
        shown["empty"] = not reader.audiences and not reader.units
        shown["outages"] = [{"entry": entry, "key": outage_key(entry)} for entry in read["outages"] if entry.state]
    if section:
        shown |= {"section": section, "section_news": read["section_news"], "section_events": read["section_events"]}
    return shown


def services_of(reader: Reader, entries: EntryQuerySet) -> EntryQuerySet:
    """Keep the services that are the reader's own, of whose failures home speaks: those recommended to them.

    It says so to all of them in the body they share; of one's favourites it speaks to each alone (home.stars).
    """
    return entries.of_kind(Kind.SERVICE).recommended_to(reader)


def section_of(reader: Reader) -> Entry | None:
    """Return the section of the first of the reader's units that has one."""
    if not reader.signed_in or not reader.units:
        return None
    sections = entries_for(reader).of_kind(Kind.SECTION).listed_in(reader.language)
    found = {entry.unit.code: entry for entry in sections.filter(unit__code__in=reader.units) if entry.unit}
    return next((found[code] for code in reader.units if code in found), None)
