"""What an entry is in the index."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from audience.models import Visibility
from search.codes import also_of, codes_of, extensions_of, title_key
from search.elasticsearch.mapping import STEMMED
from search.models import ALWAYS, Entry
from search.words import clean, prepared

LONGEST = {"title": 300, "summary": 2_000, "headings": 10_000, "body": 200_000, "file": 400_000}
LONGEST_CODE = 200


def load(pks: Iterable[int]) -> list[Entry]:
    """Read these entries with all that is sent of them: one query."""
    return list(_whole().filter(pk__in=list(pks)))


def load_after(last: int, most: int) -> list[Entry]:
    """Read the `most` entries that follow the one whose id is `last`, as `load` does."""
    return list(_whole().filter(pk__gt=last)[:most])


def _whole() -> QuerySet[Entry]:
    return Entry.objects.select_related("text", "unit").order_by("pk")


def open_visibilities() -> frozenset[int]:
    """Return the visibilities that demand nothing of anyone."""
    return frozenset(Visibility.objects.filter(demands=[]).values_list("pk", flat=True))


def document(entry: Entry, *, open_to_all: frozenset[int]) -> dict[str, Any]:
    """Return what is sent of `entry`, its text and unit being loaded."""
    text = getattr(entry, "text", None)
    said = {
        "title": entry.title,
        "summary": entry.summary,
        "headings": text.headings if text else "",
        "body": text.body if text else "",
        "file": text.file_text if text else "",
    }
    told = {part: prepared(clean(words[: LONGEST[part]])) for part, words in said.items() if words}
    suffix = f"_{entry.spoken}" if entry.spoken in STEMMED else ""
    unit = f"{entry.unit.name} {entry.unit.acronym}" if entry.unit else ""
    around = (str(entry.extra.get("place", "")), unit, entry.campus, *entry.topics, *entry.identifiers)
    identifiers = [str(one)[:LONGEST_CODE] for one in entry.identifiers]
    made: dict[str, Any] = {
        "id": entry.pk,
        "kind": entry.kind,
        "language": entry.language,
        "shown_in": [] if entry.is_alias else entry.shown_in.split(),
        "visibility": str(entry.visibility_id),
        "recommendation": str(entry.recommendation_id) if entry.recommendation_id else None,
        "withdrawn": entry.withdrawn,
        "live_from": _instant(entry.live_from),
        "expires_at": _instant(entry.expires_at),
        "published_at": _instant(entry.published_at),
        "starts_at": _instant(entry.starts_at),
        "ends_at": _instant(entry.ends_at),
        "unit": entry.unit.code if entry.unit else None,
        "campus": entry.campus or None,
        "topics": list(entry.topics),
        "popularity": entry.popularity,
        "codes": codes_of(entry.title, identifiers),
        "extensions": extensions_of(identifiers),
        "also": also_of(identifiers),
        "whole": title_key(clean(entry.title)),
        "around": prepared(clean("\n".join(around))),
        **{f"{part}{suffix}": words for part, words in told.items()},
    }
    if _may_be_spelled(entry, open_to_all):
        made["spelled"] = " ".join(told.get(part, "")[:2000] for part in ("title", "summary", "headings"))
    return {name: value for name, value in made.items() if value not in (None, "", [])}


def _may_be_spelled(entry: Entry, open_to_all: frozenset[int]) -> bool:
    """Whether its words may be proposed to anyone: it is there for all, from now on and without end."""
    started = entry.live_from == ALWAYS or entry.live_from <= timezone.now()
    return entry.visibility_id in open_to_all and not entry.withdrawn and started and entry.expires_at is None


def _instant(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
