"""What can be chosen to narrow a search, with how much of it the reader would find."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audience.version import Kept, Version, current_version
from content.models import Topic
from search.engines.base import FACETS, Found
from search.models import Entry
from search.query import Period, Query, Sort

LABELS = {"unit": _("Unit"), "topic": _("Topic"), "campus": _("Campus"), "period": _("Period")}
SHOWN = 12  # values of one facet


@dataclass(frozen=True)
class Value:
    """A value to choose, or to give up when it is chosen."""

    label: str | Promise
    count: int
    url: str
    current: bool


@dataclass(frozen=True)
class Facet:
    name: str
    label: str | Promise
    values: tuple[Value, ...]


def facets(query: Query, found: Found, version: Version | None = None) -> list[Facet]:
    """Return what can be chosen beside kinds, in the reader's language; names are of `version`, or of now."""
    known, made = _known.at(version or current_version()), []
    for name, label in LABELS.items():
        counts = found.facets.get(name, {})
        chosen = _chosen(query, name)
        by_size = [*chosen, *(key for key in counts if key not in chosen)][:SHOWN]
        keys = [key for key in Period.values if key in by_size] if name == "period" else by_size
        names = _names(name, keys, known)
        values = tuple(
            Value(names[key], counts.get(key, 0), f"?{_toggled(query, name, key).as_address()}", key in chosen)
            for key in keys
            if key in names
        )
        # One value that everything has tells nothing.
        if chosen or len(values) > 1 or (values and values[0].count < found.count(query.kinds)):
            made.append(Facet(name, label, values))
    return made


def orders(query: Query) -> list[Mapping[str, Any]]:
    """Return the orders to choose from, as components/choices.html asks them."""
    return [
        {
            "label": sort.label,
            "url": f"?{replace(query, sort=sort, page=1).as_address()}",
            "current": sort == query.sort,
        }
        for sort in Sort
    ]


def _chosen(query: Query, name: str) -> tuple[str, ...]:
    if name == "period":
        return (query.period.value,) if query.period else ()
    values: tuple[str, ...] = getattr(query, FACETS[name])
    return values


def _toggled(query: Query, name: str, key: str) -> Query:
    """Return the same question with a value chosen, or given up. One period holds, values of the rest add up."""
    if name == "period":
        return replace(query, period=None if query.period == key else Period(key), page=1)
    values = _chosen(query, name)
    values = tuple(value for value in values if value != key) if key in values else (*values, key)
    chosen: dict[str, Any] = {FACETS[name]: values}
    return replace(query, page=1, **chosen)


def _names(name: str, keys: list[str], known: Mapping[str, Mapping[str, Any]]) -> Mapping[str, str | Promise]:
    """Return what readers call these values; one that is no more has no name."""
    if name == "period":
        return {period.value: period.label for period in Period}
    if name == "unit":
        return known[name]
    return {key: known[name][key].label for key in keys if key in known[name]}


def _load() -> dict[str, dict[str, Any]]:
    """Return the names of all units by code, as a newcomer knows no acronym, and topics and campuses by slug."""
    field: Any = Entry._meta.get_field("unit")
    named: dict[str, Any] = {"topic": Topic, "campus": apps.get_model("events", "Campus")}
    return {
        "unit": dict(field.remote_field.model._default_manager.values_list("code", "name")),
        **{name: {one.slug: one for one in model._default_manager.all()} for name, model in named.items()},
    }


_known = Kept(_load)
