"""The page of all components, for those who edit the portal."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from audience.middleware import PortalRequest
from home.styleguide.specimens import groups

EDITS = "wagtailadmin.access_admin"


@dataclass(frozen=True)
class Theme:
    """Colours to look at, and what <html> says of them."""

    name: str
    label: str | Promise
    attribute: str = ""
    value: str = ""


THEMES = [
    Theme("", _("As this device has it")),
    Theme("light", _("Light"), "data-theme", "light"),
    Theme("dark", _("Dark"), "data-theme", "dark"),
    Theme("contrast", _("High contrast"), "data-contrast", "more"),
]


@never_cache
@require_safe
def styleguide(request: PortalRequest) -> HttpResponse:
    """Show every component in each of its states. To who does not edit, there is no such address."""
    if request.reader.seen_as or not request.user.has_perm(EDITS):
        raise Http404
    request.sharing = False  # samples are not kept among the cards of readers
    asked = request.GET.get("theme", "")
    theme = next((theme for theme in THEMES if theme.name == asked), THEMES[0])
    context = {"groups": groups(), "themes": THEMES, "theme": theme, "numbers": count(1)}
    return render(request, "home/styleguide/page.html", context)
