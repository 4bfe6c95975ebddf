"""Joined forms, by which codes, acronyms, names, telephone numbers and addresses meet however they are written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from search.words import STOP_WORDS, clean, fold, whole

MOST = 60  # codes of one entry
LONGEST = 80
_DIGIT = re.compile(r"\d")
_COMPOUND = re.compile(r"[^-·.&+/_][-·.&+/_]+[^-·.&+/_]")
EXTENSION = (4, 5, 6)  # digits at the end of a telephone number

_WORD = re.compile(r"[^\s,;:!?()\[\]«»\"“”]+")
_JOIN = re.compile(r"[^\W_]+")
_ACRONYM = re.compile(r"^(?:[A-ZÀ-Þ]\.?){2,8}$")
_PHONE = re.compile(r"^(?:\+33|0033|0)\d{9}$")
SHORT_TITLE = 6  # words: a name, an acronym, a code; not a sentence


def joined(text: str) -> str:
    """Return `text` folded, without anything but letters and digits."""
    return "".join(_JOIN.findall(fold(text)))[:LONGEST]


def title_key(text: str) -> str:
    """Return one key of a whole title: equal for two that read the same but for articles."""
    telling = [word for word in text.split() if word.lower() not in STOP_WORDS]
    return whole(" ".join(telling) or text)


def phone(text: str) -> str:
    """Return a telephone number as ten digits of the country, or nothing."""
    signs = re.sub(r"[\s.\-–/()]", "", text)
    return "0" + signs[-9:] if _PHONE.match(signs) else ""


def extensions_of(identifiers: Iterable[str]) -> list[str]:
    """Return the ends of the telephone numbers of an entry, as colleagues say them."""
    numbers = [number for said in identifiers if (number := phone(clean(said)))]
    return list(dict.fromkeys(number[-length:] for number in numbers for length in EXTENSION))[:MOST]


def extension_asked(text: str) -> str:
    """Return the end of a telephone number, if that is all that `text` is; or nothing."""
    digits = re.sub(r"[\s.\-]", "", text)
    return digits if digits.isdecimal() and digits.isascii() and len(digits) in EXTENSION else ""


def codes_of(title: str, identifiers: Iterable[str]) -> list[str]:
    """Return the codes under which an entry is found before all others."""
    found: dict[str, None] = {}
    for code in _codes(clean(title), identifiers):
        if len(code) > 1:
            found[code] = None
    return list(found)[:MOST]


def _codes(title: str, identifiers: Iterable[str]) -> Iterator[str]:
    words = _WORD.findall(title)
    for before, word in zip(["", *words], words, strict=False):
        inner = word.strip(".")
        if _ACRONYM.match(word) or _is_code(inner) or _is_compound(inner):
            yield joined(inner)
        if inner.isdigit() and len(inner) <= 5 and before.isalpha() and len(before) <= 5:
            yield joined(before + inner)  # “UE 301”
    if len(words) <= SHORT_TITLE:
        # A name without its first name, whatever the particles: “Hugo de La Tour du Pin”, “delatourdupin”.
        for start in range(len(words)):
            rest = words[start:]
            if len(rest) > 1 or "'" in rest[0] or "’" in rest[0] or len(words) == 1:
                yield joined("".join(rest))
    for said in identifiers:
        said = clean(said)
        yield phone(said) or joined(said) if _is_code(said) else ""
        local, at, _host = said.partition("@")
        if at:
            yield joined(local)


def _is_code(word: str) -> bool:
    return "@" in word or bool(_DIGIT.search(word))


def _is_compound(word: str) -> bool:
    return bool(_COMPOUND.search(word))


def also_of(identifiers: Iterable[str]) -> list[str]:
    """Return the other names of an entry, each as one key."""
    return [key for key in (joined(clean(said)) for said in identifiers) if key][:MOST]


def codes_asked(text: str) -> list[str]:
    """Return the codes that `text` may ask for: each word that may be one, two that are one, and all together."""
    words = _WORD.findall(text)
    found: dict[str, None] = {}
    for word in words:
        inner = word.strip(".")
        if inner.lower() not in STOP_WORDS:
            found[joined(inner)] = None
    for before, word in pairwise(words):
        if word.isdigit() and len(word) <= 5 and before.isalpha() and len(before) <= 5:
            found[joined(before + word)] = None
    whole = phone(text) or joined(text)
    if len(words) > 1 and whole:
        found[whole] = None
    return [code for code in found if len(code) > 1][:20]
