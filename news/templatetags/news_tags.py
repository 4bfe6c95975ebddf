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
    category = entry.extra.get("category")
    if not isinstance(category, int):
        return ""
    request = context.get("request") or getattr(context, "request", None)
    version = request.content_version if request else current_version()
    found = categories_at(version).get(category)
    return found.label if found else ""
