"""Parts of pages as they were rendered: after a publication, most of what a page prints is what it printed before.

A process keeps what it rendered under all that a part prints: what was kept for one reader is what every reader is
shown of whom it says the same. What is personal in it is a slot, filled in last.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import is_dataclass
from datetime import date
from types import NoneType
from typing import Any

from django.template import Context, Engine
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from audience.middleware import PortalRequest
from search.models import Entry

MOST_KEPT = 10_000
PLAIN = (str, int, float, date, NoneType)
_kept: dict[tuple[object, ...], SafeString] = {}


def render_part(name: str, said: Mapping[str, object]) -> SafeString:
    """Return components/<name>.html rendered with what is `said` and nothing else: not even the request.

    What is said is text, numbers, days, dataclasses of these, and lists of any. Raises TypeError for anything else: two
    instances of a model are equal whatever they print.
    """
    key = (name, get_language(), *_all_printed(said))
    return _kept_or_rendered(key, name, said, Context())


def render_card(name: str, entry: Entry, said: Mapping[str, object], context: Context) -> SafeString:
    """Return components/<name>.html rendered with `entry` and what else is `said`, and nothing else of `context`.

    It is kept under the entry's version, which every change of it moves, the names it takes from others, and the day,
    since dates are said in words. On a page that is not shared, what is personal in a card is there at once: it is not
    kept.
    """
    request: Any = context.get("request") or getattr(context, "request", None)
    given = {"entry": entry, **said}
    # A state is what holds now: it ends by itself.
    if not getattr(request, "sharing", False) or entry.extra.get("state"):
        return _rendered(name, given, context)
    names = (entry.unit_name, entry.is_recommended, entry.is_reserved)
    key = (name, entry.pk, entry.version, names, get_language(), _when(request), *_all_printed(said))
    return _kept_or_rendered(key, name, given, context)


def _when(request: PortalRequest) -> tuple[object, ...]:
    """Return what of the moment a card prints: the day, and the version of names that it takes from others."""
    found: tuple[object, ...] | None = request.__dict__.get("_when")
    if found is None:  # a page holds thirty cards
        found = request.__dict__["_when"] = (timezone.localdate().toordinal(), request.content_version.reference)
    return found


def _kept_or_rendered(key: tuple[object, ...], name: str, given: Mapping[str, object], context: Context) -> SafeString:
    found = _kept.get(key)
    if found is None:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        found = _kept[key] = _rendered(name, given, context)
    return found


def _rendered(name: str, given: Mapping[str, object], context: Context) -> SafeString:
    template = Engine.get_default().get_template(f"components/{name}.html")
    return template.render(context.new(dict(given)))


def _all_printed(said: Mapping[str, object]) -> list[object]:
    return [(word, _printed(value)) for word, value in said.items()]


def _printed(value: Any) -> object:
    """Return what tells `value` from all that would print otherwise: with its type, as safe text equals unsafe text."""
    if isinstance(value, PLAIN):
        return type(value), value
    if isinstance(value, list | tuple):
        return tuple([_printed(one) for one in value])
    if is_dataclass(value):
        return type(value), *[_printed(one) for one in vars(value).values()]
    if isinstance(value, Promise):
        return str(value)
    raise TypeError(f"A part is kept by what it prints, and {type(value).__name__} does not say that: give its text")


def forget_parts() -> None:
    """Forget all parts: tests undo what they wrote, and ids and versions come back."""
    _kept.clear()
