"""Ask servers for pages, a bounded number of times, and measure the CPU that each answer costs.

One client asks one worker, one request after the other: CPU per request does not depend on how many wait, and none is
left over for the next measure.
"""

from __future__ import annotations

import random
import sqlite3
import statistics
import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any
from urllib.parse import quote, urlsplit

import psycopg

from bench import cpu
from bench.servers import Server, with_status

BODY = "X-Bench-Body"
KEPT_CHANGES = 150  # as in production, where the worker prunes them


class WrongAnswerError(AssertionError):
    """An answer that must not be counted: another status, another reader's page, or not from where it should come."""


@dataclass(frozen=True)
class Ask:
    """An address, who asks for it, and what the answer must hold."""

    name: str
    path: str
    cookie: str = ""
    holds: str = ""
    lacks: str = ""
    own: bool = False  # an answer that is never shared, such as a search

    def send(self, server: Server, *, body: str = "") -> float:
        """Ask once; return the seconds it took. Raises WrongAnswerError."""
        headers = {"Cookie": f"sessionid={self.cookie}"} if self.cookie else {}
        start = time.perf_counter()
        status, given, text = with_status(server.port, quote(self.path, safe="/?=&%"), headers)
        took = time.perf_counter() - start
        if status != 200:
            raise WrongAnswerError(f"{server.name}{self.path}: {status}, expected 200")
        if self.holds not in text:
            raise WrongAnswerError(f"{server.name}{self.path}: asked as {self.name}, the answer lacks {self.holds!r}")
        if self.lacks and self.lacks in text:
            raise WrongAnswerError(f"{server.name}{self.path}: asked as {self.name}, the answer holds {self.lacks!r}")
        if body and given.get(BODY, body) != body:
            raise WrongAnswerError(f"{server.name}{self.path}: the body was {given[BODY]}, expected {body}")
        return took


class Publisher(AbstractContextManager["Publisher"]):
    """Changes a portal's content version from outside, as a publication does; its own backend is not counted."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.pids: set[int] = set()
        self._written = 0

    def __enter__(self) -> Publisher:
        if self.url.startswith("sqlite"):
            self._connection: Any = (
                sqlite3.connect(urlsplit(self.url).path, autocommit=True, timeout=20)
                if (hasattr(sqlite3, "LEGACY_TRANSACTION_CONTROL"))
                else sqlite3.connect(urlsplit(self.url).path, isolation_level=None, timeout=20)
            )
        else:
            self._connection = psycopg.connect(self.url, autocommit=True)
            self.pids = {self._connection.info.backend_pid}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def touch(self) -> None:
        """Add a row of change; now and then remove the old ones."""
        self._connection.execute("INSERT INTO audience_change (made_at, reference) VALUES (CURRENT_TIMESTAMP, false)")
        self._written += 1
        if self._written % KEPT_CHANGES == 0:
            self._connection.execute("DELETE FROM audience_change WHERE id < (SELECT MAX(id) FROM audience_change)")
            if self.pids:
                self._connection.execute("VACUUM audience_change")


@dataclass(frozen=True)
class Sample:
    """One round's measure of a cell: milliseconds a request."""

    cpu: float
    database: float
    wall: float
    foreign: float  # share of the machine's CPU that others used meanwhile

    @property
    def total(self) -> float:
        return self.cpu + self.database


@dataclass
class Cell:
    """One thing measured, round after round."""

    server: Server
    ask: Ask
    requests: int
    publisher: Publisher | None = None  # given: every answer is made anew
    samples: list[Sample] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"{self.ask.name}{', cold' if self.publisher else ''}"

    def run(self, *, mine: set[int]) -> None:
        """Measure one round."""
        expected = "" if self.ask.own or self.server.name == "bare" else ("made" if self.publisher else "shared")
        for _ in range(2):
            self.ask.send(self.server)
        others = mine | (self.publisher.pids if self.publisher else set())
        client, start = time.process_time() + sum(map(cpu.of_process, others)), self.server.spent(without=others)
        took = []
        for _ in range(self.requests):
            if self.publisher:
                self.publisher.touch()
            took.append(self.ask.send(self.server, body=expected))
        used = self.server.spent(without=others) - start
        ours = used.workers + used.database + time.process_time() + sum(map(cpu.of_process, others)) - client
        each = 1000 / self.requests
        foreign = max(0.0, 1 - ours / used.machine) if used.machine else 0.0
        self.samples.append(Sample(used.workers * each, used.database * each, statistics.median(took) * 1000, foreign))

    def median(self, of: Callable[[Sample], float]) -> float:
        return statistics.median(map(of, self.samples))


def ratio(cell: Cell, base: Cell) -> float:
    """Return the CPU of `cell`, database included, as a multiple of `base`: the median of the rounds' ratios."""
    return statistics.median(a.total / b.total for a, b in zip(cell.samples, base.samples, strict=True))


def measure(cells: Iterable[Cell], *, rounds: int, rng: random.Random, say: Callable[[str], None]) -> None:
    """Measure every cell in each round, in another order each time."""
    cells = list(cells)
    for number in range(1, rounds + 1):
        say(f"round {number} of {rounds}")
        for cell in rng.sample(cells, len(cells)):
            cell.run(mine=set())
