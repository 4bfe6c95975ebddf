"""The reader as a value: who is looking. Code below the views never sees the request."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from django.utils import timezone

Position = frozenset[int]
NOWHERE: Position = frozenset()


@dataclass(frozen=True, slots=True)
class Reader:
    """Who is looking. Anonymous readers have no audience; nothing below a view knows the request.

    `positions` holds the audience ids of each enrolment and post, those of the person and the broader ones included.
    """

    positions: tuple[Position, ...] = (NOWHERE,)
    units: tuple[str, ...] = ()  # SUPANN codes, the main one first
    groups: frozenset[int] = frozenset()
    passed: frozenset[int] = frozenset()  # password restrictions whose password was given in this session
    opened: frozenset[int] = frozenset()  # the same of collections, for documents
    signed_in: bool = False
    visible: tuple[int, ...] = ()  # ids of the visibilities whose demands this reader meets
    recommended: tuple[int, ...] = ()  # ids of the demands of recommendations this reader meets
    narrow: tuple[int, ...] = ()  # those of them that ask more than a status: a unit, a year, a group
    language: str = "fr"
    at: datetime = field(default_factory=timezone.now)  # the moment seen: later or earlier in See as
    seen_as: Literal["", "narrowed", "chosen"] = ""

    @property
    def audiences(self) -> Position:
        """All audiences of the reader, whatever the position."""
        return NOWHERE.union(*self.positions)

    @property
    def wide(self) -> tuple[int, ...]:
        """The recommendations this reader meets by their status alone."""
        return tuple(demand for demand in self.recommended if demand not in self.narrow)

    @property
    def signature(self) -> tuple[object, ...]:
        """What a shared body may depend on: readers of one signature are shown the same."""
        known = bool(self.audiences)  # home says so to whom no rule matches
        return (self.visible, self.recommended, self.units, self.signed_in, known, self.language)

    def speaking(self, language: str) -> Reader:
        """Return this reader in another language."""
        return self if language == self.language else replace(self, language=language)


def parse_positions(text: str) -> tuple[Position, ...]:
    """Return the positions kept as JSON text, a list of lists of audience ids; none is one without audience."""
    return tuple(frozenset(position) for position in json.loads(text)) or (NOWHERE,)
