"""What home shows a reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from audience.reader import Reader
from content.entry import Kind
from directory.models import Unit
from home.alerts import outage_key
from home.cards import rows
from home.orders import Order, cards_of
from home.orders import services_of as opening_services
from search.budget import Found, few_of_each, fresh_since, in_tiers, narrowest_first
from search.compiled import compiled
from search.entries import entries_for, read_worded
from search.models import Entry, StateLevel
from search.querysets import EntryQuerySet

NEWS, ANNOUNCEMENTS, EVENTS, DEADLINES, SERVICES, GUIDES, OUTAGES, DOORS = 5, 3, 3, 4, 7, 4, 3, 6
# Read of each tier, since a unit that writes much is not to push the others out.
MANY = 60


def lists_of_home(
    *, reader: Reader, section: str, opening: tuple[UUID, ...], since: datetime
) -> dict[str, EntryQuerySet]:
    """Return what is read for home, by name.

    `section` is the path of the section of the reader's unit, or empty; `opening` the translation keys of the services
    that open home; `since` when what is not old was published.
    """
    entries = entries_for(reader).listed_in(reader.language)
    news = entries.of_kind(Kind.NEWS).published_since(since).newest_first()
    announcements = entries.of_kind(Kind.ANNOUNCEMENT).published_since(since).newest_first()
    services = entries.of_kind(Kind.SERVICE).in_tree_order()
    ahead, begun = entries.of_kind(Kind.EVENT).ahead(reader.at), entries.of_kind(Kind.EVENT).under_way(reader.at)
    lists = {
        "pinned": entries.of_kind(Kind.NEWS).meant_for(reader).outside_sections().pinned(reader.at)[:NEWS],
        "events": ahead.event_kind("event").for_everyone()[: 2 * EVENTS],
        "events, begun": begun.event_kind("event").meant_for(reader)[: 4 * EVENTS],
        "deadlines": ahead.event_kind("deadline").for_everyone()[:DEADLINES],
        "deadlines, begun": begun.event_kind("deadline").meant_for(reader)[: 2 * DEADLINES],
        **in_tiers("news", news, reader=reader, limit=MANY),
        **in_tiers("announcements", announcements, reader=reader, limit=MANY),
        **in_tiers("services", services, reader=reader, limit=2 * SERVICES),
        **in_tiers("guides", entries.of_kind(Kind.GUIDANCE).in_tree_order(), reader=reader, limit=GUIDES),
    }
    if reader.recommended:
        lists["my events"] = ahead.event_kind("event").recommended_to(reader)[: 2 * EVENTS]
        lists["my deadlines"] = ahead.event_kind("deadline").recommended_to(reader)[:DEADLINES]
    if opening:
        lists["opening"] = services.translations_of(opening)[: 2 * SERVICES]
    if reader.signed_in:
        unwell = services_of(reader, entries).in_state(StateLevel.DOWN, StateLevel.DEGRADED, at=reader.at)
        lists["outages"] = unwell.by_title()[:OUTAGES]
    else:
        lists["doors"] = entries.of_kind(Kind.DOOR).in_tree_order()[:DOORS]
    if section:
        inside = entries_for(reader).below(section)
        lists["section_news"] = inside.of_kind(Kind.NEWS).published_since(since).newest_first()[:2]
        lists["section_events"] = inside.of_kind(Kind.EVENT).upcoming(reader.at)[:2]
    return lists


def chosen_for_home(reader: Reader, found: dict[str, list[Found]]) -> dict[str, list[Found]]:
    """Return what home shows of what was found: each list within its budget."""
    my_events, events = _with_begun("events", found)
    my_deadlines, deadlines = _with_begun("deadlines", found)
    opening = found.get("opening", [])
    services = [*opening, *narrowest_first("services", found)]
    return {
        "news": few_of_each(_pinned_first(reader, found), limit=NEWS),
        "announcements": few_of_each(narrowest_first("announcements", found), limit=ANNOUNCEMENTS),
        "events": _soonest(few_of_each([*my_events, *events], limit=EVENTS + 1)),
        "deadlines": _soonest([*my_deadlines, *deadlines])[:DEADLINES],
        "next": _soonest([*my_events, *my_deadlines])[:1],
        "opening": opening,
        "services": list(dict.fromkeys(services))[: max(SERVICES, len(opening))],
        "guides": list(dict.fromkeys(narrowest_first("guides", found)))[:GUIDES],
        **{name: found.get(name, []) for name in ("outages", "doors", "section_news", "section_events")},
    }


def _pinned_first(reader: Reader, found: dict[str, list[Found]]) -> list[Found]:
    """Return one that is pinned on top, the others that are first of their tier, whatever their age."""

    def tier(one: Found) -> int:
        return 0 if one.recommendation in reader.narrow else 1 if one.recommendation in reader.recommended else 2

    pinned = sorted(found["pinned"], key=tier)
    tiers = [found.get("news, narrow", []), found.get("news, wide", []), found["news"]]
    together = [[*(one for one in pinned if tier(one) == number), *some] for number, some in enumerate(tiers)]
    return [*pinned[:1], *(one for some in together for one in some)]


def _with_begun(name: str, found: Mapping[str, list[Found]]) -> tuple[list[Found], list[Found]]:
    """Return what is recommended to the reader and what is for everyone, each the soonest first, what has begun among
    them."""
    begun = found[f"{name}, begun"]
    mine = [*found.get(f"my {name}", []), *(one for one in begun if one.recommendation is not None)]
    return _soonest(mine), _soonest([*found[name], *(one for one in begun if one.recommendation is None)])


def _soonest(found: Sequence[Found]) -> list[Found]:
    return sorted(found, key=lambda one: (one.starts_at, one.pk))


def home_of(reader: Reader, *, orders: Sequence[Order]) -> dict[str, Any]:
    """Return what home shows, by the orders of the reader. The number of queries is constant."""
    section = section_of(reader)
    opening = opening_services(orders)
    read = read_worded(
        lists_of_home,
        choose=lambda found: chosen_for_home(reader, found),
        plan_once=True,
        reader=reader,
        section=section.path if section else "",
        opening=opening,
        since=fresh_since(reader.at),
    )
    places: dict[UUID | None, int] = {key: number for number, key in enumerate(opening)}
    first = sorted(read["opening"], key=lambda entry: places.get(entry.translation_key, 0))[:SERVICES]
    services = [*first, *(entry for entry in read["services"] if entry not in first)][:SERVICES]
    shown: dict[str, Any] = {
        **{name: read[name] for name in ("news", "announcements", "events", "deadlines", "guides")},
        "services": services,
        "often": services[:4],
        "doors": read.get("doors", []),
    }
    if reader.signed_in:
        shown["next"] = next(iter(read["next"]), None)
        shown["empty"] = not reader.audiences and not reader.units
        shown["outages"] = [{"entry": entry, "key": outage_key(entry)} for entry in read["outages"] if entry.state]
    # What comes next stands on its own, above.
    shown["events"] = [entry for entry in shown["events"] if entry != shown.get("next")][:EVENTS]
    if section:
        shown |= {"section": section, "section_news": read["section_news"], "section_events": read["section_events"]}
    return shown | {"rows": rows(cards_of(orders), shown)}


def services_of(reader: Reader, entries: EntryQuerySet) -> EntryQuerySet:
    """Keep the services that are the reader's own, of whose failures home speaks: those recommended to them.

    It says so to all of them in the body they share; of one's favourites it speaks to each alone (home.stars).
    """
    return entries.of_kind(Kind.SERVICE).recommended_to(reader)


def section_of(reader: Reader) -> Entry | None:
    """Return the section of the first of the reader's units that has one, or of the unit those are part of.

    One query: whoever works in a department that keeps no pages is shown those of its faculty.
    """
    if not reader.signed_in or not reader.units:
        return None
    near = _sections_of(reader, reader.units)
    found = {entry.unit.code: entry for entry in near if entry.unit}
    return next((found[code] for code in reader.units if code in found), next(iter(near), None))


@compiled
def _sections_of(reader: Reader, units: tuple[str, ...]) -> EntryQuerySet:
    sections = entries_for(reader).of_kind(Kind.SECTION).listed_in(reader.language)
    above = Unit.objects.filter(code__in=units, parent__isnull=False).values("parent")
    return sections.filter(Q(unit__code__in=units) | Q(unit__in=above)).in_tree_order()
