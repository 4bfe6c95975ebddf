"""Tags for the portal's templates."""

from __future__ import annotations

from functools import cache
from typing import Any

from django import template
from django.template import Context
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from wagtail.blocks import StreamValue

from search.links import links_for
from search.models import Entry
from search.shared import render_personal, slot

register = template.Library()


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """Show an icon of the sprite; beside words, never instead of them."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("icons.svg"),
        name,
    )


@register.simple_tag(takes_context=True)
def personal(context: Context, name: str, argument: object = "") -> SafeString:
    """Show personal/<name>.html: at once on a page of one's own, in a slot filled last on one that is shared."""
    request = context["request"]
    argument = "" if argument is None else argument  # a page not yet saved, in a preview
    if getattr(request, "sharing", False):
        return mark_safe(slot(name, argument))  # noqa: S308  # a name from a template and a number
    return mark_safe(render_personal(name, request, str(argument)))  # noqa: S308  # a rendered template


@register.simple_tag
def new_mark(entry: Entry) -> SafeString:
    """Leave a slot that tells each reader whether `entry` is new to them: always a slot, so that cards are alike."""
    return mark_safe(slot("new", entry.published_epoch))  # noqa: S308  # a number


@register.simple_tag(takes_context=True)
def body(context: Context, stream: StreamValue) -> SafeString:
    """Show a stream, its links leading only where this reader may go."""
    request = context["request"]
    links = links_for(stream, reader=request.reader)
    shown = {**context.flatten(), "links": links}
    return mark_safe("".join(child.render_as_block(shown) for child in stream))  # noqa: S308  # rendered templates


@register.simple_tag(takes_context=True)
def entries_of(context: Context, chosen: Any, linktype: str) -> list[Any]:
    """Return the entries of the pages or documents an editor chose, those this reader may see, in their order."""
    known = (context.get("links") or {}).get(linktype, {})
    return [known[one.pk] for one in chosen if one is not None and one.pk in known]
