"""Figures as Markdown tables, and whether each keeps what the portal promises."""

from __future__ import annotations

import platform
import re
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.load import Cell, Sample, ratio
from bench.servers import ROOT

PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- figures: make bench writes between these marks -->", "<!-- end of figures -->"


@dataclass
class Report:
    """Tables in the order they were measured, and what missed its target."""

    tables: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    def check(self, what: str, value: float, most: float) -> str:
        """Return `≤ most`, marked and remembered when `value` is above."""
        if value <= most:
            return f"≤ {most:g}"
        self.missed.append(f"{what}: {value:.2f}, promised ≤ {most:g}")
        return f"≤ {most:g} **missed**"

    def add(self, title: str, note: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        lines = [f"### {title}", "", note, "", f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
        lines += [f"| {' | '.join(map(str, row))} |" for row in rows]
        self.tables.append("\n".join(lines))

    def text(self) -> str:
        verdict = "Every promise is kept." if not self.missed else "Missed: " + "; ".join(self.missed) + "."
        return "\n\n".join([*self.tables, verdict]) + "\n"

    def write(self, command: str) -> None:
        """Put the tables into docs/performance.md."""
        page = PAGE.read_text(encoding="utf-8")
        figures = f"{BEGIN}\n\n`{command}`, {machine()}.\n\n{self.text()}\n{END}"
        if BEGIN not in page:
            raise ValueError(f"{PAGE.name} has no place for figures: {BEGIN}")
        PAGE.write_text(re.sub(f"{BEGIN}.*{END}", lambda _: figures, page, flags=re.DOTALL), encoding="utf-8")


def machine() -> str:
    """Return what the figures were measured on."""
    return f"Python {platform.python_version()}, {platform.system()}, {cores()} cores"


def cores() -> int:
    return Path("/proc/cpuinfo").read_text().count("processor\t:")


def number(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:.1f}"


def foreign(cells: Iterable[Cell]) -> str:
    """Return the share of CPU that other processes used while these cells were measured: median and worst."""
    shares = [sample.foreign for cell in cells for sample in cell.samples]
    return f"{statistics.median(shares):.0%} (at most {max(shares):.0%})"


def compared(report: Report, cells: list[Cell], bare: Cell, targets: dict[str, float], sql: dict[str, str]) -> None:
    """Add the table of the portal's pages beside the bare page."""
    rows = []
    for cell in [bare, *cells]:
        times = ratio(cell, bare)
        rows.append(
            [
                cell.name,
                number(cell.median(lambda sample: sample.cpu)),
                number(cell.median(lambda sample: sample.database)),
                "1" if cell is bare else f"**{times:.2f}**",
                report.check(cell.name, times, targets[cell.name]) if cell.name in targets else "",
                sql.get(cell.name, ""),
                number(cell.median(lambda sample: sample.wall)),
            ]
        )
    note = (
        "CPU milliseconds a request, medians of shuffled rounds. *Cold*: something was published before each request;"
        " else the shared body is there. The ratio counts the database too."
        f" CPU used by others meanwhile: {foreign(cells)}."
    )
    head = ["page", "CPU", "database CPU", "times the bare page", "promised", "SQL", "ms on the clock"]
    report.add("Beside a bare Wagtail page", note, head, rows)


def grown(report: Report, pairs: list[tuple[Cell, Cell]], targets: dict[str, float], sizes: tuple[int, int]) -> None:
    """Add the table of pages at two sizes."""
    rows = []
    for small, large in pairs:
        times = ratio(large, small)
        total: list[str] = [number(cell.median(lambda sample: sample.total)) for cell in (small, large)]
        clock = large.median(lambda sample: sample.wall)
        promised = report.check(f"{small.name}, growth", times, targets[small.name]) if small.name in targets else ""
        if small.name == "search, commonest words":
            promised = report.check("search, commonest words, seconds", clock / 1000, 0.5) + " s"
        rows.append([small.name, *total, f"**{times:.2f}**", promised, number(clock)])
    note = (
        f"CPU milliseconds a request, database included, at {sizes[0]:,} and {sizes[1]:,} entries in the same rounds,"
        f" every body made anew. CPU used by others meanwhile: {foreign(cell for pair in pairs for cell in pair)}."
    )
    head = ["page", f"{sizes[0]:,}", f"{sizes[1]:,}", "ratio", "promised", f"ms on the clock at {sizes[1]:,}"]
    report.add("Growth", note, head, rows)


def total(samples: Iterable[Sample]) -> float:
    return statistics.median(sample.total for sample in samples)
