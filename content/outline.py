"""How a body is shown: what is left of it for a reader, its headings in order, each with an anchor of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.text import slugify
from wagtail.blocks import StreamValue

from content.targets import Links

# Ids that templates give themselves: no heading takes them.
TAKEN = frozenset(
    {"agenda", "alerts", "all", "announcements", "conformity", "contact", "content", "cookies-caption", "dates",
     "deadlines", "doors", "establishment", "events", "favourites", "favourites-how", "favourites-order",
     "favourites-remove", "feedback", "footer-portal", "going-on", "guides", "help-institution",
     "help-institution-title", "help-pages", "help-reference", "help-unit", "help-unit-title", "history",
     "keep-these", "month", "month-name", "news", "next", "not-accessible", "order-choice", "own", "pinned", "q",
     "q-front", "q-page", "quick", "reach", "recourse", "related", "results", "retired", "section", "services",
     "steps", "subscribe", "subscribe-address", "timely", "toc", "undo", "useful", "useful-hint",
     "useful-question", "useful-words", "when", "who", "years"}
)  # fmt: skip
TOP = 2  # the first level below a page's title
DATES = "dates"  # the block of key dates, and the anchor by which the agenda leads to it
WITHIN = "3"  # what the block of a heading within a part holds


@dataclass(frozen=True)
class Part:
    """One block of a body as it is shown: `level` is that of a heading standing in it, or its own if it is one.

    `anchor` is the id of a heading, or of the first key dates; else there is none.
    """

    child: StreamValue.StreamChild
    level: int
    anchor: str = ""

    @property
    def is_heading(self) -> bool:
        return bool(self.child.block_type == "heading")


def outline(stream: StreamValue, links: Links | None, *, level: int = TOP) -> list[Part]:
    """Return the blocks of `stream` that are shown to the reader of `links`; all of them, when `links` is None.

    What leads to nothing for this reader is left out, and so is a heading under which nothing else stood. No heading
    skips a level: one within a part is that of a part until there is one; `level` is that of parts.
    """
    parts: list[Part] = []
    names = set(TAKEN)
    in_part, inside = False, level  # the level of what stands under the last heading
    for child in _kept(stream, links):
        if child.block_type == "heading":
            deep = in_part and child.value["level"] == WITHIN
            in_part = in_part or child.value["level"] != WITHIN
            inside = level + 1 + deep
            parts.append(Part(child, level + deep, _anchor(child.value["text"], names)))
        else:
            first_dates = child.block_type == DATES and not any(part.anchor == DATES for part in parts)
            parts.append(Part(child, inside, DATES if first_dates else ""))
    return parts


def _anchor(text: str, names: set[str]) -> str:
    """Return an anchor made of `text`, and of a number if it is in `names`, to which it is added."""
    base = slugify(text)[:80].strip("-") or "section"
    anchor = next(name for name in (base, *(f"{base}-{n}" for n in range(2, len(names) + 3))) if name not in names)
    names.add(anchor)
    return anchor


def _kept(stream: StreamValue, links: Links | None) -> Iterator[StreamValue.StreamChild]:
    """Yield the blocks of `stream` that have something to show, and the headings that still stand over one."""
    children = list(stream)
    shown = [_is_shown(child, links) for child in children]
    for number, child in enumerate(children):
        if child.block_type == "heading":
            under = list(_under(children, number))
            # A heading over nothing at all is as its editor left it.
            if not under or any(shown[other] for other in under):
                yield child
        elif shown[number]:
            yield child


def _under(children: list[StreamValue.StreamChild], number: int) -> Iterator[int]:
    """Yield the numbers of the blocks that stand under heading `number`, headings apart."""
    level = children[number].value["level"]
    for other in range(number + 1, len(children)):
        if children[other].block_type != "heading":
            yield other
        elif children[other].value["level"] <= level:
            return


def _is_shown(child: StreamValue.StreamChild, links: Links | None) -> bool:
    is_shown = getattr(child.block, "is_shown", None)
    return links is None or is_shown is None or bool(is_shown(child.value, links))
