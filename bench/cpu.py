"""CPU time of processes and of the machine, from /proc (Linux)."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

TICK = 1 / os.sysconf("SC_CLK_TCK")


def of_process(pid: int) -> float:
    """Return the seconds of CPU (user and system) that process `pid` has used, all its threads together.

    The scheduler's own count is in nanoseconds; where the kernel does not keep it, clock ticks are used.
    """
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9
    except (FileNotFoundError, ProcessLookupError, IndexError):
        return _ticks_of(pid)


def _ticks_of(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return (int(fields[11]) + int(fields[12])) * TICK


def of_machine() -> float:
    """Return the seconds of CPU that the whole machine has used, idle and waiting left out."""
    user, nice, system, _idle, _wait, irq, softirq, *_ = map(
        int, Path("/proc/stat").read_text().split("\n")[0].split()[1:]
    )
    return (user + nice + system + irq + softirq) * TICK


def children(pid: int) -> list[int]:
    """Return the processes that `pid` started and that still run."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        found += map(int, (task / "children").read_text().split())
    return found


def backends(postmaster: int, database: str) -> list[int]:
    """Return the PostgreSQL backends that serve `database`: their process title names it."""
    found = []
    for pid in children(postmaster):
        try:
            title = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if title.startswith("postgres:") and f" {database} " in title:
            found.append(pid)
    return found


@dataclass(frozen=True)
class Spent:
    """Seconds of CPU: in the workers, in the database's backends, and on the whole machine."""

    workers: float
    database: float
    machine: float

    def __sub__(self, other: Spent) -> Spent:
        return Spent(self.workers - other.workers, self.database - other.database, self.machine - other.machine)


def spent(workers: list[int], postmaster: int | None, database: str, *, without: set[int]) -> Spent:
    """Return what these workers and their database's backends have used until now, backends `without` left out."""
    serving = set(backends(postmaster, database)) - without if postmaster else set()
    return Spent(sum(map(of_process, workers)), sum(map(of_process, serving)), of_machine())
