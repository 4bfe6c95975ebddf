"""Words as the database's index knows them: the same folding for what is written and for what is asked.

Folding is done here and not by the database, so that SQLite and PostgreSQL find the same things and neither needs an
extension. docs/decisions/0004-database-search.md says what is folded and why.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from itertools import islice, product

from audience.names import fold as fold

LONGEST_WORD = 40
MOST_TERMS = 12
MOST_GROUPS = 8  # of words, in which one way to say a thing is asked
MOST_SIGNS = 10_000  # kept of those met

_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼ´`′", "'"))
# One apostrophe; a space that no tokenizer takes for a letter; what is a sign elsewhere is a name here.
_SIGNS = [
    *((apostrophe, "'") for apostrophe in "’‘ʼ´`′"),
    *((space, " ") for space in "\u00a0\u202f"),
    *(("C++", "cplusplus"), ("c++", "cplusplus"), ("C#", "csharp"), ("c#", "csharp")),
]
PREPARATION = 1  # which prepared() this is: an index of another is not asked
_DOTTED = re.compile(r"\.[^\W\d_]\.")  # looked for first: what may be an acronym begins at each letter
_ACRONYM = re.compile(r"(?<![^\W_])(?:[^\W\d_]\.){2,}(?:[^\W\d_](?![^\W_]))?")
# “étudiant·e·s”, “élu(e)s”, “étudiant.e.s”. The rare sign is looked for first, and the two letters before it then: the
# other way about, each letter of a text is looked at three times.
_INCLUSIVE = re.compile(
    r"[·•‧.(](?<=[^\W\d_][^\W\d_].)"
    r"(?:(?<=[·•‧])[^\W\d_]{1,9}(?:[·•‧]s)?|(?<=\.)(?:e|ne|le|trice|euse)\.s\b|(?<=\()(?:e|ne|le)\)s?)"
)
_ELISION = re.compile(r"\b(?:jusqu|lorsqu|puisqu|quoiqu|quelqu|presqu|qu|[cdjlmnst])'(?=[^\W_])", re.IGNORECASE)
_NAME_WITH_ELISION = re.compile(r"\b([DLN])'([^\W\d_]+)|\b([dl])'([A-ZÀ-Þ][^\W\d_]+)")
_CODE = re.compile(r"\b([A-Z]{1,5})[ \u00a0]?[-–]?[ \u00a0]?(\d{1,5})\b")
_COMPOUND = re.compile(r"[^\W_]+(?:[-–.·_@/'&+][^\W_]+)*")
_PART = re.compile(r"[^\W_]+")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")  # scripts that put no space between words

# Left out of what is asked, never of what is written, and only as spelled here: “été”, “sur”, “ses”, “as” are words.
_STOP_WORDS = """
le la les un une des du de au aux à a et ou en dans par pour avec chez ce cet cette
comment quel quelle quels quelles où quand pourquoi qui que quoi je il elle nous vous mon ma
the of to and or in at for with from how what when where who my an
el los las del y con por para una unos unas cómo cuándo dónde quién qué
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())


class _Seen(dict[int, str]):
    """Each sign as it is seen: a control character parts words, a format character or lone surrogate is nothing."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        shown = {"Cc": " ", "Cf": "", "Cs": ""}.get(unicodedata.category(sign), sign)
        if len(self) < MOST_SIGNS:
            self[code] = shown
        return shown


_seen = _Seen()


# All signs that cannot be seen, and others: texts in Latin, Greek and Cyrillic letters have none of these.
_PERHAPS_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u0600-\u200f\u202a-\u202e\u2060-\u206f\ud800-\udfff\ufe00-\U0010ffff]"
)


def clean(text: str) -> str:
    """Return `text` composed, without what cannot be seen: control and format characters, lone surrogates."""
    # Lines end all the time; beside these, the texts that are read for each result have nothing to take out.
    text = text.replace("\n", " ")
    return unicodedata.normalize("NFC", text.translate(_seen) if _PERHAPS_UNSEEN.search(text) else text)


class _Flat(dict[int, str]):
    """Each sign without case and accent, where that leaves one sign; filled as signs are met."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        base = unicodedata.normalize("NFKD", sign.lower())[:1].translate(_APOSTROPHES)
        if len(self) < MOST_SIGNS:
            self[code] = base
        return base


_flat = _Flat()


# The same for the signs that Western Europe writes, as bytes: a text is looked up six times as fast.
_WESTERN = "cp1252"
_western = bytes(
    (_flat[ord(sign)].encode(_WESTERN, "ignore") or bytes([byte]))[0]
    for byte in range(256)
    for sign in [bytes([byte]).decode(_WESTERN, "replace")]
)
_MICRO = "µ".encode(_WESTERN)  # flat, it is a Greek letter


def flat(text: str) -> str:
    """Return `text` without case and accents, each sign in its place; ligatures stay."""
    try:
        signs = text.replace("\u202f", " ").encode(_WESTERN)
    except UnicodeEncodeError:
        return text.translate(_flat)
    return text.translate(_flat) if _MICRO in signs else signs.translate(_western).decode(_WESTERN)


@lru_cache(maxsize=50_000)
def stem(folded: str) -> str:
    """Return a folded word without the endings of plural and feminine; codes, short words and other scripts stay."""
    word = folded[:LONGEST_WORD]
    if len(word) <= 3 or not word.isascii() or not word.isalpha():
        return word
    if word.endswith("eaux"):
        return word[:-1]
    if word.endswith("aux") and len(word) >= 6:
        return word[:-2] + "l"
    if word.endswith(("eux", "oux")):
        return word[:-1]
    if word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    for ending, length, other in _ENDINGS:
        if len(word) >= length and word.endswith(ending):
            return word[: -len(ending)] + other
    return word


