"""Names: which one a reader is told of a small record, and in what order names stand in a list."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from django.conf import settings
from django.utils.translation import get_language

_LIGATURES = str.maketrans(
    {"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L"}
)
_WORD = re.compile(r"[^\W_]+")
_DIGITS = re.compile(r"\d+")
# Letters of their own, which follow the one they are made of: “{” stands behind z.
_OWN_LETTERS = {"es": {"ñ": "n{"}}


class Named:
    """A small record with a name in the portal's first language and, if it was given one, in English.

    Readers of any other language are told the first: docs/decisions/0011-three-languages-and-more.md says why.
    """

    name: str
    name_en: str

    @property
    def label(self) -> str:
        """The name in the reader's language, else in the portal's first."""
        return self.name_en if self.label_language == "en" else self.name

    @property
    def label_language(self) -> str:
        """The language of `label`."""
        in_english = bool(self.name_en) and (get_language() or "").startswith("en")
        return "en" if in_english else settings.LANGUAGE_CODE


@lru_cache(maxsize=50_000)
def fold(word: str) -> str:
    """Return `word` without case, accents and ligatures."""
    if word.isascii():
        return word.lower()
    parted = unicodedata.normalize("NFKD", word.translate(_LIGATURES).casefold())
    return "".join(sign for sign in parted if not unicodedata.combining(sign))


def sort_key(text: str, language: str = "") -> str:
    """Return what `text` sorts by, sign by sign: its words without case and accents, numbers by their value.

    “École” stands between “Cours” and “Stages”, “L2” before “L10”, and in Spanish ñ behind n.
    """
    own = _OWN_LETTERS.get(language[:2], {})
    composed = unicodedata.normalize("NFC", text).casefold()
    words = []
    for word in _WORD.findall(composed):
        kept = "".join(own.get(sign) or fold(sign) for sign in word) if own else fold(word)
        words.append(_DIGITS.sub(lambda number: number[0].zfill(6), kept))
    return " ".join(words)
