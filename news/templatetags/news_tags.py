"""What cards of news ask for."""

from __future__ import annotations

from django import template
from django.template import Context

from audience.version import current_version
from news.categories import categories_at
from search.models import Entry

register = template.Library()


@register.simple_tag(takes_context=True)
def category_of(context: Context, entry: Entry) -> str:
    """Return the name of the category of a news, in the reader's language; nothing for what has none."""
    if entry.category is None:
        return ""
    # Cards are included alone, and keep the request as their context's own; within blocks there is none.
    request = context.get("request") or getattr(context, "request", None)
    known = categories_at(request.content_version if request else current_version())
    return known[entry.category].label if entry.category in known else ""
