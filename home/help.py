"""Whom to ask about a page: its own contact if the reader may see it, else the institution's."""

from __future__ import annotations

import re
from dataclasses import dataclass

from wagtail.models import Page

from audience.reader import Reader
from content.entry import Kind
from search.entries import entries_for, entry_at
from search.models import Entry

REFERENCE = re.compile(r"[\w-]{8,64}", re.ASCII)


@dataclass(frozen=True)
class Helpers:
    """Who helps. Without `about`, only the institution: as for a page that is not there, for one not for the reader."""

    about: Entry | None = None
    unit: str = ""
    contact: str = ""


def helpers_for(address: str, *, reader: Reader) -> Helpers:
    """Return who helps with the page at `address`: the page's own contact, else its section's, else its unit's."""
    about = entry_at(address, reader=reader)
    if about is None:
        return Helpers()
    contact = _contact(about.object_id)
    places = [] if contact else _sections(about, reader)
    for place in places:
        if contact := _contact(place.object_id):
            return Helpers(about, place.unit_name or place.title, contact)
    return Helpers(about, about.unit_name, contact)


def _sections(about: Entry, reader: Reader) -> list[Entry]:
    """Return the section the page stands in, then that of its unit, if the reader may see them."""
    sections = entries_for(reader).of_kind(Kind.SECTION)
    above = list(sections.filter(pk=about.section_id)) if about.section_id else []
    return above + (list(sections.filter(unit=about.unit_id).listed_in(reader.language)[:1]) if about.unit_id else [])


def _contact(pk: int) -> str:
    page = Page.objects.filter(pk=pk).first()
    return str(getattr(page.specific, "contact", "")) if page else ""


def reference(given: str) -> str:
    """Return the id of a request that failed, as the page of the failure gave it; anything else is nothing."""
    return given if REFERENCE.fullmatch(given) else ""
