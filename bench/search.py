"""Measure search by Elasticsearch: beside raw _search, from publication to result, and while Elasticsearch is away.

    python -m bench.search --folder FOLDER     the sheets of a collection (as of bench.relevance)
    python -m bench.search --size 200000       generated pages
    python -m bench.search … --rebuild         and making the index of these, as bench.rebuild does
    python -m bench.search --findable          seconds from a publication until it is found
    python -m bench.search --away              20 searches a second: with it, while it hangs, once it is gone

A PostgreSQL and a node of its own are made and stopped. The exit status is 1 when a promise is not kept.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bench import report, servers, words
from bench.cluster import Cluster, free_port
from bench.load import WrongAnswerError
from bench.run import Bench, say
from bench.servers import ROOT, Server, with_status
from tests.servers.elasticsearch import node

JSON, PAGE, SUGGESTIONS, SQL = 2.5, 4.0, 60.0, 6
FINDABLE, AWAY, HOME = 2.0, 1.0, 1.1  # seconds, seconds, times
ASKED, PUBLISHED = 100, 30
RATE, HOMES, SECONDS = 20, 10, 60  # searches a second, homes a second, seconds of each state
AWAY_SIZE = 10_000


class SearchBench(Bench):
    """A bench whose portals search with a node of their own."""

    node: subprocess.Popen[bytes]
    patient = True

    def start_node(self) -> None:
        say("starting Elasticsearch")
        self.node_port = free_port()
        self._start_node()
        self.stack.callback(lambda: node.stop(self.node))

    def _start_node(self) -> None:
        self.node = node.start(self.node_port, self.files / "data", self.files / "node.log", "1g", brief=False)

    def environment(self, url: str) -> dict[str, str]:
        own = {"ELASTICSEARCH_URL": f"http://127.0.0.1:{self.node_port}", "ELASTICSEARCH_PREFIX": "bench"}
        if self.patient:  # what is slow is measured, and not given up
            own["BENCH_PATIENT"] = "1"
        return servers.portal_environment(url, self.files) | own

    def searching(self, url: str, *, workers: int = 1) -> Server:
        """Return a portal whose index is made."""
        say("making the index")
        servers.manage(["rebuild_search"], self.environment(url))
        return self.started(
            Server("portal", self.environment(url), "portal.wsgi", url, self.store.postmaster, self.files,
                   workers=workers)
        )  # fmt: skip

    def asking(self, url: str, what: str, **given: Any) -> Any:
        return json.loads(servers.python(["-m", "bench.asking", what], self.environment(url), given=json.dumps(given)))


def of_folder(bench: SearchBench, folder: Path) -> tuple[str, list[str], str]:
    """Return a database of the sheets in `folder`, queries that were made for them, and what it is called."""
    say("loading the sheets")
    url = bench.store.create("sheets", like=bench.empty)
    facts = json.loads(servers.python(["-m", "bench.sheets", str(folder.resolve())], bench.environment(url)))
    bench.store.statistics(url)
    with (folder / "queries.tsv").open(encoding="utf-8", newline="") as lines:
        asked = sorted({row["query"] for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)})
    return url, random.Random(3).sample(asked, ASKED), f"{facts['entries']:,} entries, sheets"


def of_size(bench: SearchBench, size: int) -> tuple[str, list[str], str]:
    """Return a database of generated pages, and queries of their words."""
    url, facts = bench.seeded("pages", size=size)
    rng = random.Random(3)
    asked = {f"{rng.choice(words.NOUNS)} {rng.choice(words.NOUNS)}" for _ in range(ASKED // 2)}
    asked |= {f"{rng.choice(words.NOUNS)} {rng.choice(words.PLACES)}" for _ in range(ASKED // 2)}
    return url, [*sorted(asked), words.COMMON, words.MIDDLING, words.RARE], f"{facts['entries']:,} entries, generated"


def beside_raw(bench: SearchBench, loaded: tuple[str, list[str], str], into: report.Report) -> None:
    url, asked, name = loaded
    server = bench.searching(url)
    say(f"asking {len(asked)} queries")
    found = bench.asking(url, "beside", port=server.port, queries=asked)
    took = found["took"]
    raw, raw_suggestions = statistics.median(took["raw"]), statistics.median(took["raw suggestions"])
    rows = [["raw `_search`", *both(took["raw"]), "1", "", ""]]
    for what, title, most, sql in (
        ("json", "results, JSON", JSON, "results_json"), ("page", "results, page", PAGE, "search"),
    ):  # fmt: skip
        ratio = statistics.median(took[what]) / raw
        low, high = found["sql"][sql]
        promised = into.check(f"{title} ({name})", ratio, most)
        into.check(f"SQL of {title} ({name})", high, SQL)
        rows.append([title, *both(took[what]), f"**{ratio:.2f}**", promised, f"{low} to {high}"])
    rows.append(["raw `_search` of suggestions", *both(took["raw suggestions"]), "1", "", ""])
    promised = into.check(f"suggestions, p95 ms ({name})", percentile(took["suggestions"]), SUGGESTIONS)
    ratio = statistics.median(took["suggestions"]) / raw_suggestions
    rows.append(["suggestions", *both(took["suggestions"]), f"{ratio:.2f}", f"p95 {promised} ms", ""])
    note = (
        f"{name}; {len(asked)} queries, each {len(took['raw']) // len(asked)} times, of one client, in turns."
        f" The portal sent {found['rounds']:.2f} requests a search: a second one when little was found. *Raw*: the"
        " same bodies, sent by the same client to the same node."
    )
    into.add("Beside raw Elasticsearch", note, ["", "p50 ms", "p95 ms", "times raw", "promised", "SQL"], rows)


def both(took: Sequence[float]) -> tuple[str, str]:
    return report.number(statistics.median(took)), report.number(percentile(took))


def percentile(took: Sequence[float]) -> float:
    """Return the 95th percentile."""
    return statistics.quantiles(took, n=20)[18]


def publishing(bench: SearchBench, into: report.Report) -> None:
    """Publish while the worker works; see when each page is found."""
    url, _facts = bench.seeded("published", size=1000)
    server = bench.searching(url)
    with (bench.files / "worker.log").open("wb") as log:
        worker = subprocess.Popen(
            [sys.executable, "-m", "django", "work"], env=bench.environment(url), cwd=ROOT, stdout=log, stderr=log
        )
    try:
        say(f"publishing {PUBLISHED} pages")
        took = bench.asking(url, "findable", port=server.port, times=PUBLISHED)["took"]
    finally:
        worker.terminate()
        worker.wait(20)
    seconds = percentile(took) / 1000
    promised = into.check("from publication to result, p95 seconds", seconds, FINDABLE)
    row = [PUBLISHED, f"{statistics.median(took) / 1000:.2f}", f"**{seconds:.2f}**", promised]
    note = "Seconds from the end of `publish()` until the results of the page's own word hold it, asked every 20 ms."
    into.add("From publication to result", note, ["pages", "p50", "p95", "promised"], [row])


def being_away(bench: SearchBench, into: report.Report) -> None:
    """Search and ask for home at a steady pace: with Elasticsearch, while it hangs, once it is gone."""
    url, facts = bench.seeded("away", size=AWAY_SIZE)
    bench.patient = False
    server = bench.searching(url, workers=4)
    home = facts["readers"][0]
    # Words of nearly all entries, of a third, of a fiftieth and of a few, in turns.
    asked = [word for noun in words.NOUNS for word in (noun, words.COMMON, words.MIDDLING, words.RARE)]
    searches = [f"/recherche/?q={word}" for word in asked]

    def pace(seconds: float) -> dict[str, list[float]]:
        what: dict[str, Asked] = {
            "search": (RATE, lambda n: (searches[n % len(searches)], "")),
            "home": (HOMES, lambda n: (facts["home"], home["cookie"])),
        }
        return steady(server, what, seconds=seconds)

    def gone() -> None:
        bench.node.kill()
        bench.node.wait(10)

    states: list[tuple[str, Callable[[], object], Callable[[], object]]] = [
        ("it answers", lambda: None, lambda: None),
        ("it hangs", lambda: bench.node.send_signal(signal.SIGSTOP),
         lambda: (bench.node.send_signal(signal.SIGCONT), time.sleep(31))),
        ("it answers", lambda: None, lambda: None),
        ("it is gone", gone, lambda: None),
    ]  # fmt: skip
    pace(5)
    took: dict[str, dict[str, list[float]]] = {}
    for name, before, after in states:
        say(f"{RATE} searches a second: {name}")
        before()
        for what, some in pace(SECONDS).items():
            took.setdefault(name, {}).setdefault(what, []).extend(some)
        after()
    with_it = percentile(took["it answers"]["home"])
    rows = []
    for name, found in took.items():
        searched = percentile(found["search"]) / 1000
        ratio = percentile(found["home"]) / with_it
        promised = ["", ""]
        if name != "it answers":
            promised = [
                into.check(f"searches while {name}, p95 seconds", searched, AWAY),
                into.check(f"home's p95 while {name}, times that with it", ratio, HOME),
            ]
        rows.append([name, *both(found["search"]), promised[0], *both(found["home"]), f"{ratio:.2f}", promised[1]])
    note = (
        f"{facts['entries']:,} entries on PostgreSQL, 4 server processes, {RATE} searches and {HOMES} homes of a"
        f" student a second for {SECONDS} s in each state, without Redis: each process finds out by itself. Searches"
        " are of words that nearly all entries have, a third, a fiftieth and a few, in turns."
    )
    head = ["", "search p50", "p95", "promised (s)", "home p50", "p95", "times", "promised"]
    into.add("While Elasticsearch is away", note, head, rows)


Asked = tuple[float, Callable[[int], tuple[str, str]]]


def steady(server: Server, asked: dict[str, Asked], *, seconds: float) -> dict[str, list[float]]:
    """Ask each kind so many times a second, whether or not earlier answers have come; return milliseconds by kind."""
    due: list[tuple[float, str, int]] = sorted(
        (number / rate, name, number) for name, (rate, _what) in asked.items() for number in range(int(rate * seconds))
    )
    took: dict[str, list[float]] = {name: [] for name in asked}

    def ask(name: str, number: int, at: float) -> None:
        path, cookie = asked[name][1](number)
        headers = {"Cookie": f"sessionid={cookie}"} if cookie else {}
        status, _given, _text = with_status(server.port, quote(path, safe="/?=&%"), headers)
        took[name].append(1000 * (time.monotonic() - at))
        if status != 200:
            raise WrongAnswerError(f"{path}: {status}")

    begun, answers = time.monotonic(), []
    with ThreadPoolExecutor(max_workers=64) as pool:
        for at, name, number in due:
            time.sleep(max(0.0, begun + at - time.monotonic()))
            answers.append(pool.submit(ask, name, number, begun + at))
    for answer in answers:
        answer.result()
    return took


def parsed(arguments: Iterable[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--size", type=int)
    parser.add_argument("--rebuild", action="store_true")
    parser.add_argument("--findable", action="store_true")
    parser.add_argument("--away", action="store_true")
    parser.add_argument("--readers", type=int, default=20)
    given = parser.parse_args(None if arguments is None else list(arguments))
    if not (given.folder or given.size or given.findable or given.away):
        parser.error("say what to measure: --folder, --size, --findable or --away")
    return given


def main() -> int:
    from bench.rebuild import compared  # which is made of this

    options = parsed()
    into = report.Report()
    with tempfile.TemporaryDirectory(prefix="parvis-bench-") as directory, ExitStack() as stack:
        files = Path(directory)
        bench = SearchBench(files, stack.enter_context(Cluster(files)), stack, options)
        bench.start_node()
        try:
            bench.prepare()
            loaded = [of_folder(bench, options.folder)] if options.folder else []
            loaded += [of_size(bench, options.size)] if options.size else []
            for one in loaded:
                beside_raw(bench, one, into)
                if options.rebuild:
                    compared(bench, one[0], one[2], into)
            if options.findable:
                publishing(bench, into)
            if options.away:
                being_away(bench, into)
        except WrongAnswerError as wrong:
            print(f"wrong answer: {wrong}", file=sys.stderr)
            return 2
        finally:
            print(into.text(), flush=True)
    return 1 if into.missed else 0


if __name__ == "__main__":
    sys.exit(main())
