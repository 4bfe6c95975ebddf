"""Measure rebuild_search beside `update_index` with modelsearch's Elasticsearch backend, on the same pages and node.

    python -m bench.rebuild [--folder FOLDER | --size 5000]

Documents a second of the whole command, start of the process included; and the memory of both as they go. The exit
status is 1 when a promise is not kept.
"""

from __future__ import annotations

import argparse
import re
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from bench import report
from bench.cluster import Cluster
from bench.run import say
from bench.search import SearchBench, of_folder, of_size
from bench.servers import ROOT

TIMES, FLAT = 3.0, 1.15
ROUNDS = 2


def run(command: list[str], environment: dict[str, str], log: Path) -> tuple[float, list[int]]:
    """Run a command of the portal's; return its seconds, and its memory in MB every fifth of a second."""
    begun, memory = time.monotonic(), []
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "django", *command], env=environment, cwd=ROOT, stdout=output, stderr=output
        )
        while process.poll() is None:
            try:
                said = Path(f"/proc/{process.pid}/status").read_text()
            except OSError:
                break
            if found := re.search(r"VmRSS:\s+(\d+) kB", said):
                memory.append(int(found[1]) // 1024)
            time.sleep(0.2)
    if process.wait():
        raise RuntimeError(f"{' '.join(command)} failed:\n{log.read_text()[-3000:]}")
    return time.monotonic() - begun, memory


def growth(memory: list[int]) -> float:
    """Return the memory at the end as a multiple of that after a third: what is loaded once is loaded by then."""
    third = max(1, len(memory) // 3)
    early, late = memory[third : 2 * third] or memory, memory[2 * third :] or memory
    return statistics.median(late) / statistics.median(early)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--size", type=int, default=5000)
    parser.add_argument("--readers", type=int, default=20)
    options, into = parser.parse_args(), report.Report()
    with tempfile.TemporaryDirectory(prefix="parvis-bench-") as directory, ExitStack() as stack:
        files = Path(directory)
        bench = SearchBench(files, stack.enter_context(Cluster(files)), stack, options)
        bench.start_node()
        bench.prepare()
        loaded = of_folder(bench, options.folder) if options.folder else of_size(bench, options.size)
        compared(bench, loaded[0], loaded[2], into)
        print(into.text(), flush=True)
    return 1 if into.missed else 0


def compared(bench: SearchBench, url: str, name: str, into: report.Report) -> None:
    own = bench.environment(url)
    theirs = own | {"DJANGO_SETTINGS_MODULE": "bench.modelsearch_settings"}
    number = int(name.split(" ")[0].replace(",", ""))
    commands = {
        "`rebuild_search`": (["rebuild_search"], own),
        "`update_index`, modelsearch": (["update_index", "--backend=elasticsearch", "--verbosity=0"], theirs),
    }
    took: dict[str, list[float]] = {said: [] for said in commands}
    grew: dict[str, float] = {}
    most: dict[str, int] = {}
    for _round in range(ROUNDS):
        for said, (command, environment) in commands.items():
            say(said)
            seconds, memory = run(command, environment, bench.files / f"{command[0]}.log")
            took[said].append(seconds)
            grew[said], most[said] = growth(memory), max(memory)
    first, second = (statistics.median(seconds) for seconds in took.values())
    rows = []
    for said, seconds in took.items():
        rate = number / statistics.median(seconds)
        rows.append([said, f"{statistics.median(seconds):.1f}", f"{rate:.0f}", str(most[said]), f"{grew[said]:.2f}"])
    times = second / first
    kept = into.check("times slower than modelsearch's documents a second", TIMES / times, 1.0)
    rows[0].append(f"**{times:.2f}** times, ≥ {TIMES:g}{kept.removeprefix('≤ 1')}")
    rows[0][4] += f", {into.check('memory, last third beside the second', grew['`rebuild_search`'], FLAT)}"
    rows[1].append("1")
    note = (
        f"{name}; whole commands, medians of {ROUNDS} rounds in turns, on one node. *Grows*: memory in the last third"
        " of the run beside the second. modelsearch indexes pages alone, without audiences or dates."
    )
    into.add("Making the index", note, ["", "seconds", "a second", "most MB", "grows", "documents a second"], rows)


if __name__ == "__main__":
    sys.exit(main())
