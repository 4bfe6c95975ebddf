"""Pages of a list without COUNT: one more entry is read than is shown, which says whether there is a next page."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from search.models import Entry

LAST_PAGE = 200


def page_number(given: object) -> int:
    """Return a page number between 1 and LAST_PAGE: absent, “x”, 0 and -3 are the first, 999 is the last."""
    try:
        number = int(str(given))
    except ValueError:
        return 1
    return min(max(number, 1), LAST_PAGE)


class EntryPage:
    """One page of a list: iterates over its entries, knows its number and its neighbours."""

    def __init__(self, entries: Any, number: object, *, size: int) -> None:
        self.entries = entries
        self.size = size
        self.asked = page_number(number)

    @classmethod
    def of(cls, found: list[Entry], number: int, *, size: int) -> EntryPage:
        """Return the page of that number, of which `found` was read: one more than is shown, if there is one."""
        page = cls(found, number, size=size)
        page._shown = number, found
        return page

    @cached_property
    def _shown(self) -> tuple[int, list[Entry]]:
        """The number of the page shown, and what was read for it."""
        found = self._slice(self.asked)
        if not found and self.asked > 1:
            # Past the end: the first page, as links of a list that has shrunk should still lead somewhere.
            return 1, self._slice(1)
        return self.asked, found

    def _slice(self, number: int) -> list[Entry]:
        start = (number - 1) * self.size
        return list(self.entries[start : start + self.size + 1])

    @property
    def number(self) -> int:
        return self._shown[0]

    @property
    def _read(self) -> list[Entry]:
        return self._shown[1]

    @property
    def object_list(self) -> list[Entry]:
        return self._read[: self.size]

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.object_list)

    def __len__(self) -> int:
        return len(self.object_list)

    @property
    def has_next(self) -> bool:
        return len(self._read) > self.size and self.number < LAST_PAGE

    @property
    def has_previous(self) -> bool:
        return bool(self._read) and self.number > 1

    @property
    def has_other_pages(self) -> bool:
        return self.has_next or self.has_previous

    @property
    def next_page_number(self) -> int:
        return self.number + 1

    @property
    def previous_page_number(self) -> int:
        return self.number - 1
