"""The form of the portal's settings: an accent that can be read, and files that are safe to hand out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminModelForm

from content.accent import DARK, HEXADECIMAL, LIGHT, THEMES, Accent, Failure, readable
from content.logos import icon_file, logo_file


def pair_names() -> dict[str, str]:
    """Return what the tokens are called in a message."""
    return {
        "accent": _("accent"),
        "accent-strong": _("darker accent"),
        "accent-soft": _("pale accent"),
        "on-accent": _("words on a button"),
        "ground": _("page"),
        "surface": _("card"),
        "ink": _("text"),
        "ink-soft": _("lighter text"),
        "ink-faint": _("faint text"),
        "on-deep": _("words on a dark ground"),
        "on-deep-soft": _("lighter words on a dark ground"),
        "deep": _("dark ground"),
        "foot": _("foot of pages"),
    }


def accent_errors(light: str, dark: str) -> dict[str, ValidationError]:
    """Return, by field, what makes this accent unusable; `dark` may be empty."""
    errors = {}
    for name, colour in (("accent", light), ("accent_dark", dark)):
        if colour and not HEXADECIMAL.fullmatch(colour):
            errors[name] = ValidationError(_("Give the colour as a # and six digits or letters from a to f: #0b5a4d."))
    if dark and not light:
        errors["accent"] = ValidationError(_("Give the accent colour of the light theme as well."))
    if errors or not light:
        return errors
    failures = Accent.of(light, dark).failures()
    for name, theme in (("accent", LIGHT), ("accent_dark" if dark else "accent", DARK)):
        if found := [pair for pair in failures if pair.theme == theme]:
            errors[name] = ValidationError(_sentence(found, nearest=readable(light if theme == LIGHT else dark, theme)))
    return errors


def _sentence(failures: list[Failure], *, nearest: str) -> str:
    names = pair_names()
    measured = "; ".join(
        _("%(fore)s on %(back)s: %(ratio)s to 1")
        % {"fore": names[pair.fore], "back": names[pair.back], "ratio": f"{pair.measured:.2f}"}
        for pair in failures
    )
    said = _("Too little contrast in the %(theme)s, where 4.5 to 1 is needed: %(measured)s.") % {
        "theme": THEMES[failures[0].theme],
        "measured": measured,
    }
    return f"{said} {_('The nearest that can be read is %(colour)s.') % {'colour': nearest}}" if nearest else said


class PortalSettingsForm(WagtailAdminModelForm):
    """Wagtail's form of the settings. What is uploaded is written anew before it is kept."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("logo", "logo_dark", "icon"):
            if name in self.fields:
                self.fields[name].widget.attrs["accept"] = "image/png" if name == "icon" else ".svg,.png,.webp"

    def _kept(self, name: str) -> Any:
        given = self.cleaned_data.get(name)
        if not isinstance(given, UploadedFile):  # none, the one there was, or the wish to take it away
            return given
        return icon_file(given) if name == "icon" else logo_file(given)

    def clean_logo(self) -> Any:
        return self._kept("logo")

    def clean_logo_dark(self) -> Any:
        return self._kept("logo_dark")

    def clean_icon(self) -> Any:
        return self._kept("icon")

    def clean_words(self) -> Any:
        words = self.cleaned_data.get("words")
        said = [child.value["language"] for child in words or []]
        if len(said) != len(set(said)):
            raise forms.ValidationError(_("Give each language once."))
        return words
