"""What is asked from within the portal's environment: the same bodies of Elasticsearch itself, and of the portal.

python -m bench.asking beside | findable      reads JSON on standard input, prints JSON
"""

from __future__ import annotations

import http.client
import json
import random
import sys
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import translation  # noqa: E402

from audience.demands import table  # noqa: E402
from audience.reader import Reader  # noqa: E402
from bench import CONTROL  # noqa: E402
from bench.probe import be_patient  # noqa: E402
from content.models import StandardPage  # noqa: E402
from home.models import HomePage  # noqa: E402
from search.elasticsearch import engine, shape  # noqa: E402
from search.elasticsearch.connection import live_alias  # noqa: E402
from search.query import Query  # noqa: E402
from search.results import search  # noqa: E402

ROUNDS = 2
LONGEST_WAIT = 30.0


def bodies(text: str, reader: Reader) -> tuple[list[bytes], bytes]:
    """Return what the portal sends for `text`, one body or two, and for suggestions of its first letters."""
    sent: list[bytes] = []
    real = engine.ask

    def noted(body: Any, **how: Any) -> dict[str, Any]:
        sent.append(json.dumps({**body, "timeout": engine.SEARCH_ON_NODE}).encode())
        return real(body, **how)

    engine.ask = noted
    try:
        search(Query.parse({"q": text}, reader=reader))
    finally:
        engine.ask = real
    suggestion = shape.suggestion(Query.parse({"q": begun(text)}, reader=reader))
    return sent, json.dumps({**suggestion, "timeout": engine.SEARCH_ON_NODE}).encode()


def begun(text: str) -> str:
    """Return what is typed half-way."""
    return text[: max(3, len(text) // 2)].strip()


class Kept:
    """One client that keeps its connection as long as the other side does."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self.connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)

    def took(self, method: str, path: str, body: bytes | None = None) -> float:
        """Return the milliseconds of one request. Raises AssertionError when the answer is not 200."""
        headers = {"Content-Type": "application/json"} if body else {}
        start = time.perf_counter()
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise AssertionError(f"{path}: {answer.status}")
        return 1000 * (time.perf_counter() - start)


def beside(port: int, queries: list[str]) -> dict[str, Any]:
    """Ask each query of both, in turns and in shuffled order; return milliseconds by what was asked."""
    rng = random.Random(5)
    reader = table().seen_by(Reader(language="fr"))
    node, portal = Kept(settings.PARVIS_ELASTICSEARCH["url"]), Kept(f"http://127.0.0.1:{port}")
    asked = {text: bodies(text, reader) for text in queries}
    path = f"/{live_alias()}/_search?allow_partial_search_results=false"

    def raw(text: str) -> float:
        return sum(node.took("POST", path, body) for body in asked[text][0])

    def page_of(name: str) -> Callable[[str], float]:
        return lambda text: portal.took("GET", f"{reverse(name)}?{urlencode({'q': text})}")

    doing: dict[str, Callable[[str], float]] = {
        "raw": raw,
        "json": page_of("results_json"),
        "page": page_of("search"),
        "raw suggestions": lambda text: node.took("POST", path, asked[text][1]),
        "suggestions": lambda text: portal.took("GET", f"{reverse('suggestions')}?{urlencode({'q': begun(text)})}"),
    }
    took: dict[str, list[float]] = {name: [] for name in doing}
    for number in range(ROUNDS + 1):
        for text in rng.sample(queries, len(queries)):
            for name in rng.sample(list(doing), len(doing)):
                spent = doing[name](text)
                if number:  # the first round warms both
                    took[name].append(spent)
    rounds = sum(len(sent) for sent, _suggestion in asked.values()) / len(asked)
    return {
        "took": took,
        "rounds": rounds,
        "sql": {name: counted(name, queries) for name in ("results_json", "search")},
    }


def counted(name: str, queries: list[str]) -> list[int]:
    """Return the least and the most SQL queries of an answer."""
    client, numbers = Client(), set()
    for text in queries[:40]:
        for _time in range(2):
            with CaptureQueriesContext(connection) as captured:
                client.get(reverse(name), {"q": text}, headers={"host": "127.0.0.1"})
        asked = [query["sql"] for query in captured if not query["sql"].startswith(CONTROL)]
        # What is written down once the reader has the answer is not waited for.
        numbers.add(sum("django_tasks" not in sql for sql in asked))
    return [min(numbers), max(numbers)]


def findable(port: int, times: int) -> dict[str, Any]:
    """Publish pages; return the milliseconds until each is found by its word."""
    home, took = HomePage.objects.get(locale__language_code="fr"), []
    for number in range(times):
        word = f"zibeline{number:04}x"
        page = home.add_child(instance=StandardPage(title=f"Page {word}", slug=word, live=False))
        page.save_revision().publish()
        start = time.perf_counter()
        portal = Kept(f"http://127.0.0.1:{port}")
        while not found(portal, word):
            if time.perf_counter() - start > LONGEST_WAIT:
                raise AssertionError(f"{word} is not found after {LONGEST_WAIT:g} s")
            time.sleep(0.02)
        took.append(1000 * (time.perf_counter() - start))
        time.sleep(random.Random(number).random())  # nobody publishes in step with the worker
    return {"took": took}


def found(portal: Kept, word: str) -> bool:
    portal.connection.request("GET", f"{reverse('results_json')}?q={word}")
    answer = json.loads(portal.connection.getresponse().read())
    return bool(answer["total"]) and not answer["degraded"]


if __name__ == "__main__":
    translation.activate(settings.LANGUAGE_CODE)
    be_patient()
    said = json.load(sys.stdin)
    json.dump({"beside": beside, "findable": findable}[sys.argv[1]](**said), sys.stdout)
