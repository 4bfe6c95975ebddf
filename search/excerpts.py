"""What an entry says around the words asked for, as safe HTML with the words in <mark>."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from search.words import Term, Word, clean, flat, fold, terms

LENGTH = 240
# What is read of a text to find the words: the rest is found, but not quoted.
READ = 60_000
_PART = re.compile(r"[^\W_]+")
_NONE_BEFORE, _REST = r"(?<![^\W_])", r"[^\W_]*(?:[-–.'][^\W_]+)*"


@dataclass(frozen=True, slots=True)
class Mark:
    start: int
    end: int
    term: int


def excerpt(text: str, *sources: str) -> SafeString:
    """Return the passage of `sources` that has most of what `text` asks, or the beginning of the first with words."""
    asked = terms(text)
    best: _Passage | None = None
    for source in sources:
        text_read = clean(source[:READ])
        if not text_read.strip():
            continue
        found = _best(text_read, asked)
        if best is None or found.terms > best.terms:
            best = found
        if best.terms == len(asked):  # nothing can say more: what follows is not read
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


def _best(text: str, asked: Sequence[Term]) -> _Passage:
    """Return the passage of `text`, of LENGTH signs or so, with most different terms; the first of several."""
    marks = list(_marks(text, asked))
    best = _Passage(text, 0, min(len(text), LENGTH), [mark for mark in marks if mark.end <= LENGTH])
    for first in marks:
        if best.terms == len(asked) or len(text) <= LENGTH:
            break
        start = max(0, first.start - 40)
        inside = [mark for mark in marks if start <= mark.start and mark.end <= start + LENGTH]
        if len({mark.term for mark in inside}) > best.terms:
            best = _Passage(text, start, min(len(text), start + LENGTH), inside)
    return best


def _marks(text: str, asked: Sequence[Term]) -> Iterable[Mark]:
    """Yield where the words of `asked` stand in `text`."""
    words = [(number, word) for number, term in enumerate(asked) for way in term.ways for word in way]
    if not words:
        return
    beginnings = sorted({_beginning(word) for _, word in words}, key=len, reverse=True)
    pattern = re.compile(f"{_NONE_BEFORE}(?:{'|'.join(beginnings)}){_REST}")
    most = 400
    for found in pattern.finditer(flat(text)):
        whole = text[found.start() : found.end()]
        joined = "".join(fold(part) for part in _PART.findall(whole))
        number = _term_of(joined, words)
        spans = [(found.start(), found.end(), number)] if number is not None else [
            (found.start() + part.start(), found.start() + part.end(), _term_of(fold(part[0]), words))
            for part in _PART.finditer(whole)
        ]  # fmt: skip
        for start, end, term in spans:
            if term is not None:
                yield Mark(start, end, term)
                most -= 1
        if most <= 0:
            return


def _term_of(folded: str, words: Sequence[tuple[int, Word]]) -> int | None:
    return next((number for number, word in words if word.matches(folded)), None)


def _beginning(word: Word) -> str:
    """Return what a word of the text begins with if it may be `word`: endings were changed, ligatures parted."""
    kept = word.stem if not word.stem.isalpha() or len(word.stem) <= 4 else word.stem[: max(4, len(word.stem) - 3)]
    return re.escape(kept).replace("oe", "(?:oe|œ)").replace("ae", "(?:ae|æ)").replace("ss", "(?:ss|ß)")


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
    return mark_safe(before + " ".join("".join(said).split()) + after)  # noqa: S308  # each piece is escaped above


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
