"""Blocks of text: prose, headings, callouts, quotations, code."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import blocks
from wagtail.rich_text import RichText

from content.blocks.addresses import link_address
from content.blocks.base import OptionalBlock, StructBlock
from content.targets import Links

TEXT = _("Text")
PROSE_FEATURES = ["bold", "italic", "ol", "ul", "link", "document-link", "superscript", "subscript"]
# What the features above write. Whatever else is stored, by whatever way, is shown without its tags.
KEPT_TAGS = frozenset({"p", "br", "b", "strong", "i", "em", "ul", "ol", "li", "sup", "sub", "a"})
TAG = re.compile(r"<(?:(/?)([a-zA-Z][a-zA-Z0-9]*)\b([^<>]*)>)?")
ATTRIBUTE = re.compile(r'\b(href|linktype|id)="([^"]*)"')


def _address(written: str, links: Links) -> str:
    """Return where a link leads for this reader: nowhere when its target is not for them, or is no address."""
    attributes = {name: unescape(value) for name, value in ATTRIBUTE.findall(written)}
    if linktype := attributes.get("linktype"):
        number = attributes.get("id", "")
        entry = links.get(linktype, {}).get(int(number)) if number.isdecimal() and len(number) < 19 else None
        return entry.url if entry else ""
    return link_address(attributes.get("href", ""))


def expand(source: str, links: Links) -> SafeString:
    """Return stored rich text as HTML of the tags above, its links to pages and documents taken from `links` alone.

    Nothing is passed on as it was stored: each tag is written anew, without attributes but the address of a link.
    """

    def anew(tag: re.Match[str]) -> str:
        closing, name, attributes = tag[1], (tag[2] or "").lower(), tag[3]
        if not name:
            return "&lt;"
        if name not in KEPT_TAGS:
            return ""
        if name == "a" and not closing and (address := _address(attributes, links)):
            return format_html('<a href="{}">', address)
        return f"<{closing}{name}>"

    return mark_safe(TAG.sub(anew, str(source)))  # noqa: S308  # every tag in it was written by `anew`


class ProseBlock(blocks.RichTextBlock):
    """Text with links that show only where they lead for this reader."""

    def __init__(self, max_length: int | None = 12_000, **kwargs: Any) -> None:
        super().__init__(features=PROSE_FEATURES, max_length=max_length, **kwargs)

    def get_context(self, value: RichText, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        context["html"] = expand(value.source, (parent_context or {}).get("links", {}))
        return context

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        group = TEXT
        description = _(
            "Paragraphs and lists, with links to pages, documents, other sites, headings of this page (#anchor), "
            "e-mail addresses and telephone numbers."
        )
        preview_value = _(
            "<p>Enrolment is <b>online</b> from 1 July. You need:</p><ul><li>your student number;</li>"
            '<li>proof of <a href="https://cvec.example/">payment of the CVEC</a>.</li></ul>'
        )
        template = "content/blocks/prose.html"


class HeadingBlock(StructBlock):
    text = blocks.CharBlock(label=_("Heading"), max_length=120)
    level = blocks.ChoiceBlock(
        choices=[("2", _("Heading of a part")), ("3", _("Heading within a part"))],
        default="2",
        label=_("Level"),
        search_index=False,
    )

    class Meta:
        icon = "title"
        label = _("Heading")
        group = TEXT
        label_format = "{text}"
        description = _("Opens a part of the page. Headings of parts make the table of contents.")
        preview_value = {"text": _("Before you enrol"), "level": "2"}
        template = "content/blocks/heading.html"


class CalloutBlock(StructBlock):
    tone = blocks.ChoiceBlock(
        choices=[
            ("info", _("Information")),
            ("warning", _("Warning")),
            ("success", _("Success")),
            ("deadline", _("Deadline")),
        ],
        default="info",
        label=_("Tone"),
        search_index=False,
    )
    title = OptionalBlock(label=_("Title"), max_length=120)
    text = ProseBlock(label=_("Text"), max_length=1_500)

    class Meta:
        icon = "warning"
        label = _("Callout")
        group = TEXT
        label_format = "{title}"
        description = _("One thought set apart from the text: what not to miss, a risk, a deadline.")
        preview_value = {
            "tone": "deadline",
            "title": _("Before 30 September"),
            "text": _("<p>Past this date, write to the registrar’s office.</p>"),
        }
        template = "content/blocks/callout.html"


class QuoteBlock(StructBlock):
    text = blocks.TextBlock(label=_("Quotation"), max_length=1_500)
    source = OptionalBlock(label=_("Who said it, and where"), max_length=160)

    class Meta:
        icon = "openquote"
        label = _("Quotation")
        group = TEXT
        label_format = "{source}"
        description = _("Somebody’s own words, and who said them.")
        preview_value = {
            "text": _("I came for a degree, and found a way of thinking."),
            "source": _("Amina Diallo, graduate in history"),
        }
        template = "content/blocks/quote.html"


class CodeBlock(StructBlock):
    language = OptionalBlock(
        label=pgettext_lazy("of a program", "Language"),
        max_length=40,
        help_text=_("For example Python, or Configuration."),
    )
    text = blocks.TextBlock(label=_("Code"), max_length=12_000, rows=8)

    class Meta:
        icon = "code"
        label = _("Code")
        group = TEXT
        label_format = "{language}"
        description = _("Commands, settings or a program, shown letter by letter.")
        preview_value = {"language": "Shell", "text": "ssh identifiant@calcul.universite.example\nmodule load python"}
        template = "content/blocks/code.html"
