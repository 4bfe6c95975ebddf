"""Measure what the portal costs, beside a bare Wagtail page on the same database server.

    python -m bench.run                       home, news, index, section, search: CPU as a ratio, and SQL
    python -m bench.run --mixed               many signatures, skewed traffic, a publication every 12 s
    python -m bench.run --growth              from 1,000 to 100,000 entries; publishing; reserving a section
    python -m bench.run --all --write         all of it, into docs/performance.md

The exit status is 1 when a promise is not kept, 2 when an answer was wrong.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import mixed, report, servers
from bench.cluster import Cluster, Files, GivenServer, Store
from bench.load import Ask, Cell, Publisher, WrongAnswerError, measure
from bench.servers import Server

TARGETS = {
    "home, student": 1.0, "home, staff": 1.0, "home, student, cold": 4, "home, staff, cold": 4,
    "news page": 1.5, "news list": 1.5, "news page, cold": 5, "news list, cold": 5, "search, middling words": 4,
}  # fmt: skip
GROWTH = {
    "home, student, cold": 1.1, "news page, cold": 1.1, "news list, cold": 1.1, "section, cold": 1.1,
    "search, rare words": 2, "search, middling words": 2,
}  # fmt: skip
QUERIES_COLD, QUERIES_WARM = 12, 5
PUBLISHING, RESERVING = 1.5, 5.0  # times plain Wagtail; seconds
RESERVED_PAGES = 100_000
SAID = {"rare": "search, rare words", "middling": "search, middling words", "common": "search, commonest words"}


def say(text: str) -> None:
    """Say how far the bench is, beside what it prints at the end."""
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


@dataclass
class Bench:
    """Where things are, and how much is measured."""

    files: Path
    store: Store
    stack: ExitStack
    options: argparse.Namespace
    empty: str = ""  # a migrated database, copied for each size

    def environment(self, url: str) -> dict[str, str]:
        return servers.portal_environment(url, self.files)

    def prepare(self) -> None:
        """Migrate once, and collect static files, as a deployment does."""
        say("migrating the portal")
        self.empty = self.store.create("empty")
        servers.manage(["migrate", "--verbosity=0"], self.environment(self.empty))
        servers.manage(["collectstatic", "--no-input", "--verbosity=0"], self.environment(self.empty))

    def seeded(self, name: str, *, size: int, section: int = 0) -> tuple[str, dict[str, Any]]:
        """Return a database of `size` pages, and what there is to ask of it."""
        say(f"seeding {size + section:,} pages")
        start, url = time.monotonic(), self.store.create(name, like=self.empty)
        arguments = ["-m", "bench.seed", f"--size={size}", f"--section={section}", f"--readers={self.options.readers}"]
        facts: dict[str, Any] = json.loads(servers.python(arguments, self.environment(url)))
        self.store.statistics(url)
        say(f"{facts['entries']:,} entries in {time.monotonic() - start:.0f} s")
        return url, facts

    def portal(self, url: str, name: str, *, workers: int = 1) -> Server:
        return self.started(
            servers.portal(url, self.files, name=name, postmaster=self.store.postmaster, workers=workers)
        )

    def bare(self) -> Server:
        """Start what `wagtail start` gives, on a database of its own beside the portal's."""
        say("starting a bare Wagtail project")
        servers.make_bare_project(self.files)
        url = self.store.create("bare")
        server = servers.bare(url, self.files, postmaster=self.store.postmaster)
        servers.manage(["migrate", "--verbosity=0"], server.environment, cwd=server.root)
        servers.manage(["collectstatic", "--no-input", "--verbosity=0"], server.environment, cwd=server.root)
        return self.started(server)

    def started(self, server: Server) -> Server:
        self.stack.callback(server.stop)
        server.start()
        return server

    def inside(self, url: str, what: str, given: dict[str, Any]) -> Any:
        """Measure `what` inside a portal's own process."""
        return json.loads(servers.python(["-m", "bench.inside", what], self.environment(url), given=json.dumps(given)))


