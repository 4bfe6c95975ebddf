"""Every entry beside what the rule says of its page."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from wagtail.models import Page

from audience.models import Demand as DemandRow
from audience.models import Visibility
from home.models import Alert
from search.dates import date_type
from search.documents import document_type
from search.models import Entry, KeyDate
from search.querysets import page_type
from search.records import type_of
from services.models import Retirement, ServicePage
from tests.leaks.rule import Demand, Rule


def _said(visibility: int, rows: dict[int, list[int]], clauses: dict[int, Demand]) -> set[Demand]:
    return {clauses[pk] for pk in rows[visibility]}


def differences() -> list[str]:
    """Return a line for each field of each entry that is not what the rule says, for entries without source too."""
    rule = Rule()
    clauses = {
        pk: frozenset(frozenset(clause) for clause in kept)
        for pk, kept in DemandRow.objects.values_list("pk", "clauses")
    }
    rows = dict(Visibility.objects.values_list("pk", "demands"))
    entries = list(Entry.objects.select_related("section"))
    documents = {entry.object_id: entry for entry in entries if entry.content_type_id == document_type().pk}
    dates: dict[int, list[Entry]] = defaultdict(list)
    owners = dict(KeyDate.objects.values_list("pk", "page"))
    for entry in entries:
        if entry.content_type_id == date_type().pk:
            dates[owners.get(entry.object_id, 0)].append(entry)
    alerts = {entry.object_id: entry for entry in entries if entry.content_type_id == type_of(Alert).pk}
    kept = {entry.object_id: entry for entry in entries if entry.content_type_id == page_type().pk}
    retired = set(Retirement.objects.values_list("service", flat=True))
    found = [f"page {pk} is gone, its entry is not" for pk in kept.keys() - rule.pages.keys()]
    found += [f"document {pk} is gone, its entry is not" for pk in documents.keys() - rule.documents.keys()]
    found += [f"alert {pk} is gone, its entry is not" for pk in alerts.keys() - rule.alerts.keys()]
    found += [f"page {pk} is gone, its dates are not" for pk in dates.keys() - rule.pages.keys()]
    for page in rule.pages.values():
        if page.depth == 1:
            continue
        entry = kept.get(page.pk)
        if entry is None:
            found.append(f"page {page.pk} has no entry")
            continue
        parts = page.get_url_parts()
        demands = rule.demands(page)
        expected = {
            "visibility": demands,
            "own": rule.own(page) | (rule.own(rule.line(page)[0]) if page.depth == 2 else set()),
            "discreet": rule.discreet(page),
            "withdrawn": rule.withdrawn(page),
            "live_from": rule.starts(page),
            "expires_at": rule.ends(page),
            "path": page.path,
            "depth": page.depth,
            "url": parts[2] if parts else "",
            "title": page.title,
            "section": rule.section(page),
            "is_reserved": bool(demands),
            "language": page.locale.language_code,
            "is_alias": rule.is_mirror(page),
        }
        actual = {
            **{name: getattr(entry, name) for name in expected if hasattr(entry, name)},
            "visibility": _said(entry.visibility_id, rows, clauses),
            "own": _said(entry.own_demand_id, rows, clauses),
            "section": entry.section.object_id if entry.section else None,
        }
        if page.specific_class is ServicePage:
            source = rule.pages[page.alias_of_id] if page.alias_of_id else page
            expected["kind"] = "retired" if source.translation_key in retired else "service"
            actual["kind"] = entry.kind
        if not entry.is_alias:
            expected["shown_in"], actual["shown_in"] = rule.shown_in(page), set(entry.shown_in.split())
        found += [
            f"page {page.pk} {page.url_path} {name}: {actual[name]!r}, not {value!r}"
            for name, value in expected.items()
            if actual[name] != value
        ]
        found += _dates_differ(page, rule.dates(page), entry, dates[page.pk], section=rule.dates_section(page))
    for document in rule.documents.values():
        entry = documents.get(document.pk)
        if entry is None:
            found.append(f"document {document.pk} has no entry")
        elif _said(entry.visibility_id, rows, clauses) != rule.document_demands(document):
            found.append(f"document {document.pk}: {_said(entry.visibility_id, rows, clauses)!r}")
    for alert in rule.alerts.values():
        entry = alerts.get(alert.pk)
        if entry is None:
            found.append(f"alert {alert.pk} has no entry")
            continue
        below = sorted(str(place.page.translation_key) for place in alert.places.select_related("page"))
        link = str(alert.link.translation_key) if alert.link else ""
        told = (entry.title, entry.extra["below"], entry.extra["link"])
        when = (entry.withdrawn, entry.live_from, entry.expires_at)
        if told != (alert.title, below, link) or when != (False, alert.starts_at, alert.ends_at):
            found.append(f"alert {alert.pk}: {told!r} {when!r}")
        if _said(entry.visibility_id, rows, clauses) != rule.alert_demands(alert):
            found.append(f"alert {alert.pk}: {_said(entry.visibility_id, rows, clauses)!r}")
    return found


# What a date has from its page; the page's own entry has just been compared with the rule.
SAME = (
    "visibility_id", "is_reserved", "withdrawn", "live_from", "expires_at", "recommendation_id", "language", "shown_in",
    "is_alias", "unit_id", "discreet",
)  # fmt: skip


def _dates_differ(
    page: Page, said: list[tuple[str, datetime, datetime]], entry: Entry, dates: list[Entry], *, section: int | None
) -> list[str]:
    """Return a line for each way in which the entries of a page's key dates are not what the page says, and its own."""
    found = []
    listed = sorted((date.title, date.starts_at, date.ends_at) for date in dates)
    if listed != said:
        found.append(f"page {page.pk} {page.url_path} dates: {listed}, not {said}")
    for date in dates:
        wrong = [name for name in SAME if getattr(date, name) != getattr(entry, name)]
        place = (date.path, date.depth, date.url, date.section.object_id if date.section else None)
        if wrong or place != (page.path + "ZZZZ", page.depth + 1, f"{entry.url}#dates", section):
            found.append(f"page {page.pk} {page.url_path} date {date.title}: {wrong} {place}")
    return found
