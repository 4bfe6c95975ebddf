"""What can be chosen to narrow a search, with how much of it the reader would find."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

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


def facets(query: Query, found: Found) -> list[Facet]:
    """Return what can be chosen beside kinds: at most three queries, for names."""
    made = []
    for name, label in LABELS.items():
        counts = found.facets.get(name, {})
        chosen = _chosen(query, name)
        keys = [*chosen, *(key for key in counts if key not in chosen)][:SHOWN]
        names = _names(name, keys)
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


def _names(name: str, keys: list[str]) -> Mapping[str, str | Promise]:
    """Return what readers call these values; one that is no more has no name."""
    if name == "period":
        return {period.value: period.label for period in Period}
    if not keys:
        return {}
    if name == "unit":
        field: Any = Entry._meta.get_field("unit")
        units = field.remote_field.model._default_manager.filter(code__in=keys)
        return {unit.code: unit.name for unit in units}  # a newcomer knows no acronym
    model: Any = Topic if name == "topic" else apps.get_model("events", "Campus")
    return {one.slug: one.label for one in model._default_manager.filter(slug__in=keys)}
