"""From A to Z: services, guidance and sections by the first letter of their titles, as far as the reader may know."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby

from audience.names import sort_key
from audience.reader import Reader
from content.entry import Kind
from search.entries import entries_for
from search.models import Entry

KINDS = (Kind.SERVICE, Kind.GUIDANCE, Kind.SECTION)
FIGURES = "0–9"
MOST = 2000


@dataclass(frozen=True)
class Letter:
    """What begins with one letter, accents and case aside, in the order of the language."""

    name: str
    entries: list[Entry] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        return f"letter-{'0' if self.name == FIGURES else self.name}"


@dataclass(frozen=True)
class Letters:
    """The letters under which something stands; `whole` is whether nothing was left out."""

    letters: list[Letter]
    whole: bool


def letters_for(reader: Reader) -> Letters:
    """Return the letters in the reader's language, with what is not translated: one query."""
    entries = entries_for(reader).of_kind(*KINDS).listed_in(reader.language).by_title()
    found = list(entries[: MOST + 1])
    # Read by the database in the order of each title's own language, and put in the reader's.
    sorted_here = sorted(found[:MOST], key=lambda entry: (*place_of(entry.title, reader.language), entry.pk))
    groups = groupby(sorted_here, key=lambda entry: letter_of(entry.title, reader.language))
    return Letters([Letter(name, list(some)) for name, some in groups], whole=len(found) <= MOST)


def place_of(title: str, language: str) -> tuple[bool, str]:
    """Return what a title sorts by: what begins with a figure or a sign comes first, under one heading."""
    key = sort_key(title, language)
    return key[:1].isalpha(), key


def letter_of(title: str, language: str) -> str:
    """Return the letter under which a title stands: “École” under E; in Spanish “Ñandú” under Ñ."""
    key = sort_key(title, language)
    if not key[:1].isalpha():
        return FIGURES
    return "Ñ" if key.startswith("n{") else key[0].upper()
