"""To whom a message goes, and what it says."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from content.portal_settings import PortalSettings
from home.contact.letters import Letter
from search.chrome import name_of
from search.models import Entry


@dataclass(frozen=True)
class Destination:
    """Who reads the message; `name` is empty when it is the institution, `email` when there is nobody to write to."""

    email: str
    name: str = ""


def destination(page: Entry | None, *, said: PortalSettings) -> Destination:
    """Return who answers for `page`, which the reader may see; without an address of theirs, the institution."""
    unit = page.unit if page else None
    return Destination(unit.email, unit.name) if unit and unit.email else Destination(said.contact_email)


@dataclass(frozen=True)
class Message:
    """What a reader wrote. `page_url` is absolute; `given` is where they came from when it is no page they may see."""

    name: str
    email: str
    subject: str
    text: str
    language: str
    portal: str
    page_title: str = ""
    page_url: str = ""
    given: str = ""

    def letter(self, to: Destination) -> Letter:
        """Return the letter to those who answer, in the portal's first language."""
        with translation.override(settings.LANGUAGE_CODE):
            text = render_to_string("home/contact/letter.txt", {"message": self, "language": name_of(self.language)})
        return Letter(to.email, f"[{self.portal}] {self.subject}", text, reply_to=self.email)

    def copy(self, to: str) -> Letter:
        """Return the reader's own copy, in their language."""
        with translation.override(self.language):
            text = render_to_string("home/contact/copy.txt", {"message": self})
        return Letter(to, f"[{self.portal}] {self.subject}", text)
