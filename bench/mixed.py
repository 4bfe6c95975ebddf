"""A university at work: many signatures, skewed traffic at a steady pace, a publication every few seconds."""

from __future__ import annotations

import itertools
import json
import random
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote

from bench.load import BODY, WrongAnswerError
from bench.servers import ROOT, Server, with_status

EVERY = 12.0  # seconds between publications
# Of a hundred requests, how many are for what.
TRAFFIC = {"home": 45, "news page": 25, "list": 12, "section": 10, "search": 8}


def zipf(rng: random.Random, items: list[Any]) -> Any:
    """Return one of `items`: the n-th is asked 1/n as often as the first."""
    weights = _weights(len(items))
    return rng.choices(items, cum_weights=weights)[0]


_kept: dict[int, list[float]] = {}


def _weights(number: int) -> list[float]:
    if number not in _kept:
        _kept[number] = list(itertools.accumulate(1 / (rank + 1) for rank in range(number)))
    return _kept[number]


def draw(rng: random.Random, facts: dict[str, Any]) -> tuple[str, str, dict[str, Any] | None]:
    """Return what is asked next: its kind, its path, its reader (None: anonymous, one in ten)."""
    kind = rng.choices(list(TRAFFIC), weights=list(TRAFFIC.values()))[0]
    reader = None if rng.random() < 0.1 else zipf(rng, facts["readers"])
    match kind:
        case "home":
            path = facts["home"]
        case "news page":
            path = zipf(rng, facts["more_news"])
        case "list":
            path = zipf(rng, facts["lists"])
        case "section":
            path = zipf(rng, facts["sections"])
        case _:
            path = f"{facts['search_page']}?q={zipf(rng, list(facts['search'].values()))}"
    return kind, path, reader


def run(server: Server, facts: dict[str, Any], *, rate: float, seconds: float) -> dict[str, Any]:
    """Ask `rate` times a second; return hit rate, CPU and milliseconds a request. Raises WrongAnswerError."""
    rng = random.Random(20_250_113)
    with ThreadPoolExecutor(max_workers=4) as pool:  # every worker has its connection before any is counted
        list(pool.map(lambda _: with_status(server.port, facts["home"], {}), range(40)))
    serving = set(server.backends())
    publisher = subprocess.Popen(
        [sys.executable, "-m", "bench.inside", "publisher"],
        env=server.environment, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    asked = json.dumps({"pages": facts["publishable"], "every": EVERY, "seconds": seconds})
    writing = threading.Thread(target=lambda: outcome.append(publisher.communicate(asked)[0]))
    outcome: list[str] = []
    writing.start()
    bodies: dict[str, Counter[str]] = {kind: Counter() for kind in TRAFFIC}
    took: list[float] = []

    def ask(kind: str, path: str, reader: dict[str, Any] | None) -> None:
        headers = {"Cookie": f"sessionid={reader['cookie']}"} if reader else {}
        start = time.perf_counter()
        status, given, text = with_status(server.port, quote(path, safe="/?=&%"), headers)
        took.append(time.perf_counter() - start)
        if status != 200:
            raise WrongAnswerError(f"{path}: {status}")
        if reader and reader["name"] not in text:
            raise WrongAnswerError(f"{path}: another reader's page")
        bodies[kind][given[BODY]] += 1

    before, begun, answers = server.spent(without=set()), time.monotonic(), []
    with ThreadPoolExecutor(max_workers=4) as pool:
        for number in range(int(rate * seconds)):
            time.sleep(max(0.0, begun + number / rate - time.monotonic()))
            answers.append(pool.submit(ask, *draw(rng, facts)))
    for answer in answers:
        answer.result()
    # The backend that came later is the publisher's.
    workers = server.spent(without=set(server.backends()) - serving) - before
    writing.join()
    all_bodies: Counter[str] = sum(bodies.values(), Counter())
    shareable = all_bodies["shared"] + all_bodies["made"]
    return {
        "requests": len(took),
        "publications": json.loads(outcome[0])["publications"],
        "hit": all_bodies["shared"] / shareable,
        "hits": {
            kind: some["shared"] / (some["shared"] + some["made"]) for kind, some in bodies.items() if some["made"]
        },
        "cpu": 1000 * workers.workers / len(took),
        "database": 1000 * workers.database / len(took),
        "median": 1000 * statistics.median(took),
        "p95": 1000 * statistics.quantiles(took, n=20)[18],
    }
