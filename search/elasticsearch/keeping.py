"""What the worker does for the index: sends what changed, and makes the index again when it is lost."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.conf import settings
from django.utils import timezone

from audience.version import Pair, current_version
from search.elasticsearch import breaker
from search.elasticsearch.comparing import Drift, compare_settled, repair
from search.elasticsearch.connection import live_alias
from search.elasticsearch.rebuilding import BusyError, is_there, rebuild
from search.elasticsearch.sending import IndexMissingError, Sent, UnreachableError, send_all, state
from search.models import IndexState

log = logging.getLogger(__name__)

WAIT = 5.0  # seconds after Elasticsearch did not take something
COMPARE = 600.0  # seconds between two comparisons of all that the index holds, a range of ids at a time
LOOK = 60.0  # seconds after which it is looked at though nothing changed: it may have lost its disk


@dataclass
class Keeper:
    """Keeps the index in line, one step at a time. Asks the database one short question when nothing changed."""

    seen: Pair | None = None
    next_look: float = 0.0
    waits_until: float = 0.0
    next_comparison: float = 0.0
    comparison: Iterator[None] | None = None  # under way
    drift: Drift = field(default_factory=Drift)

    def step(self) -> Sent | None:
        """Send what changed since the last step; None when nothing was to do, or could be done."""
        if settings.PARVIS_SEARCH_ENGINE != "elasticsearch" or time.monotonic() < self.waits_until:
            return None
        version = current_version().content
        sent = None
        if version != self.seen or time.monotonic() >= self.next_look:
            sent = self._guarded(self._send)
            if sent is None:
                return None
            self.seen, self.next_look = version, time.monotonic() + LOOK
        self._guarded(self._compare)
        return sent

    def _guarded(self, do: Callable[[], Sent | None]) -> Sent | None:
        try:
            return do()
        except UnreachableError as error:
            log.warning("the search engine does not take what is sent: %s", error)
            self.waits_until = time.monotonic() + WAIT
        except BusyError:
            self.waits_until = time.monotonic() + WAIT
        except IndexMissingError:
            self.next_look = 0.0
        self.comparison = None
        return None

    def _compare(self) -> None:
        """Compare one range of ids; once all are, send again what was lost, and note how much."""
        if self.comparison is None:
            if time.monotonic() < self.next_comparison:
                return
            self.next_comparison, self.drift = time.monotonic() + COMPARE, Drift()
            self.comparison = compare_settled(live_alias(), self.drift)
        for _range in self.comparison:
            return
        self.comparison = None
        if self.drift:
            log.error("the index had lost changes, sent again: %s", self.drift.counts())
            repair(self.drift)
        state()
        IndexState.objects.update(drift=self.drift.counts(), compared_at=timezone.now())

    def _send(self) -> Sent:
        if time.monotonic() >= self.next_look and not is_there():
            log.warning("there is no index of this mapping: it is made")
            rebuild()
        try:
            sent = send_all()
        except IndexMissingError:
            log.warning("the index is gone: it is made again")
            rebuild()
            sent = send_all()
        if sent:
            breaker.close()
        return sent
