"""What the reader's corner of the header asks of sections."""

from __future__ import annotations

from django import template
from django.template import Context

from sections.announcing import may_announce

register = template.Library()


@register.simple_tag(takes_context=True)
def announces(context: Context) -> bool:
    """Return whether the reader may write announcements somewhere."""
    request = context["request"]
    return not request.reader.seen_as and may_announce(request.user)
