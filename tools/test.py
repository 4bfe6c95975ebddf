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
from contextlib import ExitStack
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


def pytest(database: str, *words: str) -> int:
    """Run the tests on one database; return pytest's exit status."""
    environment = {**os.environ, "PARVIS_DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "portal.settings.test"}
    workers = str(min(os.cpu_count() or 2, 4))
    command = [sys.executable, "-m", "pytest", "-n", workers, "--dist", "loadgroup", "--show-capture", "log", *words]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def timed(name: str, call: object, results: dict[str, int]) -> None:
    start = time.monotonic()
    print(f"\n== {name}", flush=True)
    results[name] = call()  # type: ignore[operator]
    print(f"== {name}: {'failed' if results[name] else 'passed'} in {time.monotonic() - start:.0f} s", flush=True)


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
    marked = "(long or whole)" if long else "not long"
    if long:
        os.environ["PARVIS_WHOLE"] = "1"  # what is sampled otherwise goes whole, on PostgreSQL
    results: dict[str, int] = {}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="parvis-tests-")))
        browser = "" if "chromium" not in absent else " and not browser"
        sqlite = f"sqlite:///{folder / 'tests.sqlite3'}"
        marks = f"{'(long or (whole and browser))' if long else marked}{browser} and not postgresql"
        marks += "" if "postgresql" in absent else " and not server"
        node = "" if {"java", "mvn"}.isdisjoint(absent) else " and not elasticsearch"
        marks += node
        timed("tests on SQLite", lambda: pytest(sqlite, "-m", marks, *words), results)
        if "postgresql" not in absent:
            cluster = stack.enter_context(Cluster(folder))
            url = cluster.create("parvis")
            marks = f"{marked} and not browser and not once{node}"
            timed("tests on PostgreSQL", lambda: pytest(url, "-m", marks, *words), results)
    if absent:
        print("\nNot run, for want of:")
        for name, package in sorted(absent.items()):
            print(f"  {name}: as root, apt-get install {package}")
    # 5 is pytest's word for "no test was selected", which `make test-long` may meet on one of the databases.
    return 1 if any(status not in {0, 5} for status in results.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
