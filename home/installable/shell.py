"""What a browser keeps of the portal: an offline page, the home of visitors, and what these two are made of."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape
from django.utils.translation import gettext as _

from content.accent import GROUND, LIGHT, digest
from content.portal_settings import PortalSettings
from home.installable.icons import OWN_ACCENT
from search.identity import look_of, names_in

ASSETS = ("css/portal.css", "icons.svg", "favicon.svg", "js/alerts.js", "js/offline.js")
LONGEST_SHORT = 14


def home_in(language: str) -> str:
    """Return the address of home in a language, whether or not there is one yet."""
    return "/" if language == settings.LANGUAGE_CODE else f"/{language}/"


def icon_address(name: str, version: str) -> str:
    return reverse("portal_icon", args=[name, version])


def manifest(said: PortalSettings, *, language: str) -> dict[str, Any]:
    """Return what a telephone asks before it installs the portal, in `language`."""
    names, version = names_in(language, said), look_of(said).icon_version
    any_size = [(f"{side}x{side}", icon_address(str(side), version), "any") for side in (192, 512)]
    icons = [*any_size, ("512x512", icon_address("maskable", version), "maskable")]
    return {
        "id": "/",
        "name": names.whole,
        "short_name": said.short_name or names.name[:LONGEST_SHORT].strip(),
        "lang": language,
        "dir": "ltr",
        "start_url": home_in(language),
        "scope": "/",
        "display": "standalone",
        "background_color": GROUND[LIGHT],
        "theme_color": said.accent or OWN_ACCENT,
        "icons": [{"src": src, "sizes": sizes, "type": "image/png", "purpose": use} for sizes, src, use in icons],
    }


def shell(said: PortalSettings, *, source: str) -> dict[str, Any]:
    """Return what the worker is told, the same for everyone; its version changes with whatever it keeps."""
    look = look_of(said)
    assets = [*(static(name) for name in ASSETS), *(url for url in (look.accent_url,) if url)]
    assets.append(look.front_url or static("img/front.svg"))
    pages = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            words = {
                "title": _("You are offline."),
                "text": _(
                    "This is the home page as visitors saw it on {date}. It opens again as soon as you are back."
                ),
            }
        pages[code] = {
            "home": home_in(code),
            "offline": reverse("offline", args=[code]),
            "note": {name: str(escape(text)) for name, text in words.items()},
        }
    told = {"first": settings.LANGUAGE_CODE, "assets": assets, "pages": pages}
    helped = (said.phone, said.contact_email, said.address, said.name, said.institution)
    version = digest(source, json.dumps([told, helped, look.logo_url, look.icon_version, str(said.words.raw_data)]))
    return {"version": version, **told}
