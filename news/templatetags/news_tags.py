"""What cards of news ask for."""

from __future__ import annotations

from django import template
from django.template import Context

from news.categories import categories_at, categories_known
from search.models import Entry

register = template.Library()


@register.simple_tag(takes_context=True)
def category_of(context: Context, entry: Entry) -> str:
    """Return the name of the category of a news, in the reader's language; nothing for what has none."""
    if entry.category is None:
        return ""
    # Cards are included alone, and keep the request as their context's own; within blocks there is none.
    request = getattr(context, "request", None)
    version = (request.content_version[0], request.content_version[1]) if request else None
    known = categories_at(version) if version else categories_known()
    return known[entry.category].label if entry.category in known else ""
