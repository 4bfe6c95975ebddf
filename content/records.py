"""Records: what is published without being a page, such as a document or an alert, and is an entry all the same."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.db import models

from audience.models import Access, Audience
from content.entry import EntryData


class Recipients(NamedTuple):
    """For whom a record is, as its editors said it."""

    access: str = Access.RECOMMENDED
    audiences: tuple[Audience, ...] = ()


class Liveness(NamedTuple):
    """Whether a record is published, and from when to when; instants are aware."""

    live: bool = True
    starts: datetime | None = None
    ends: datetime | None = None


class Record(models.Model):
    """What search.records projects into an entry whenever it is saved.

    A subclass says what it is and where it stands; unless it says otherwise, it is for everyone, always live, and
    written in the portal's first language. Its room registers it with `search.records.register`.
    """

    class Meta:
        abstract = True

    def entry(self) -> EntryData:
        """Return what the record says of itself."""
        raise NotImplementedError

    def entry_url(self) -> str:
        """Return the address that cards and results lead to."""
        raise NotImplementedError

    def recipients(self) -> Recipients:
        """Return for whom it is."""
        return Recipients()

    def liveness(self) -> Liveness:
        """Return when it is to be seen."""
        return Liveness()

    def entry_language(self) -> str:
        """Return the language its title is written in; it stands in the lists of all."""
        return settings.LANGUAGE_CODE
