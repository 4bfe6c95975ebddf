"""Blocks of facts: figures, dates, whom to ask, where it is."""

from __future__ import annotations

import re
from datetime import date, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from content.blocks.addresses import link_address
from content.blocks.base import OptionalBlock, StructBlock
from content.targets import Links

FACTS = _("Figures, dates, contacts and places")


class FigureBlock(StructBlock):
    value = blocks.CharBlock(label=_("Figure"), max_length=20, help_text=_("For example 1 400 or 62 h."))
    label = blocks.CharBlock(label=_("What it counts"), max_length=100)

    class Meta:
        icon = "order"
        label = _("Figure")
        label_format = "{value} {label}"


class FiguresBlock(StructBlock):
    items = blocks.ListBlock(FigureBlock(), label=_("Figures"), min_num=1, max_num=6)

    class Meta:
        icon = "order"
        label = _("Key figures")
        group = FACTS
        label_format = ""
        description = _("One to six figures, each with what it counts.")
        preview_value = {
            "items": [
                {"value": "1 400", "label": _("places to work")},
                {"value": "62 h", "label": _("open each week")},
                {"value": "92 %", "label": _("of readers satisfied")},
            ]
        }
        template = "content/blocks/figures.html"


class KeyDateBlock(StructBlock):
    label = blocks.CharBlock(label=_("What happens"), max_length=160)
    starts_on = blocks.DateBlock(label=_("Day"))
    starts_at = blocks.TimeBlock(label=_("Hour"), required=False)

    class Meta:
        icon = "date"
        label = _("Date")
        label_format = "{starts_on} {label}"


class DatesBlock(StructBlock):
    title = OptionalBlock(label=_("Title"), max_length=120)
    items = blocks.ListBlock(KeyDateBlock(), label=_("Dates"), min_num=1, max_num=30)

    class Meta:
        icon = "date"
        label = _("Key dates")
        group = FACTS
        label_format = "{title}"
        description = _("Days, and hours if need be, each with what happens then.")
        preview_value = {
            "title": _("Calendar of enrolment"),
            "items": [
                {"label": _("Enrolment opens"), "starts_on": date(2027, 7, 1), "starts_at": time(9)},
                {"label": _("Enrolment closes"), "starts_on": date(2027, 9, 30)},
            ],
        }
        template = "content/blocks/dates.html"


class UnitChooserBlock(blocks.ChooserBlock):
    """One of the institution’s units, from a list: they are some hundreds at most."""

    target_model = "directory.Unit"
    sort = "unit"

    @cached_property
    def widget(self) -> forms.Select:
        return forms.Select()

    def value_from_form(self, value: Any) -> Any:
        """Return the unit whose number a list of options sends: none, for its empty line or for what is no number."""
        if isinstance(value, self.model_class):
            return value  # as the field has cleaned it
        return super().value_from_form(int(value) if str(value).isdecimal() and len(str(value)) < 19 else None)

    def get_form_state(self, value: Any) -> Any:
        return blocks.FieldBlock.get_form_state(self, value)  # what a list of options takes, not what a chooser does

    class Meta:
        icon = "group"


class ContactValue(blocks.StructValue):
    @property
    def mail_address(self) -> str:
        return link_address(f"mailto:{self['email']}") if self["email"] else ""

    @property
    def phone_address(self) -> str:
        """The number as telephones dial it; nothing when what is written holds no number."""
        dialled = re.sub(r"[^\d+]", "", self["phone"].replace("(0)", ""))
        return f"tel:{dialled}" if re.fullmatch(r"\+?\d{3,15}", dialled) else ""


class ContactBlock(StructBlock):
    unit = UnitChooserBlock(
        label=_("Unit"), required=False, help_text=_("Its name, and the way to its section, are shown.")
    )
    name = OptionalBlock(label=_("Name of a person or a desk"), max_length=120)
    role = OptionalBlock(label=_("Role"), max_length=160)
    place = OptionalBlock(label=_("Place"), max_length=200)
    hours = OptionalBlock(label=_("Opening hours"), max_length=200)
    phone = OptionalBlock(label=_("Telephone"), max_length=40)
    email = blocks.EmailBlock(label=_("E-mail"), required=False, default="")

    class Meta:
        icon = "user"
        label = _("Contact")
        group = FACTS
        label_format = "{name}"
        value_class = ContactValue
        description = _("Whom to ask, where, when: a unit, or a person or desk, with what you know of it.")
        preview_value = {
            "name": _("Registrar’s office"),
            "role": _("Enrolment and diplomas"),
            "place": _("Main building, ground floor"),
            "hours": _("Monday to Friday, 9 to 17"),
            "phone": "03 00 00 18 10",
            "email": "scolarite@universite.example",
        }
        template = "content/blocks/contact.html"

    def get_searchable_content(self, value: ContactValue) -> list[str]:
        return [*super().get_searchable_content(value), value["email"] or ""]

    def clean(self, value: ContactValue) -> ContactValue:
        cleaned: ContactValue = super().clean(value)
        if not self.is_deferred_validation and not cleaned["unit"] and not cleaned["name"]:
            raise StructBlockValidationError(block_errors={"name": ValidationError(_("Choose a unit or give a name."))})
        return cleaned

    def is_shown(self, value: ContactValue, links: Links) -> bool:
        return bool(value["name"]) or (value["unit"] is not None and value["unit"].pk in links.get("unit", {}))


def _degrees(value: float, ahead: str, behind: str) -> str:
    return f"{number_format(abs(round(value, 5)))}° {ahead if value >= 0 else behind}"


class PlaceValue(blocks.StructValue):
    @property
    def point(self) -> tuple[str, str]:
        """Latitude and longitude as addresses write them: with a full stop, whatever the language."""
        return f"{self['latitude']:.6f}", f"{self['longitude']:.6f}"

    @property
    def coordinates(self) -> str:
        """The coordinates in words."""
        north, south = pgettext("compass", "N"), pgettext("compass", "S")
        east, west = pgettext("compass", "E"), pgettext("compass", "W")
        return f"{_degrees(self['latitude'], north, south)}, {_degrees(self['longitude'], east, west)}"

    @property
    def map_address(self) -> str:
        latitude, longitude = self.point
        return f"https://www.openstreetmap.org/?mlat={latitude}&mlon={longitude}#map=17/{latitude}/{longitude}"

    @property
    def geo_address(self) -> str:
        return "geo:" + ",".join(self.point)


class MapBlock(StructBlock):
    """Where something is, by its coordinates: a card with links to maps, which the portal does not load itself."""

    title = blocks.CharBlock(label=_("Name of the place"), max_length=120)
    address = blocks.TextBlock(label=_("Address"), max_length=300, required=False, default="", rows=2)
    latitude = blocks.FloatBlock(
        label=_("Latitude"), min_value=-90, max_value=90, help_text=_("In degrees, for example 48.8566.")
    )
    longitude = blocks.FloatBlock(
        label=_("Longitude"), min_value=-180, max_value=180, help_text=_("In degrees, for example 2.3522.")
    )

    class Meta:
        icon = "globe"
        label = _("Map of a place")
        group = FACTS
        label_format = "{title}"
        value_class = PlaceValue
        description = _("Where a place is: its address, and links that open a map. Nothing is loaded from elsewhere.")
        preview_value = {
            "title": _("Main building"),
            "address": "1, place de la Mairie",
            "latitude": 48.8566,
            "longitude": 2.3522,
        }
        template = "content/blocks/map.html"

    def is_shown(self, value: PlaceValue, links: Links) -> bool:
        return all(isinstance(value[name], (int, float)) for name in ("latitude", "longitude"))
