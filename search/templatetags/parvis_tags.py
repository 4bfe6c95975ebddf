"""Tags for the portal's templates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any

from django import template
from django.template import Context
from django.template.defaultfilters import date as date_format
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from wagtail.blocks import StreamValue
from wagtail.models import Page

from audience.demands import NOBODY, table
from audience.models import Access
from content.blocks.text import expand
from content.models import PortalPage
from content.outline import TOP
from search.bodies import body_html, links_of
from search.identity import Look, last_settings, look_of, names_in
from search.models import Entry
from search.parts import render_card, render_part
from search.shared import hidden_by, hideable, render_personal, slot

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


@register.filter
def lang_mark(language: str) -> SafeString:
    """Return the attribute that says a text is in `language`, a space before it; nothing if the page around it is."""
    return mark_safe("") if not language or language == get_language() else format_html(' lang="{}"', language)


@register.filter
def month(at: date) -> str:
    """Return the month of a day, shortened, in lower case where the language writes it so."""
    name = str(date_format(at, "N"))
    return name if (get_language() or "").startswith("en") else name.lower()


@register.filter
def prose(source: str) -> SafeString:
    """Show rich text kept in a field; a link to a page of the portal is bare words, since its reader is not asked."""
    return expand(source, {})


@register.simple_tag(takes_context=True)
def card(context: Context, name: str, entry: Entry, **said: object) -> SafeString:
    """Show components/<name>.html of `entry`, with what else is said: {% card "entry_card" entry variant="row" %}."""
    return render_card(name, entry, said, context)


@register.simple_tag
def part(component: str, **said: object) -> SafeString:
    """Show components/<name>.html of what is said, and keep it by that: {% part "brand" names=portal.names %}."""
    return render_part(component, said)


@register.simple_tag(takes_context=True)
def personal(context: Context, name: str, argument: object = "") -> SafeString:
    """Show personal/<name>.html: at once on a page of one's own, in a slot filled last on one that is shared."""
    # Cards are included alone, and keep the request as their context's own; within blocks there is none.
    request = context.get("request") or getattr(context, "request", None)
    if request is None:
        return SafeString()
    argument = "" if argument is None else argument  # a page not yet saved, in a preview
    if getattr(request, "sharing", False):
        return mark_safe(slot(name, argument))  # noqa: S308  # a name from a template and a number
    return mark_safe(render_personal(name, request, str(argument)))  # noqa: S308  # a rendered template


@register.simple_block_tag(takes_context=True)
def hiding(context: Context, content: SafeString, key: int) -> SafeString:
    """Show what stands between this tag and its end unless this browser has hidden `key`."""
    request = context["request"]
    if getattr(request, "sharing", False):
        return mark_safe(hideable(key, content))  # noqa: S308  # rendered, between marks
    return content if str(key) not in hidden_by(request) else SafeString("")


@register.simple_tag
def last_look() -> Look:
    """Return how the portal looked when its settings were last read, for pages that ask the database nothing."""
    return look_of(last_settings())


@register.simple_tag
def last_name() -> str:
    """Show the portal's names as they were last read, for pages that ask the database nothing."""
    return names_in(get_language() or "", last_settings()).whole


@register.simple_tag
def is_reserved(page: Page) -> bool:
    """Return whether audiences, those of `page` as it is being written or those of a page above, keep it for some."""
    if getattr(page, "access", "") == Access.RESERVED:
        return True
    seen = Entry.objects.of_page(page).values_list("visibility_id", flat=True).first() if page.pk else None
    known = table()
    asked = known.visibilities.get(seen or 0, ())
    return any(known.about_audiences(demand) or known.demands[demand] == NOBODY for demand in asked)


@register.simple_tag
def is_discreet(page: Page) -> bool:
    """Return whether `page` is discreet: as it is being written, or by a translation or a page above."""
    return getattr(page, "discreet", False) or Entry.objects.pages().filter(object_id=page.pk, discreet=True).exists()


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
    # Each once: two may have been replaced by the same.
    return list(dict.fromkeys(entry for entry in found if entry is not None))


@register.simple_tag(takes_context=True)
def entry_of(context: Context, chosen: Any, sort: str) -> Any:
    """Return the entry of one page or document (a unit's record); None when it is not for this reader."""
    known = (context.get("links") or {}).get(sort, {})
    return known.get(getattr(chosen, "pk", None))
