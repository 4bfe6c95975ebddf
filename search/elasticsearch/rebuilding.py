"""A new index is filled from entries while changes go to it and to the present one, and takes its place in one call."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone
from elastic_transport import TransportError
from elasticsearch import ApiError, NotFoundError

from search.elasticsearch import breaker
from search.elasticsearch.comparing import compare, mark_present, repair
from search.elasticsearch.connection import live_alias, next_alias, patient
from search.elasticsearch.documents import load_after
from search.elasticsearch.mapping import index_body
from search.elasticsearch.sending import UnreachableError, put, set_aside, state, writings
from search.models import Entry, IndexState

log = logging.getLogger(__name__)
Answer = TypeVar("Answer")

CHUNK = 500
SENT_AT_ONCE = 2  # one thread of a node takes in one batch
# A rebuild that was killed is forgotten after this: another may begin.
ABANDONED = timedelta(minutes=30)
# A node that is asked too much says so, or is late: it is asked the same again after so many seconds.
PAUSES = (1, 2, 4, 8, 16, 32)
BUSY = frozenset({408, 429, 502, 503, 504})
PATIENCE = 600.0  # seconds, for what takes longer the more entries there are
KEPT = 1  # earlier indices, to go back to


class BusyError(Exception):
    """Another rebuild is under way."""


def is_there() -> bool:
    """Whether there is an index to search. Raises UnreachableError."""
    try:
        return bool(patient().indices.exists_alias(name=live_alias()))
    except (ApiError, TransportError) as error:
        raise UnreachableError(type(error).__name__) from error


def rebuild(progress: Callable[[int], object] = lambda number: None, *, shards: int = 1, replicas: int = 0) -> str:
    """Make a new index of all entries and search it from then on; return its name.

    `progress` is told how many entries were sent, batch by batch. Raises BusyError or UnreachableError.
    """
    name = f"{live_alias()}-{timezone.now():%Y%m%d%H%M%S%f}"
    _begin(name)
    try:
        body = index_body(shards=shards, replicas=replicas)
        loading = {"refresh_interval": "-1", "number_of_replicas": 0}
        settings = {**body["settings"], **loading}
        patient().indices.create(
            index=name, mappings=body["mappings"], settings=settings, aliases={next_alias(): {"is_write_index": True}}
        )
        _change(filling=name)  # from here on each change goes to both
        _fill(progress)
        _insisting(lambda: _open(name, replicas))
        _insisting(lambda: repair(compare(next_alias()), next_alias()))
        _swap(name)
    except (ApiError, TransportError) as error:
        raise UnreachableError(f"{type(error).__name__} {getattr(error, 'message', '')}") from error
    finally:
        _change(filling="")
    mark_present()
    breaker.close()
    _prune(name)
    return name


def _insisting(ask: Callable[[], Answer]) -> Answer:
    """Return what `ask` returns, which may be asked twice: it is, for a minute, while Elasticsearch is busy or late."""
    for pause in PAUSES:
        try:
            return ask()
        except (ApiError, TransportError, UnreachableError) as error:
            if isinstance(error, ApiError) and error.status_code not in BUSY:
                raise
            log.warning("asking again in %s s: %s %s", pause, type(error).__name__, error)
        time.sleep(pause)
    return ask()


def _open(name: str, replicas: int) -> None:
    """Have what was sent be found."""
    patient().indices.put_settings(index=name, settings={"refresh_interval": "1s", "number_of_replicas": replicas})
    patient().options(request_timeout=PATIENCE).indices.refresh(index=name)


def _begin(name: str) -> None:
    with transaction.atomic():
        state()
        now = IndexState.objects.select_for_update().get(pk=1)
        if now.filling and now.filling_since and now.filling_since > timezone.now() - ABANDONED:
            raise BusyError(now.filling)
    # What a rebuild that was killed left behind.
    for left in _of_alias(next_alias()):
        patient().indices.delete(index=left, ignore_unavailable=True)


def _change(*, filling: str) -> None:
    """Say where changes go from now on: what was sent before and not yet marked will be sent again."""
    with transaction.atomic():
        now = IndexState.objects.select_for_update().get(pk=1)
        now.generation += 1
        now.filling, now.filling_since = filling, timezone.now() if filling else None
        now.save(update_fields=["generation", "filling", "filling_since"])


def _fill(progress: Callable[[int], object]) -> None:
    """Send all entries, a batch at a time: some are read while Elasticsearch takes in those before."""

    def end(entries: list[Entry], answer: Future[dict[int, str]]) -> None:
        set_aside(entries, answer.result())
        progress(len(entries))

    with ThreadPoolExecutor(max_workers=SENT_AT_ONCE) as senders:
        sent: deque[tuple[list[Entry], Future[dict[int, str]]]] = deque()
        for entries in _batches():
            operations = writings(entries)
            if len(sent) == SENT_AT_ONCE:
                end(*sent.popleft())
            send = partial(put, operations, next_alias(), refresh=False)
            sent.append((entries, senders.submit(_insisting, send)))
        while sent:
            end(*sent.popleft())


def _batches() -> Iterator[list[Entry]]:
    """Yield all entries, a batch at a time: memory does not grow with their number."""
    last = 0
    while entries := load_after(last, CHUNK):
        yield entries
        last = entries[-1].pk


def _of_alias(alias: str) -> list[str]:
    try:
        return sorted(patient().indices.get_alias(name=alias))
    except NotFoundError:
        return []


def _swap(name: str) -> None:
    """Search the new index: one call, so that there is always one index under the name."""
    actions: list[dict[str, Any]] = [
        {"remove": {"index": before, "alias": live_alias()}} for before in _of_alias(live_alias())
    ]
    actions += [
        {"add": {"index": name, "alias": live_alias(), "is_write_index": True}},
        {"remove": {"index": name, "alias": next_alias()}},
    ]
    patient().indices.update_aliases(actions=actions)


def _prune(name: str) -> None:
    """Remove all but the last of the indices that were searched before."""
    try:
        there = sorted(patient().indices.get(index=f"{live_alias()}-2*", expand_wildcards="open"))
        for old in [one for one in there if one != name][:-KEPT]:
            patient().indices.delete(index=old)
    except (ApiError, TransportError) as error:
        log.warning("earlier indices stay: %s", type(error).__name__)
