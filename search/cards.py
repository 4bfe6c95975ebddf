"""Cards as they were rendered: after a publication, most of the cards of a page are those of before.

A process keeps what it rendered under all that a card prints: the entry and its version, which every change of it
moves, the names it takes from others, the language, and the day, since dates are said in words. What is personal in it
is a slot, filled in last.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.template import Context, Template
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from search.models import Entry

MOST_KEPT = 10_000
_kept: dict[tuple[object, ...], SafeString] = {}


def render_card(template: Template, entry: Entry, said: Mapping[str, object], context: Context) -> SafeString:
    """Return `template` rendered with `entry` and what else is `said`, and nothing else of `context`.

    On a page that is not shared, what is personal in a card is there at once: it is not kept.
    """
    request: Any = context.get("request") or getattr(context, "request", None)
    # A state is what holds now: it ends by itself.
    if not getattr(request, "sharing", False) or entry.extra.get("state"):
        return _rendered(template, entry, said, context)
    names = (entry.unit_name, entry.is_recommended, entry.is_reserved)
    when = (timezone.localdate().toordinal(), request.content_version.reference)
    key = (template.name, entry.pk, entry.version, names, get_language(), when, tuple(said.items()))
    found = _kept.get(key)
    if found is None:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        found = _kept[key] = _rendered(template, entry, said, context)
    return found


def _rendered(template: Template, entry: Entry, said: Mapping[str, object], context: Context) -> SafeString:
    return template.render(context.new({"entry": entry, **said}))


def forget_cards() -> None:
    """Forget all cards: tests undo what they wrote, and ids and versions come back."""
    _kept.clear()
