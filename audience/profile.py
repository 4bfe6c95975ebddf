"""A reader's profile in one line: the narrowest of their audiences."""

from __future__ import annotations

from audience.models import Audience, Kind
from audience.names import sort_key
from audience.reader import Reader
from audience.version import Kept, Version

_audiences = Kept(lambda: Audience.objects.in_bulk())
ORDER = {kind: number for number, kind in enumerate([Kind.LEVEL, Kind.STATUS, Kind.PROGRAMME, Kind.UNIT, Kind.CAMPUS])}


def audiences_at(version: Version) -> dict[int, Audience]:
    """Return all audiences by id, as of a content version; a process keeps the newest."""
    return _audiences.at(version)


def profile_of(reader: Reader, version: Version) -> list[Audience]:
    """Return the audiences of `reader` that no narrower one of theirs implies, what they study or do first.

    Sensitive ones are left out: a screen is seen by others than its reader.
    """
    known = audiences_at(version)
    mine = [known[pk] for pk in reader.audiences if pk in known]
    implied = {audience.broader_id for audience in mine if not audience.sensitive}
    shown = [audience for audience in mine if audience.pk not in implied and not audience.sensitive]
    return sorted(shown, key=lambda audience: (ORDER.get(Kind(audience.kind), 9), sort_key(audience.label)))
