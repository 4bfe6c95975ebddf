"""What an entry says around the words asked for, as safe HTML with the words in <mark>."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from search.words import Term, Word, clean, flat, fold, terms

LENGTH = 240
# What is read of a text to find the words: the rest is found, but not quoted.
READ = 60_000
MOST_MARKS, MOST_WORDS = 400, 1000  # of one text; and kept of what one question finds in texts
_SPACE = re.compile(r"[ \t]+")  # those that keep a sign with its word stay
_LINE_END = re.compile(r"\n(?<![.!?…:;,]\n)")
_PART = re.compile(r"[^\W_]+")
_REST = r"[^\W_]*(?:[-–.'][^\W_]+)*"


def parted(text: str) -> str:
    """Return `text` whose lines stand by themselves as one line, with a sign where no sentence ends."""
    return _LINE_END.sub(" · ", text[:READ])


@dataclass(frozen=True, slots=True)
class Mark:
    start: int
    end: int
    term: int


def excerpt(text: str, *sources: str) -> SafeString:
    """Return the passage of `sources` that has most of what `text` asks, or the beginning of the first with words."""
    asked = _asked(text)
    best: _Passage | None = None
    for source in sources:
        text_read = clean(source[:READ])
        if not text_read.strip():
            continue
        found = _best(text_read, asked)
        if best is None or found.terms > best.terms:
            best = found
        if best.terms == asked.number:  # nothing can say more: what follows is not read
            break
    if best is None:
        return mark_safe("")
    return _marked(best if best.terms else _Passage(best.text, 0, min(len(best.text), LENGTH), ()))


@dataclass(frozen=True, slots=True)
class _Passage:
    text: str
    start: int
    end: int
    marks: Sequence[Mark]

    @property
    def terms(self) -> int:
        return len({mark.term for mark in self.marks})


def _best(text: str, asked: _Asked) -> _Passage:
    """Return the passage of `text`, of LENGTH signs or so, with most different terms; the first of several."""
    marks = asked.marks(text)
    best = _Passage(text, 0, min(len(text), LENGTH), [mark for mark in marks if mark.end <= LENGTH])
    if len(text) <= LENGTH:
        return best
    # Passages begin a little before each mark in turn: what stands in one is what stood in the one before, moved on.
    inside, terms_inside, first = deque[Mark](), Counter[int](), iter(marks)
    most = best.terms
    following = next(first, None)
    for mark in marks:
        if most == asked.number:
            break
        start = max(0, mark.start - 40)
        while following and following.end <= start + LENGTH:
            inside.append(following)
            terms_inside[following.term] += 1
            following = next(first, None)
        while inside and inside[0].start < start:
            gone = inside.popleft()
            terms_inside[gone.term] -= 1
            if not terms_inside[gone.term]:
                del terms_inside[gone.term]
        if len(terms_inside) > most:
            most = len(terms_inside)
            best = _Passage(text, start, min(len(text), start + LENGTH), list(inside))
    return best


class _Asked:
    """The words that a question asks, as they are looked for in the texts of all that it found."""

    def __init__(self, asked: Sequence[Term]) -> None:
        self.number = len(asked)
        self.words = [(number, word) for number, term in enumerate(asked) for way in term.ways for word in way]
        beginnings = sorted({_beginning(word) for _, word in self.words}, key=len, reverse=True)
        self.pattern = re.compile(f"(?:{'|'.join(map(_anchored, beginnings))}){_REST}")
        self.known: dict[str, list[Mark]] = {}

    def marks(self, text: str) -> list[Mark]:
        """Return where these words stand in `text`, the first MOST_MARKS or so."""
        found: list[Mark] = []
        if not self.words:
            return found
        for match in self.pattern.finditer(flat(text)):
            at = match.start()
            found += [Mark(at + mark.start, at + mark.end, mark.term) for mark in self._of(text[at : match.end()])]
            if len(found) >= MOST_MARKS:
                break
        return found

    def _of(self, whole: str) -> list[Mark]:
        """Return what is asked of a word with its compounds: all of it, or its parts. A text repeats its words."""
        marks = self.known.get(whole)
        if marks is None:
            parts = list(_PART.finditer(whole))
            spans = [(0, len(whole), _term_of("".join(fold(part[0]) for part in parts), self.words))]
            if spans[0][2] is None:
                spans = [(part.start(), part.end(), _term_of(fold(part[0]), self.words)) for part in parts]
            marks = [Mark(start, end, term) for start, end, term in spans if term is not None]
            if len(self.known) < MOST_WORDS:
                self.known[whole] = marks
        return marks


@lru_cache(maxsize=100)
def _asked(text: str) -> _Asked:
    return _Asked(terms(text))


def _term_of(folded: str, words: Sequence[tuple[int, Word]]) -> int | None:
    return next((number for number, word in words if word.matches(folded)), None)


def _beginning(word: Word) -> str:
    """Return what a word of the text begins with if it may be `word`: endings were changed, ligatures parted."""
    kept = word.stem if not word.stem.isalpha() or len(word.stem) <= 4 else word.stem[: max(4, len(word.stem) - 3)]
    return re.escape(kept).replace("oe", "(?:oe|œ)").replace("ae", "(?:ae|æ)").replace("ss", "(?:ss|ß)")


def _anchored(beginning: str) -> str:
    """Return what matches `beginning` where a word begins. What stands before is looked at behind the first letter: a
    pattern that begins with letters is looked for twice as fast."""
    first, rest = beginning[0], beginning[1:]
    return f"{first}(?<![^\\W_]{first}){rest}" if first.isalnum() else f"(?<![^\\W_]){beginning}"


def _marked(passage: _Passage) -> SafeString:
    start, end = _whole_words(passage)
    said, at = [], start
    for mark in passage.marks:
        if at <= mark.start and mark.end <= end:
            said += [
                escape(passage.text[at : mark.start]),
                f"<mark>{escape(passage.text[mark.start : mark.end])}</mark>",
            ]
            at = mark.end
    said.append(escape(passage.text[at:end]))
    before, after = "… " if start else "", " …" if end < len(passage.text) else ""
    return mark_safe(before + _SPACE.sub(" ", "".join(said)).strip() + after)  # noqa: S308  # each piece is escaped above


def _whole_words(passage: _Passage) -> tuple[int, int]:
    """Return the passage's ends, moved inward so that they cut no word."""
    start, end, text = passage.start, passage.end, passage.text
    if start:
        space = text.find(" ", start, start + 40)
        start = space + 1 if space >= 0 else start
    if end < len(text):
        space = text.rfind(" ", max(start, end - 40), end + 1)
        end = space if space > start else end
    return start, end