# (ending, least length of the word, what replaces it); the first that fits.
_ENDINGS = (
    ("ie", 4, "y"),  # économie and economy, libraries and library
    ("ee", 4, "e"),
    ("enne", 6, "en"),
    ("elle", 7, "el"),
    ("euse", 7, "eur"),
    ("trice", 8, "teur"),
    ("ere", 5, "er"),
    ("ante", 7, "ant"),
    ("ente", 7, "ent"),
    ("ive", 6, "if"),
    ("ale", 6, "al"),
)


def prepared(text: str) -> str:
    """Return `text` with one apostrophe and one space, acronyms without dots, inclusive spellings undone.

    Both engines are given texts so, to index and to ask. Done here since it costs Elasticsearch more than all the rest
    of an analysis, which reads a text sign by sign for it. Whoever changes what it returns raises PREPARATION.
    """
    for sign, other in _SIGNS:
        text = text.replace(sign, other)
    if _DOTTED.search(text):
        text = _ACRONYM.sub(lambda found: found[0].replace(".", ""), text)
    return _INCLUSIVE.sub("", text)


def _parts(compound: str) -> list[str]:
    """Return the folded parts of a compound; signs of scripts without spaces are a part each."""
    parts: list[str] = []
    for part in _PART.findall(compound):
        folded = fold(part[: 2 * LONGEST_WORD])
        if _UNSPACED.search(folded):
            parts += [piece for piece in re.split(f"({_UNSPACED.pattern})", folded) if piece]
        else:
            # Folding may leave signs that are not of words (½ becomes 1⁄2): they part it.
            parts += _PART.findall(folded)
    return parts


def lexemes(text: str) -> Iterator[str]:
    """Yield what is indexed of `text`: each word stemmed, and the joined forms of names, codes and compounds.

    Yields only letters and digits of any script, at most LONGEST_WORD long: safe inside any query language.
    """
    text = prepared(text)
    for name in _NAME_WITH_ELISION.finditer(text):
        yield stem(fold((name[1] or name[3]) + (name[2] or name[4])))
    for code in _CODE.finditer(text):
        yield fold(code[1] + code[2])
    for compound in _COMPOUND.findall(_ELISION.sub("", text)):
        parts = _parts(compound)
        for part in parts:
            yield stem(part)
        joined = "".join(parts)
        if 1 < len(_PART.findall(compound)) <= 6 and len(joined) <= LONGEST_WORD:
            yield stem(joined)


def whole(text: str) -> str:
    """Return one lexeme that stands for all of `text`: equal for two titles that read the same."""
    compounds = _COMPOUND.findall(_ELISION.sub("", prepared(text)))
    words = " ".join(stem(part) for compound in compounds for part in _parts(compound))
    return "x" + blake2b(words.encode(), digest_size=12).hexdigest()


@dataclass(frozen=True, slots=True)
class Word:
    """One word asked for: `stem` as indexed, and, when it may be the beginning of one, `start` as typed."""

    stem: str
    start: str = ""

    def matches(self, folded: str) -> bool:
        stemmed = stem(folded)
        return stemmed == self.stem or bool(self.start and stemmed.startswith(self.start))


@dataclass(frozen=True, slots=True)
class Term:
    """What is asked for at one place: any of `ways`, each of them a group of words that must all be there."""

    ways: tuple[tuple[Word, ...], ...]


def together(ways: Sequence[Sequence[Term]]) -> Term:
    """Return one term that is any of `ways`, each with all its words: what editors say to mean the same."""
    groups: dict[tuple[Word, ...], None] = {}
    for way in ways:
        for group in islice(product(*(term.ways for term in way)), MOST_GROUPS):
            groups[tuple(word for words in group for word in words)] = None
    return Term(tuple(groups))


def _word(folded: str, *, last: bool) -> Word:
    typed = folded[:LONGEST_WORD]
    may_go_on = not _UNSPACED.match(typed) and len(typed) >= (2 if last else 3)
    return Word(stem(typed), typed if may_go_on else "")


def terms(text: str) -> list[Term]:
    """Return what `text` asks for, at most MOST_TERMS; nothing when there is no word in it. Never raises."""
    compounds = _COMPOUND.findall(_ELISION.sub("", prepared(clean(text))))
    telling = [compound for compound in compounds if compound.lower() not in STOP_WORDS]
    if not telling:
        # “De la”: asked as they are, not as beginnings, which would be those of half of all words.
        parts = [part for compound in compounds for part in _parts(compound)]
        return [Term(((Word(stem(part)),),)) for part in dict.fromkeys(parts)][:MOST_TERMS]
    found: list[Term] = []
    for index, compound in enumerate(telling):
        parts, last = _parts(compound), index == len(telling) - 1
        joined = "".join(parts)
        previous = telling[index - 1] if index else ""
        if joined.isdigit() and len(joined) <= 5 and previous.isalpha() and len(previous) <= 5 and found:
            # “UE 301”: one code, or two words.
            both = (*found[-1].ways[-1], _word(joined, last=last))
            found[-1] = Term(((Word(fold(previous) + joined),), both))
        elif len(_PART.findall(compound)) > 1 and len(joined) <= LONGEST_WORD:
            found.append(Term(((_word(joined, last=last),), tuple(_word(part, last=False) for part in parts))))
        elif len(parts) > 1:
            found += [Term(((_word(part, last=False),),)) for part in parts]
        elif parts:
            found.append(Term(((_word(parts[0], last=last),),)))
    distinct = list(dict.fromkeys(found))
    return distinct[:MOST_TERMS]
