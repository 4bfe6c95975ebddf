"""Blocks in which the portal speaks of itself: what they print is kept elsewhere and follows it.

They are put in a page like others, among its own words, so that an institution words its pages and its facts stay true.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from content.changes import changes


@dataclass(frozen=True)
class Cookie:
    """A cookie that the portal sets; `lasts` is in seconds."""

    name: str
    purpose: str | Promise
    lasts: int

    @property
    def days(self) -> int:
        return self.lasts // 86_400

    @property
    def minutes(self) -> int:
        return 0 if self.days else self.lasts // 60 % 60

    @property
    def hours(self) -> int:
        return 0 if self.days else self.lasts // 3600


# A room adds its own. All of them are needed to serve what was asked for, so none waits for a consent.
COOKIES = [
    Cookie(
        settings.SESSION_COOKIE_NAME,
        _("Keeps you signed in, or keeps the password you gave for a page."),
        settings.SESSION_COOKIE_AGE,
    ),
    Cookie(settings.CSRF_COOKIE_NAME, _("Keeps others from sending a form in your name."), settings.CSRF_COOKIE_AGE),
]


class HouseBlock(blocks.StaticBlock):
    """A block that asks its editor nothing, and is shown as it is before it is added."""

    class Meta:
        preview_value = None


class LegalBlock(HouseBlock):
    """Publisher, publication director, host, data protection officer, as the settings say."""

    class Meta:
        icon = "doc-full-inverse"
        label = _("Publisher, director, host")
        description = _("Publisher, publication director, host, data protection officer, as the settings say.")
        admin_text = _("From Settings, Portal and institution.")
        template = "content/blocks/legal.html"


class CookiesBlock(HouseBlock):
    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        return context | {"cookies": COOKIES}

    class Meta:
        icon = "table"
        label = _("Cookies that the portal sets")
        description = _("What the portal keeps in a browser, what for and how long.")
        admin_text = _("The list follows the portal itself.")
        template = "content/blocks/cookies.html"


class AccessibilityBlock(HouseBlock):
    class Meta:
        icon = "view"
        label = _("Accessibility statement")
        description = _("How far the portal conforms, according to the latest audit.")
        admin_text = _("From the newest accessibility audit (Snippets).")
        template = "content/blocks/accessibility.html"


class ChangesBlock(HouseBlock):
    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        return context | {"changes": changes(language=get_language() or settings.LANGUAGE_CODE)}

    class Meta:
        icon = "history"
        label = _("What is new in the portal")
        description = _("What changed in the portal, the newest first.")
        admin_text = _("From Snippets, Changes of the portal.")
        template = "content/blocks/changes.html"
