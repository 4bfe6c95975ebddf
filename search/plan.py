"""The plan of the portal: what its pages are and how they stand, as far as the reader may know of them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings

from audience.reader import Reader
from content.entry import Kind
from search.chrome import HOME_DEPTH, is_offered
from search.entries import entries_for
from search.locks import STEP
from search.models import Entry

# What holds the portal together: news, events and the rest are found in their lists.
STRUCTURE = (
    Kind.HOME, Kind.DOOR, Kind.PAGE, Kind.NEWS_INDEX, Kind.AGENDA, Kind.GUIDANCE_INDEX, Kind.CATALOGUE,
    Kind.SECTIONS, Kind.SECTION,
)  # fmt: skip
DEEPEST = HOME_DEPTH + 3
MOST = 800


@dataclass
class Branch:
    """A page and those below it."""

    entry: Entry
    below: list[Branch] = field(default_factory=list)


@dataclass(frozen=True)
class Plan:
    """`branches` stand under home; `whole` is whether nothing was left out."""

    home: Entry | None
    branches: list[Branch]
    whole: bool


def plan_for(reader: Reader) -> Plan:
    """Return the plan in the reader's language, with what only the portal's first has: a query for each of the two."""
    structure = entries_for(reader).of_kind(*STRUCTURE).filter(depth__lte=DEEPEST, is_alias=False).in_tree_order()
    own, first = (
        list(structure.filter(language=language)[: MOST + 1]) if language else []
        for language in (reader.language, settings.LANGUAGE_CODE if reader.language != settings.LANGUAGE_CODE else "")
    )
    keys = {entry.path: entry.translation_key for entry in [*own, *first]}
    shown = [*own[:MOST], *(entry for entry in first[:MOST] if is_offered(entry, reader.language))]
    below: dict[UUID | None, list[Entry]] = defaultdict(list)
    home = None
    for entry in shown:
        if entry.depth == HOME_DEPTH:
            home = home or entry
        else:
            # The page above may stand in the plan in another language than the one it stands above in.
            below[keys.get(entry.path[:-STEP])].append(entry)

    def branches(key: UUID | None) -> list[Branch]:
        return [Branch(entry, branches(entry.translation_key)) for entry in below.pop(key, [])]

    return Plan(home, branches(home.translation_key if home else None), whole=max(len(own), len(first)) <= MOST)
