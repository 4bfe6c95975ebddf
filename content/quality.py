"""What keeps a page from being as good as it could be. Nothing here keeps it from being published."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock

from content.blocks.lists import StepValue
from content.blocks.media import ImageValue
from content.fields import StreamField
from content.outline import TAKEN, WITHIN, outline
from content.text import plain

LONGEST_SENTENCE = 35  # words: about twice what one takes in at a glance
QUOTED = 90  # characters of what is meant
# Read alone, as a list of links is, these say nothing of where they lead.
EMPTY_WORDS = frozenset(
    {"ici", "là", "cliquez ici", "cliquer ici", "clic ici", "cliquez", "par ici", "lien", "ce lien", "le lien",
     "suivre ce lien", "suivez ce lien", "lire la suite", "la suite", "en savoir plus", "plus d'infos",
     "plus d'informations", "voir ici", "voir", "cette page", "page", "télécharger", "document", "consulter",
     "here", "click here", "click", "link", "this link", "read more", "more", "learn more", "see here", "this page",
     "download"}
)  # fmt: skip
ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
ANCHOR = re.compile(r"<a\b([^>]*)>(.*?)</a>", re.DOTALL)
HREF = re.compile(r'\bhref="([^"]*)"')
BREAK = re.compile(r"</(?:p|li|ul|ol)>|<br\s*/?>")
SENTENCE_END = re.compile(r"(?<=[.!?…:;])\s+")


class Flaw(models.TextChoices):
    """What may be better, as lists and filters name it."""

    SUMMARY = "summary", _("No summary")
    UNIT = "unit", _("No unit")
    UNTAGGED = "untagged", _("Neither topic nor audience")
    REVIEW = "review", _("Review date passed")
    ALTERNATIVE = "alternative", _("Image that nobody described")
    HEADING = "heading", _("Heading that skips a level")
    SENTENCE = "sentence", _("Long sentence")
    LINK = "link", _("Link whose words say nothing")
    ANCHOR = "anchor", _("Link to a heading that is not there")


ADVICE = {
    Flaw.SUMMARY: _("One or two sentences: they are what cards and results show."),
    Flaw.UNIT: _("Readers should know who answers for this page."),
    Flaw.UNTAGGED: _("Without a topic or an audience, the page is offered to nobody in particular."),
    Flaw.REVIEW: _("Read the page again, then set the next date."),
    Flaw.ALTERNATIVE: _("Say what the image shows, or that it is decorative."),
    Flaw.HEADING: _("Open the part with a heading of a part, before the headings within it."),
    Flaw.SENTENCE: _("Cut it in two: one idea in a sentence is understood at once."),
    Flaw.LINK: _("Say where the link leads: many readers go from link to link, without the text around."),
    Flaw.ANCHOR: _("No heading of this page has this anchor."),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One flaw of one page: `quote` is the place meant, in plain text, if there is one; it holds after day `since`."""

    flaw: Flaw
    quote: str = ""
    since: date | None = None

    @property
    def label(self) -> str:
        return str(self.flaw.label)

    @property
    def advice(self) -> str:
        return str(ADVICE[self.flaw])


def is_written(model: type[Any]) -> bool:
    """Return whether editors write the body of such pages: lists, which have none, are not judged."""
    return any(getattr(panel, "field_name", "") == "body" for panel in model.content_panels)


def findings(page: Any) -> list[Finding]:
    """Return what may be better in `page`, a PortalPage as it stands in memory, in the order of Flaw.

    A review date to come is among them, with that day: what is not yet so, the caller leaves out (`now`).
    """
    is_home = page.depth == 2  # everybody's, of no unit and no topic
    found = [*([] if is_home else _of_page(page)), *_of_streams(page)]
    return sorted(found, key=lambda one: list(Flaw).index(one.flaw))


def now(found: list[Finding]) -> list[Finding]:
    """Keep what holds today."""
    today = timezone.localdate()
    return [one for one in found if one.since is None or one.since < today]


def _of_page(page: Any) -> Iterator[Finding]:
    if not (page.summary or page.search_description):
        yield Finding(Flaw.SUMMARY)
    if page.unit_id is None:
        yield Finding(Flaw.UNIT)
    if not page.topics.all() and not page.audiences.all():
        yield Finding(Flaw.UNTAGGED)
    if page.review_on:
        yield Finding(Flaw.REVIEW, since=page.review_on)
    if page.image and not page.image.default_alt_text and not page.image.is_decorative:
        yield Finding(Flaw.ALTERNATIVE, _quoted(page.image.title))


def _of_streams(page: Any) -> Iterator[Finding]:
    streams = [getattr(page, one.name) for one in page._meta.get_fields() if isinstance(one, StreamField)]
    anchors = TAKEN.union(part.anchor for stream in streams for part in outline(stream, None))
    for stream in streams:
        opened = False
        for child in stream:
            if child.block_type == "heading":
                within = child.value["level"] == WITHIN
                if within and not opened:
                    yield Finding(Flaw.HEADING, _quoted(child.value["text"]))
                opened = opened or not within
            for value in _leaves(child.block, child.value):
                yield from _of_value(value, anchors)


def _of_value(value: Any, anchors: frozenset[str]) -> Iterator[Finding]:
    match value:
        case ImageValue():
            if not value.is_described:
                yield Finding(Flaw.ALTERNATIVE, _quoted(value["image"].title))
        case StepValue():
            if value["label"] and says_nothing(value["label"]):
                yield Finding(Flaw.LINK, _quoted(value["label"]))
        case str():
            yield from _of_prose(value, anchors)


def _of_prose(html: str, anchors: frozenset[str]) -> Iterator[Finding]:
    for link in ANCHOR.finditer(html):
        href = HREF.search(link[1])
        if says_nothing(plain(link[2])):
            yield Finding(Flaw.LINK, _quoted(plain(link[2])))
        if href and href[1].startswith("#") and href[1][1:] not in anchors:
            yield Finding(Flaw.ANCHOR, _quoted(href[1]))
    for passage in BREAK.split(html):
        for sentence in SENTENCE_END.split(plain(passage)):
            if len(sentence.split()) > LONGEST_SENTENCE:
                yield Finding(Flaw.SENTENCE, _quoted(sentence))


def says_nothing(words: str) -> bool:
    """Return whether the words of a link tell nothing of where it leads: “click here”, or a bare address."""
    said = " ".join(words.replace("’", "'").split()).strip(" .,:;!?…»«>→").casefold()
    return said in EMPTY_WORDS or bool(ADDRESS.fullmatch(said))


def _leaves(block: blocks.Block, value: Any) -> Iterator[Any]:
    """Yield what is judged in `value`: the source of rich text as a str, and the values of images and steps."""
    if isinstance(block, blocks.RichTextBlock):
        yield str(value.source) if value else ""
    elif isinstance(block, blocks.StructBlock):
        if isinstance(value, (ImageValue, StepValue)):
            yield value
        for name, child in block.child_blocks.items():
            yield from _leaves(child, value.get(name))
    elif isinstance(block, blocks.ListBlock):
        for item in value or []:
            yield from _leaves(block.child_block, item)
    elif isinstance(block, TypedTableBlock) and value:
        for row in value.rows:
            for cell in row:
                yield from _leaves(cell.block, cell.value)


def _quoted(text: str) -> str:
    return str(Truncator(" ".join(text.split())).chars(QUOTED))
