"""What the home room gives to every template."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context, Engine
from django.urls import reverse
from django.utils.safestring import SafeString

from home.alerts import AlertsHere
from home.alerts import alerts_here as find
from home.favourites import MOST_SUGGESTED
from home.stars import NOT_NOW
from home.styleguide.rendering import with_own_ids
from home.styleguide.specimens import BlockSpecimen
from search.models import Entry

register = template.Library()


@register.simple_tag(takes_context=True)
def alerts_here(context: Context) -> AlertsHere:
    """Return what stands above this page."""
    return find(context["chrome"])


@register.simple_tag(takes_context=True)
def poll_url(context: Context) -> str:
    """Return where the page asks for emergencies; nowhere in See as, where another moment may be seen."""
    reader = context["reader"]
    return "" if reader.seen_as else reverse("urgent", args=[reader.language])


@register.simple_tag(takes_context=True)
def shown(context: Context, name: str, given: dict[str, Any]) -> SafeString:
    """Show the template `name` given this, its ids made its own: the same may stand many times on a page."""
    with context.push(**given):
        html = Engine.get_default().get_template(name).render(context)
    return with_own_ids(html, number=next(context["numbers"]))


@register.simple_tag(takes_context=True)
def shown_block(context: Context, one: BlockSpecimen) -> str:
    """Show a block of a page, as it is before it is added."""
    return one.render({"request": context["request"], "portal": context["portal"]})


@register.inclusion_tag("components/keep_these.html", takes_context=True)
def favourites_offer(context: Context, services: list[Entry]) -> dict[str, object]:
    """Show the offer to keep the services recommended to the reader among these; hidden from who keeps something."""
    recommended = [entry for entry in services if entry.is_recommended][:MOST_SUGGESTED]
    return {"services": recommended, "not_now": NOT_NOW}
