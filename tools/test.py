"""Set up what the tests need, then run them on SQLite and on a real PostgreSQL.

As root on Debian, what is missing is installed. Without root, what can run does, and the end says what did not and
how to have it; with PARVIS_REQUIRE_ALL=1 (CI) a missing part is a failure.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.cluster import Cluster, programs  # noqa: E402  # found once the path is set

# What each part is looked for by, and the Debian package that has it.
PACKAGES = {
    "chromium": "chromium",
    "redis-server": "redis-server",
    # For the search engine and the identity providers of the tests.
    "java": "default-jdk-headless",
    "mvn": "maven",
    "node": "nodejs",
    "npm": "npm",
}
NO_TEST = 5  # pytest's exit status
REQUIRED = os.environ.get("PARVIS_REQUIRE_ALL") == "1"


def missing() -> dict[str, str]:
    """Return the parts that are not here, each with its Debian package."""
    parts = {name: package for name, package in PACKAGES.items() if shutil.which(name) is None}
    try:
        programs()
    except FileNotFoundError:
        parts["postgresql"] = "postgresql"
    return parts


def install(packages: list[str]) -> None:
    """Install Debian packages; a failure is told by what is still missing afterwards."""
    quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
    print(f"Installing {', '.join(packages)} …", flush=True)
    subprocess.run(["apt-get", "update", "-qq"], check=False, **quiet)  # Debian's own
    subprocess.run(
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages],
        check=False,
        **quiet,
    )


@dataclass(frozen=True)
class Run:
    """The tests that `marks` select, on one database, by so many processes; none: in pytest's own."""

    name: str
    database: str
    marks: str
    workers: int = 0

    def go(self, words: list[str]) -> int:
        """Run them, and say all that they said when they end; return pytest's exit status."""
        settings = {"PARVIS_DATABASE_URL": self.database, "DJANGO_SETTINGS_MODULE": "portal.settings.test"}
        shared = ["-n", str(self.workers), "--dist", "load", "--show-capture", "log"]
        command = [sys.executable, "-m", "pytest", *shared, "-m", self.marks, *words]
        start = time.monotonic()
        print(f"== {self.name}: begun", flush=True)
        done = subprocess.run(
            command,
            cwd=ROOT,
            env={**os.environ, **settings},
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        # That no test was selected, which `make test-long` may meet, is no failure.
        status = 0 if done.returncode == NO_TEST else done.returncode
        ended = f"== {self.name}: {'failed' if status else 'passed'} in {time.monotonic() - start:.0f} s"
        print(f"\n== {self.name}\n{done.stdout}{ended}\n", flush=True)
        return status


def runs(folder: Path, absent: dict[str, str], *, long: bool, server: str) -> list[list[Run]]:
    """Return what is to run: lists that go beside each other, each in its order. `server` is a PostgreSQL, if any.

    One server answers all of the browser's tests, which wait more than they compute: they run in one process.
    """
    node = "" if {"java", "mvn"}.isdisjoint(absent) else " and not elasticsearch"
    sqlite = f"sqlite:///{folder / 'tests.sqlite3'}"
    workers = min(os.cpu_count() or 2, 4)
    marked = "(long or whole)" if long else "not long"
    lone = f"{'long' if long else marked} and not browser and not postgresql{node}"
    browser = [] if "chromium" in absent else [Run("in the browser", sqlite, f"browser and {marked}")]
    if not server:
        return [browser, [Run("on SQLite", sqlite, lone, workers)]]
    whole = Run("on PostgreSQL", server, f"{marked} and not browser and not once{node}", workers)
    return [[*browser, Run("on SQLite", sqlite, f"{lone} and not server")], [whole]]


def main() -> int:
    absent = missing()
    if absent and os.geteuid() == 0 and shutil.which("apt-get"):
        install(sorted(set(absent.values())))
        absent = missing()
    if absent and REQUIRED:
        print(f"Missing, and required: {', '.join(sorted(absent))}")
        return 1
    words = [word for word in sys.argv[1:] if word != "--long"]
    long = "--long" in sys.argv
    if long:
        os.environ["PARVIS_WHOLE"] = "1"  # what is sampled otherwise goes whole, on PostgreSQL
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="parvis-tests-")))
        server = "" if "postgresql" in absent else stack.enter_context(Cluster(folder)).create("parvis")
        lists = runs(folder, absent, long=long, server=server)
        with ThreadPoolExecutor(len(lists)) as beside:
            ended = list(beside.map(lambda some: [run.go(words) for run in some], lists))
    if absent:
        print("\nNot run, for want of:")
        for name, package in sorted(absent.items()):
            print(f"  {name}: as root, apt-get install {package}")
    return 1 if any(status for some in ended for status in some) else 0


if __name__ == "__main__":
    sys.exit(main())
