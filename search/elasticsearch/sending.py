"""Entries are sent in versions: the row itself says what remains to send, so that nothing is lost by an outage.

`synced_version < version` is what remains. A version is sent under its own number, and Elasticsearch refuses an older
one: senders may race. Privacy and withdrawals go first. docs/decisions/0014-search-is-a-replica.md says why so.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.signals import post_delete
from django.dispatch import receiver
from elastic_transport import TransportError
from elasticsearch import ApiError

from search.elasticsearch.connection import live_alias, next_alias, patient
from search.elasticsearch.documents import document, load, open_visibilities
from search.models import Entry, Gone, IndexState, Unsendable

log = logging.getLogger(__name__)

BATCH = 500
LARGEST = 5_000_000  # bytes of one request, about
# Of what is gone nothing newer can come: an entry's id is never given again.
LAST_VERSION = 2**62
TOLD_OF_EACH = ["items.*._id", "items.*.status", "items.*.error"]  # the rest is of no use, and takes a while to say
AT_ONCE = 200  # a batch up to this is made findable at once


class IndexMissingError(Exception):
    """The index is not there: it was never made, was lost, or is of another mapping."""


class UnreachableError(Exception):
    """Elasticsearch does not take what is sent. It stays to be sent."""


@dataclass
class Sent:
    """What one round sent."""

    entries: int = 0
    gone: int = 0
    refused: dict[int, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.entries or self.gone or self.refused)


@receiver(post_delete, sender=Entry)
def remember(instance: Entry, **kwargs: Any) -> None:
    """A deleted row cannot say that its deletion remains to be sent."""
    if instance.synced_version or settings.PARVIS_SEARCH_ENGINE == "elasticsearch":
        Gone.objects.get_or_create(entry_id=instance.pk)


def state() -> IndexState:
    return IndexState.objects.get_or_create(pk=1)[0]


def waiting() -> Any:
    """Return the entries that remain to be sent; those set aside in their present version do not."""
    refused = Unsendable.objects.filter(entry=OuterRef("pk"), version=OuterRef("version"))
    return Entry.objects.filter(synced_version__lt=F("version")).exclude(Exists(refused))


def remaining() -> int:
    """Return how many changes remain to be sent."""
    return int(waiting().count()) + Gone.objects.count()


def send_all() -> Sent:
    """Send until nothing remains. Raises IndexMissingError or UnreachableError."""
    total = Sent()
    while sent := send_some():
        total.entries += sent.entries
        total.gone += sent.gone
        total.refused |= sent.refused
    return total


def send_some(limit: int = BATCH) -> Sent:
    """Send the most urgent of what remains. Raises IndexMissingError or UnreachableError."""
    at = state()
    sent = Sent()
    gone = list(Gone.objects.order_by("pk").values_list("pk", flat=True)[:limit])
    first = Case(When(Q(withdrawn=True) | Q(is_reserved=True), then=Value(0)), default=Value(1))
    pks = list(waiting().order_by(first, "pk").values_list("pk", flat=True)[:limit])
    if not gone and not pks:
        return sent
    entries = load(pks)
    operations = [*deletions(gone), *writings(entries)]
    refused = put(operations, live_alias(), refresh=len(operations) <= AT_ONCE)
    if at.filling:
        put(operations, next_alias(), refresh=False, missing_is_fine=True)
    _mark(at, gone, [entry for entry in entries if entry.pk not in refused])
    set_aside(entries, refused)
    return Sent(len(entries) - len(refused), len(gone), refused)


def deletions(pks: Iterable[int]) -> list[tuple[dict[str, Any], dict[str, Any] | None]]:
    """Return what removes entries that are gone."""
    return [({"delete": {"_id": str(pk), "version": LAST_VERSION, "version_type": "external_gte"}}, None) for pk in pks]


def writings(entries: Iterable[Entry]) -> list[tuple[dict[str, Any], dict[str, Any] | None]]:
    """Return what writes these entries, each under its version."""
    open_to_all = open_visibilities()
    return [
        (
            {"index": {"_id": str(entry.pk), "version": entry.version, "version_type": "external_gte"}},
            document(entry, open_to_all=open_to_all),
        )
        for entry in entries
    ]


def put(
    operations: Sequence[tuple[dict[str, Any], dict[str, Any] | None]],
    alias: str,
    *,
    refresh: bool,
    missing_is_fine: bool = False,
) -> dict[int, str]:
    """Send operations to an alias; return what was refused, by entry, with the reason.

    A version older than the one there is not refused: it is there. Raises IndexMissingError or UnreachableError.
    """
    lines: list[dict[str, Any]] = []
    for action, source in operations:
        lines.append(action)
        if source is not None:
            lines.append(source)
    try:
        # An alias, so that no index is made by the way, of a mapping that was guessed.
        answer = patient().bulk(
            index=alias, operations=lines, require_alias=True, refresh=refresh, filter_path=TOLD_OF_EACH
        )
    except (ApiError, TransportError) as error:
        raise UnreachableError(f"{type(error).__name__} {getattr(error, 'status_code', '')}") from error
    refused: dict[int, str] = {}
    for item in answer["items"]:
        said = next(iter(item.values()))
        if said["status"] in {200, 201, 409} or (said["status"] == 404 and "error" not in said):
            continue
        if said["status"] == 404:
            if missing_is_fine:
                return {}
            raise IndexMissingError(alias)
        if (
            said["status"] in {403, 429} or said["status"] >= 500
        ):  # read-only, full, busy: it says so of all that is sent
            raise UnreachableError(str(said["error"].get("reason", said["status"])))
        refused[int(said["_id"])] = str(said["error"].get("reason", said["error"]))[:2000]
    return refused


def _mark(at: IndexState, gone: Sequence[int], entries: Sequence[Entry]) -> None:
    """Note what was sent, if it was sent to all that are targets now."""
    with transaction.atomic():
        now = IndexState.objects.select_for_update().get(pk=at.pk)
        if now.generation != at.generation:
            return
        Gone.objects.filter(pk__in=gone).delete()
        by_version: dict[int, list[int]] = {}
        for entry in entries:
            by_version.setdefault(entry.version, []).append(entry.pk)
        for version, pks in by_version.items():
            Entry.objects.filter(pk__in=pks, synced_version__lt=version).update(synced_version=version)
        Unsendable.objects.filter(entry__in=[entry.pk for entry in entries]).delete()


def set_aside(entries: Sequence[Entry], refused: dict[int, str]) -> None:
    """Keep the reason of each refusal, and try it no more in this version."""
    for entry in entries:
        if entry.pk in refused and Entry.objects.filter(pk=entry.pk).exists():
            log.error("entry %s is refused by the search engine, and set aside: %s", entry.pk, refused[entry.pk])
            said = {"version": entry.version, "error": refused[entry.pk]}
            Unsendable.objects.update_or_create(entry_id=entry.pk, defaults=said)
