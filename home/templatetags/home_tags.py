"""What the home room gives to every template."""

from __future__ import annotations

from django import template
from django.template import Context
from django.urls import reverse

from home.alerts import AlertsHere
from home.alerts import alerts_here as find

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