def asks(facts: dict[str, Any]) -> dict[str, Ask]:
    """Return what is asked of a portal, by name."""
    student, staff = (next(r for r in facts["readers"] if r["status"] == status) for status in ("student", "staff"))
    mine = {"cookie": student["cookie"], "holds": student["name"]}
    found = [
        Ask("home, anonymous", facts["home"], lacks=student["name"]),
        Ask("home, student", facts["home"], lacks=staff["name"], **mine),
        Ask("home, staff", facts["home"], cookie=staff["cookie"], holds=staff["name"], lacks=student["name"]),
        Ask("news page", facts["news"], **mine),
        Ask("news list", facts["index"], **mine),
        Ask("section", facts["section"], **mine),
        *(
            Ask(SAID[key], f"{facts['search_page']}?q={word}", own=True, **mine)
            for key, word in facts["search"].items()
        ),
    ]
    return {ask.name: ask for ask in found}


def beside_bare(bench: Bench, url: str, facts: dict[str, Any], into: report.Report) -> None:
    """Compare the portal's pages with a bare Wagtail page."""
    portal, bare, publisher = bench.portal(url, "portal"), bench.bare(), bench.stack.enter_context(Publisher(url))
    number = bench.options.requests
    asked = asks(facts)
    base = Cell(bare, Ask("bare Wagtail page", "/", holds="Wagtail"), number)
    cells = [Cell(portal, ask, number) for ask in asked.values() if not ask.own]
    cells += [Cell(portal, ask, number // 2, publisher) for ask in asked.values() if not ask.own]
    cells += [Cell(portal, ask, number // 2) for ask in asked.values() if ask.own]
    measure([base, *cells], rounds=bench.options.rounds, rng=random.Random(1), say=say)
    given = [{"name": ask.name, "path": ask.path, "cookie": ask.cookie} for ask in asked.values()]
    counted = bench.inside(url, "queries", {"asks": given})
    sql = {}
    for name, (cold, warm) in counted.items():
        sql[name], sql[f"{name}, cold"] = str(warm), str(cold)
        if name in {"home, student", "home, staff"}:
            into.check(f"{name}, queries cold", cold, QUERIES_COLD)
            into.check(f"{name}, queries warm", warm, QUERIES_WARM)
    report.compared(into, cells, base, TARGETS, sql)


def growing(bench: Bench, into: report.Report) -> None:
    """Compare pages and publications at two sizes, and reserve a whole section."""
    sizes = tuple(bench.options.sizes)
    databases = [bench.seeded(f"of_{size}", size=size) for size in sizes]
    portals = [bench.portal(url, f"portal-{size}") for (url, _), size in zip(databases, sizes, strict=True)]
    publishers = [bench.stack.enter_context(Publisher(url)) for url, _ in databases]
    pairs = []
    number = bench.options.requests // 2
    for one, other in zip(*(asks(facts).values() for _, facts in databases), strict=True):
        pair = [
            Cell(server, ask, number, None if ask.own else publisher)
            for server, ask, publisher in zip(portals, (one, other), publishers, strict=True)
        ]
        pairs.append((pair[0], pair[1]))
    measure([cell for pair in pairs for cell in pair], rounds=bench.options.rounds, rng=random.Random(2), say=say)
    report.grown(into, pairs, GROWTH, (sizes[0], sizes[1]))
    rows = []
    for size, (url, facts) in zip(sizes, databases, strict=True):
        say(f"publishing among {size:,}")
        found = bench.inside(url, "publish", {"pages": facts["publishable"]})
        costs = [
            f"{found['medians'][mode]['cpu'] + found['medians'][mode]['database']:.1f}" for mode in ("plain", "portal")
        ]
        sql = f"{found['queries']['plain']} / {found['queries']['portal']}"
        promised = into.check(f"publishing among {size:,}", found["ratio"], PUBLISHING)
        rows.append([f"{size:,}", *costs, f"**{found['ratio']:.2f}**", promised, sql])
    note = (
        "`save_revision().publish()` of one news page, CPU milliseconds, database included. *Plain*: the same page in"
        " the same tree with nothing but Wagtail listening; the two take turns."
    )
    into.add("Publishing", note, ["pages", "plain Wagtail", "portal", "ratio", "promised", "SQL"], rows)
    reserving(bench, into)


def reserving(bench: Bench, into: report.Report) -> None:
    url, facts = bench.seeded("reserved", size=400, section=RESERVED_PAGES)
    say("reserving a section")
    found = bench.inside(url, "reserve", {"section": facts["section_page"]})
    rows = []
    for name, what in (("reserve", "reserved for one audience"), ("open", "opened again")):
        seconds = found[name]["wall"] / 1000
        promised = into.check(f"a section {what}, seconds", seconds, RESERVING)
        cpu = (found[name]["cpu"] + found[name]["database"]) / 1000
        rows.append([what, f"{found['pages']:,}", f"**{seconds:.2f}**", f"{cpu:.2f}", promised])
    note = "One publication; every entry below follows in its transaction."
    into.add("A section changes hands", note, ["section", "pages below", "seconds", "of CPU", "promised"], rows)


def at_work(bench: Bench, url: str, facts: dict[str, Any], into: report.Report) -> None:
    """Run mixed traffic at a steady pace."""
    server = bench.portal(url, "mixed", workers=2)
    say(f"mixed traffic for {bench.options.seconds} s")
    found = mixed.run(server, facts, rate=bench.options.rate, seconds=bench.options.seconds)
    hits = ", ".join(f"{kind} {share:.0%}" for kind, share in found["hits"].items() if kind != "search")
    note = (
        f"{bench.options.readers} readers of different audiences, {bench.options.rate:g} requests a second on two"
        f" workers for {bench.options.seconds} s, readers and pages skewed (the n-th is asked 1/n as often), a"
        f" publication every {mixed.EVERY:g} s, after which every body is made anew. Each worker keeps its own bodies."
        f" By kind: {hits}."
    )
    row = [
        found["requests"], found["publications"], f"**{found['hit']:.0%}**", number(found["cpu"]),
        number(found["database"]), f"{found['median']:.1f} / {found['p95']:.1f}",
    ]  # fmt: skip
    head = [
        "requests",
        "publications",
        "answered from a shared body",
        "CPU ms a request",
        "database CPU",
        "ms, median / p95",
    ]
    into.add("Mixed traffic", note, head, [row])


def number(value: float) -> str:
    return report.number(value)


def parsed(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=1000, help="pages beside which the bare page is compared")
    parser.add_argument("--sizes", type=int, nargs=2, default=[1000, 100_000], help="of --growth")
    parser.add_argument("--readers", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--requests", type=int, default=60, help="of each cell in each round; half of it when cold")
    parser.add_argument("--rate", type=float, default=30, help="requests a second of --mixed")
    parser.add_argument("--seconds", type=int, default=65, help="of --mixed")
    parser.add_argument("--mixed", action="store_true")
    parser.add_argument("--growth", action="store_true")
    parser.add_argument("--all", action="store_true", help="pages, --mixed and --growth")
    parser.add_argument("--write", action="store_true", help="put the figures into docs/performance.md")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--database", metavar="URL", help="a PostgreSQL to make databases in; by default one of its own")
    where.add_argument("--sqlite", action="store_true")
    return parser.parse_args(arguments)


def main() -> int:
    options = parsed()
    into = report.Report()
    with tempfile.TemporaryDirectory(prefix="parvis-bench-") as directory, ExitStack() as stack:
        files = Path(directory)
        store: Store
        if options.sqlite:
            store = Files(files)
        elif options.database:
            store = GivenServer(options.database)
        else:
            store = stack.enter_context(Cluster(files))
        bench = Bench(files, store, stack, options)
        try:
            bench.prepare()
            if options.all or options.mixed or not options.growth:
                url, facts = bench.seeded("pages", size=options.size)
            if options.all or not (options.growth or options.mixed):
                beside_bare(bench, url, facts, into)
            if options.all or options.mixed:
                at_work(bench, url, facts, into)
            if options.all or options.growth:
                growing(bench, into)
        except WrongAnswerError as wrong:
            print(f"wrong answer: {wrong}", file=sys.stderr)
            return 2
        finally:
            print(into.text(), flush=True)
    if options.write:
        into.write("python -m bench.run " + " ".join(sys.argv[1:]))
    return 1 if into.missed else 0


if __name__ == "__main__":
    sys.exit(main())
