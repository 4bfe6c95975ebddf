"""Where the index and entries differ, and bringing them in line again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F
from elastic_transport import TransportError
from elasticsearch import ApiError, NotFoundError

from search.elasticsearch.connection import live_alias, patient
from search.elasticsearch.documents import load
from search.elasticsearch.sending import IndexMissingError, UnreachableError, deletions, put, writings
from search.models import Entry, Gone, Unsendable

CHUNK = 1000


@dataclass
class Drift:
    """The entries that differ, by kind of difference."""

    missing: list[int] = field(default_factory=list)  # not in the index
    stale: list[int] = field(default_factory=list)  # there in an older version
    orphan: list[int] = field(default_factory=list)  # there, and gone from entries
    compared: int = 0

    def __len__(self) -> int:
        return len(self.missing) + len(self.stale) + len(self.orphan)

    def by_kind(self) -> dict[str, list[int]]:
        kinds = {"missing": self.missing, "stale": self.stale, "orphan": self.orphan}
        return {kind: pks for kind, pks in kinds.items() if pks}

    def counts(self) -> dict[str, int]:
        return {"missing": len(self.missing), "stale": len(self.stale), "orphan": len(self.orphan)}


def compare(alias: str = "") -> Drift:
    """Compare versions, range of ids by range of ids: memory does not grow.

    What is under way to the index counts as different: run the sender first to see what was lost.
    Raises IndexMissingError or UnreachableError.
    """
    alias, drift = alias or live_alias(), Drift()
    try:
        patient().indices.refresh(index=alias)
        for low, high in _ranges(alias):
            _compare(alias, low, high, drift)
    except NotFoundError as error:
        raise IndexMissingError(alias) from error
    except (ApiError, TransportError) as error:
        raise UnreachableError(type(error).__name__) from error
    return drift


def _ranges(alias: str) -> Iterator[tuple[int, int]]:
    last = 0
    while pks := list(Entry.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        yield last, pks[-1]
        last = pks[-1]
    while beyond := list(_there(alias, last, None)):
        yield last, max(beyond)
        last = max(beyond)


def _there(alias: str, low: int, high: int | None) -> dict[int, int]:
    """Return the versions of at most CHUNK of what the index holds with ids above `low`, up to `high`."""
    among: dict[str, Any] = {"gt": low} if high is None else {"gt": low, "lte": high}
    answer = patient().search(
        index=alias, size=CHUNK, query={"range": {"id": among}}, sort=[{"id": "asc"}], source=False, version=True,
        track_total_hits=False,
    )  # fmt: skip
    return {int(hit["_id"]): int(hit["_version"]) for hit in answer["hits"]["hits"]}


def _all_there(alias: str, low: int, high: int) -> dict[int, int]:
    there = _there(alias, low, high)
    while len(there) % CHUNK == 0 and there and max(there) < high:  # orphans in between: more than a page of them
        more = _there(alias, max(there), high)
        if not more:
            break
        there |= more
    return there


def _compare(alias: str, low: int, high: int, drift: Drift) -> None:
    there = _all_there(alias, low, high)
    here = dict(Entry.objects.filter(pk__gt=low, pk__lte=high).values_list("pk", "version"))
    aside = set(Unsendable.objects.filter(entry__in=here).values_list("entry_id", flat=True))
    drift.compared += len(here)
    drift.missing += [pk for pk in here if pk not in there and pk not in aside]
    drift.stale += [pk for pk, version in here.items() if pk in there and there[pk] != version and pk not in aside]
    drift.orphan += [pk for pk in there if pk not in here]


def compare_settled(alias: str, drift: Drift) -> Iterator[None]:
    """Compare as `compare` does, a range of ids at a time, for who has other things to do between two ranges.

    What is under way is left out, so that whatever differs was lost. Raises UnreachableError or IndexMissingError.
    """
    try:
        for low, high in _ranges(alias):
            _compare_settled(alias, low, high, drift)
            yield
    except NotFoundError as error:
        raise IndexMissingError(alias) from error
    except (ApiError, TransportError) as error:
        raise UnreachableError(type(error).__name__) from error


def _compare_settled(alias: str, low: int, high: int, drift: Drift) -> None:
    # Entries first, then the index: what was marked as sent before is there, in that version or in a later one.
    among = Entry.objects.filter(pk__gt=low, pk__lte=high)
    here = dict(among.filter(synced_version__gte=F("version")).values_list("pk", "version"))
    patient().indices.refresh(index=alias)
    there = _all_there(alias, low, high)
    drift.compared += len(here)
    drift.missing += [pk for pk in here if pk not in there]
    drift.stale += [pk for pk, version in here.items() if pk in there and there[pk] < version]
    unknown = set(there) - set(here)
    # What was made meanwhile is no orphan; what was deleted is on its way.
    known = set(Entry.objects.filter(pk__in=unknown).values_list("pk", flat=True))
    known |= set(Gone.objects.filter(pk__in=unknown).values_list("pk", flat=True))
    drift.orphan += sorted(unknown - known)


def repair(drift: Drift, alias: str = "") -> int:
    """Send again what differs; return how much. Raises IndexMissingError or UnreachableError."""
    alias = alias or live_alias()
    pks = sorted({*drift.missing, *drift.stale})
    for start in range(0, len(pks), CHUNK // 2):
        put(writings(load(pks[start : start + CHUNK // 2])), alias, refresh=False)
    if drift.orphan:
        put(deletions(drift.orphan), alias, refresh=False)
    patient().indices.refresh(index=alias)
    return len(drift)


def mark_present() -> None:
    """Note as sent what the index has in its present version: a rebuild has sent it."""
    for low, high in _ranges(live_alias()):
        by_version: dict[int, list[int]] = {}
        for pk, version in _there(live_alias(), low, high).items():
            by_version.setdefault(version, []).append(pk)
        for version, pks in by_version.items():
            Entry.objects.filter(pk__in=pks, version=version, synced_version__lt=version).update(synced_version=version)
