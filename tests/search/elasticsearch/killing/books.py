"""What is known for certain of each page, so that a search can be judged while everything moves.

An operation that was answered is in force; of one under way, or whose answer was lost, nothing is certain.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock

# The second word of each title: it is never typed, so that it is shown only with its title.
SECRET = re.compile(r"\bw(\d{4})\b")


@dataclass
class Known:
    """A page; None where it is not certain."""

    parent: int | None
    live: bool | None = True
    reserved: bool | None = False
    locked: bool | None = False


@dataclass
class Books:
    """Pages by id, their numbers, and the searches under way with what they must not show."""

    pages: dict[int, Known] = field(default_factory=dict)
    numbers: dict[int, int] = field(default_factory=dict)  # the number in the title, by page
    under_way: dict[int, tuple[bool, set[int]]] = field(default_factory=dict)
    leaks: list[tuple[str, bool, set[int]]] = field(default_factory=list)
    judged: int = 0  # titles that a search must not show, and did not
    _lock: Lock = field(default_factory=Lock)
    _last: int = 0

    def shut(self, *, student: bool) -> set[int]:
        """Return the numbers of the pages that this reader certainly may not see now."""

        def alone(known: Known | None) -> bool:
            return known is not None and (
                known.live is False or known.reserved is True or (known.locked is True and not student)
            )

        return {
            number
            for pk, number in self.numbers.items()
            if alone(self.pages[pk]) or alone(self.pages.get(self.pages[pk].parent or 0))
        }

    @contextmanager
    def changing(self, page: int, **what: object) -> Iterator[None]:
        """Within, it is not certain; after it, what was asked is in force. An exception leaves it uncertain."""
        with self._lock:
            for name in what:
                setattr(self.pages[page], name, None)
            for student, numbers in self.under_way.values():
                numbers &= self.shut(student=student)
        yield
        with self._lock:
            for name, value in what.items():
                setattr(self.pages[page], name, value)

    def added(self, page: int, parent: int, number: int) -> None:
        with self._lock:
            self.pages[page], self.numbers[page] = Known(parent), number

    def begin(self, *, student: bool) -> int:
        """A search begins: return its number."""
        with self._lock:
            self._last += 1
            self.under_way[self._last] = (student, self.shut(student=student))
            return self._last

    def end(self, search: int, asked: str, answer: str) -> None:
        """It ended, and showed this."""
        with self._lock:
            student, must_not = self.under_way.pop(search)
        self.judged += len(must_not)
        if told := must_not & {int(found) for found in SECRET.findall(answer)}:
            self.leaks.append((asked, student, told))
