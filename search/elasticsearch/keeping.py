"""What the worker does for the index: sends what changed, and makes the index again when it is lost."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass

from django.conf import settings

from audience.version import Pair, current_version
from search.elasticsearch import breaker
from search.elasticsearch.rebuilding import BusyError, is_there, rebuild
from search.elasticsearch.sending import IndexMissingError, Sent, UnreachableError, send_all

log = logging.getLogger(__name__)

WAIT = 5.0  # seconds after Elasticsearch did not take something
LOOK = 60.0  # seconds after which it is looked at though nothing changed: it may have lost its disk


@dataclass
class Keeper:
    """Keeps the index in line, one step at a time. Asks the database one short question when nothing changed."""

    seen: Pair | None = None
    next_look: float = 0.0
    waits_until: float = 0.0

    def step(self) -> Sent | None:
        """Send what changed since the last step; None when nothing was to do, or could be done."""
        if settings.PARVIS_SEARCH_ENGINE != "elasticsearch" or time.monotonic() < self.waits_until:
            return None
        version = current_version().content
        if version == self.seen and time.monotonic() < self.next_look:
            return None
        try:
            sent = self._send()
        except UnreachableError as error:
            log.warning("the search engine does not take what is sent: %s", error)
            self.waits_until = time.monotonic() + WAIT
            return None
        except BusyError:
            self.waits_until = time.monotonic() + WAIT
            return None
        self.seen, self.next_look = version, time.monotonic() + LOOK
        return sent

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
