"""Tags for the portal's templates."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from django import template
from django.template import Context
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from wagtail.blocks import StreamValue

from content.models import PortalPage
from content.outline import TOP
from search.bodies import body_html, links_of
from search.shared import render_personal, slot

register = template.Library()


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """Show an icon of the sprite; beside words, never instead of them."""
    return format_html(
        '<svg class="icon" width="20" height="20" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
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


@register.simple_tag(takes_context=True)
def body(context: Context, stream: StreamValue, level: int = TOP) -> SafeString:
    """Show a stream, its links leading only where this reader may go, its headings beginning at `level`."""
    request = context["request"]
    links = links_of(request, stream)
    around: dict[str, Any] = dict(context.flatten())  # type: ignore[arg-type]  # names are text
    return body_html(stream, reader=request.reader, links=links, level=level, context=around)


@register.simple_tag(takes_context=True)
def contents(context: Context, page: PortalPage) -> list[dict[str, str]]:
    """Return the table of contents of `page`: the headings of its body that this reader is shown."""
    return page.contents(links_of(context["request"], page.body))


@register.simple_tag(takes_context=True)
def entries_of(context: Context, chosen: Iterable[Any], sort: str) -> list[Any]:
    """Return the entries of the pages or documents an editor chose, those this reader may see, in their order."""
    found = (entry_of(context, one, sort) for one in chosen)
    return list(dict.fromkeys(entry for entry in found if entry is not None))  # two may lead to the same


@register.simple_tag(takes_context=True)
def entry_of(context: Context, chosen: Any, sort: str) -> Any:
    """Return the entry of one page or document (a unit's record); None when it is not for this reader."""
    known = (context.get("links") or {}).get(sort, {})
    return known.get(getattr(chosen, "pk", None))
