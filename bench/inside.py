"""What is measured inside the portal's own process: SQL queries, publications, a reservation. Prints JSON.

python -m bench.inside queries | publish | reserve | publisher
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402
from django.db.models.signals import post_save  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from wagtail.models import Page  # noqa: E402

from audience.models import Access, Audience  # noqa: E402
from audience.version import touch  # noqa: E402
from bench import CONTROL, cpu  # noqa: E402
from content.signals import page_saved  # noqa: E402
from news.models import NewsPage  # noqa: E402
from search import signals as projecting  # noqa: E402
from search.models import Entry  # noqa: E402
from sections.models import SectionPage  # noqa: E402


def number_of(captured: CaptureQueriesContext) -> int:
    """Return how many queries were asked."""
    return sum(not query["sql"].startswith(CONTROL) for query in captured)


def queries(asks: list[dict[str, str]]) -> dict[str, list[int]]:
    """Return the number of queries of each ask: when its body is made, and when it is shared."""
    counted = {}
    for ask in asks:
        client = Client()
        if ask["cookie"]:
            client.cookies["sessionid"] = ask["cookie"]
        numbers = []
        client.get(ask["path"], headers={"host": "127.0.0.1"})  # what a process reads once
        for change in (True, False):
            if change:
                touch()
            with CaptureQueriesContext(connection) as captured:
                answer = client.get(ask["path"], headers={"host": "127.0.0.1"})
            if answer.status_code != 200:
                raise AssertionError(f"{ask['path']}: {answer.status_code}")
            numbers.append(number_of(captured))
        counted[ask["name"]] = numbers
    return counted


@contextmanager
def plain_wagtail() -> Iterator[None]:
    """Publish as Wagtail alone does: the same page, its entry left as it was."""
    page_saved.disconnect(projecting.saved)
    post_save.disconnect(projecting.placed, sender=Page)
    try:
        yield
    finally:
        page_saved.connect(projecting.saved)
        post_save.connect(projecting.placed, sender=Page)


def backend() -> int | None:
    """Return the process that serves this connection, if it is PostgreSQL's and runs here."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def spent(action: Callable[[], Any], served_by: int | None) -> dict[str, float]:
    """Return the milliseconds `action` takes: CPU here, in the database, and on the clock."""
    before = time.process_time(), cpu.of_process(served_by) if served_by else 0.0, time.perf_counter()
    action()
    after = time.process_time(), cpu.of_process(served_by) if served_by else 0.0, time.perf_counter()
    return dict(
        zip(["cpu", "database", "wall"], [1000 * (b - a) for a, b in zip(before, after, strict=True)], strict=True)
    )


def publish_once(page: NewsPage, number: int) -> None:
    page.title = f"{page.title.partition(' [')[0]} [{number}]"
    page.save_revision().publish()


def publish(pks: list[int], *, each: int = 30) -> dict[str, Any]:
    """Publish pages with and without the portal's part, by turns; return the medians and the queries of each."""
    rng, served_by = random.Random(7), backend()
    found: dict[str, list[dict[str, float]]] = {"portal": [], "plain": []}
    counted = {}
    for number, pk in enumerate(rng.choices(pks, k=each + 2)):
        for mode in rng.sample(["portal", "plain"], 2):
            page = NewsPage.objects.get(pk=pk)
            with CaptureQueriesContext(connection) if number == 0 else CaptureNothing() as captured:
                if mode == "plain":
                    with plain_wagtail():
                        took = spent(lambda: publish_once(page, number), served_by)  # noqa: B023  # called at once
                else:
                    took = spent(lambda: publish_once(page, number), served_by)  # noqa: B023
            if number == 0:
                counted[mode] = len(captured)
            if number > 1:
                found[mode].append(took)
    medians = {
        mode: {key: statistics.median(one[key] for one in some) for key in ("cpu", "database", "wall")}
        for mode, some in found.items()
    }
    ratios = [
        (a["cpu"] + a["database"]) / (b["cpu"] + b["database"])
        for a, b in zip(found["portal"], found["plain"], strict=True)
    ]
    return {"medians": medians, "ratio": statistics.median(ratios), "queries": counted}


class CaptureNothing:
    """In place of a capture of queries: keeping them would cost what is measured."""

    def __enter__(self) -> CaptureNothing:
        return self

    def __exit__(self, *error: object) -> None:
        return None

    def __len__(self) -> int:
        return 0


def reserve(section: int) -> dict[str, Any]:
    """Reserve a section for one audience, then open it again; return seconds, and how many entries followed."""
    page, served_by = SectionPage.objects.get(pk=section), backend()
    audience = Audience.objects.order_by("pk").last()
    below = Entry.objects.pages().below(page.path)
    found: dict[str, Any] = {"pages": below.count()}
    for name, access in (("reserve", Access.RESERVED), ("open", Access.RECOMMENDED)):
        page = SectionPage.objects.get(pk=section)
        page.access, page.audiences = access, [audience]
        found[name] = spent(lambda: page.save_revision().publish(), served_by)  # noqa: B023  # called at once
        wrong = below.filter(is_reserved=access != Access.RESERVED).count()
        if wrong and name == "reserve":
            raise AssertionError(f"{wrong} entries did not follow")
    return found


def publisher(pks: list[int], *, every: float, seconds: float) -> dict[str, Any]:
    """Publish a page every so often; return how many."""
    end, number = time.monotonic() + seconds, 0
    while time.monotonic() + every < end:
        time.sleep(every)
        publish_once(NewsPage.objects.get(pk=pks[number % len(pks)]), number)
        number += 1
    return {"publications": number}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("measure", choices=["queries", "publish", "reserve", "publisher"])
    measure, given = arguments.parse_args().measure, json.load(sys.stdin)
    match measure:
        case "queries":
            found: Any = queries(given["asks"])
        case "publish":
            found = publish(given["pages"])
        case "reserve":
            found = reserve(given["section"])
        case _:
            found = publisher(given["pages"], every=given["every"], seconds=given["seconds"])
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
