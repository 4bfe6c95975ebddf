"""The blocks pages are made of. None of them decides what a reader may see: links come resolved in the context."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock
from wagtail.rich_text import RichText
from wagtail.rich_text.rewriters import LinkRewriter

from content.house_blocks import AccessibilityBlock, ChangesBlock, CookiesBlock, LegalBlock

THE_PORTAL = _("The portal of itself")
PROSE_FEATURES = ["bold", "italic", "ol", "ul", "link", "document-link", "superscript", "subscript"]


def _anchor(attributes: dict[str, str], links: dict[str, dict[int, Any]]) -> str:
    """Return the opening tag of a link, bare when its target is not for this reader: no address, no slug."""
    entry = links.get(attributes.get("linktype", ""), {}).get(int(attributes.get("id") or 0))
    return format_html('<a href="{}">', entry.url) if entry else "<a>"


def expand(source: str, links: dict[str, dict[int, Any]]) -> SafeString:
    """Return stored rich text as HTML, its links to pages and documents taken from `links` and from nowhere else."""
    rewrite = LinkRewriter(
        bulk_rules={
            linktype: lambda found, linktype=linktype: [_anchor({**a, "linktype": linktype}, links) for a in found]
            for linktype in ("page", "document")
        }
    )
    html: str = rewrite(source)
    return mark_safe(html)  # noqa: S308  # rich text is cleaned by its editor's features when it is saved


class ProseBlock(blocks.RichTextBlock):
    """Text with links that show only where they lead for this reader."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(features=PROSE_FEATURES, **kwargs)

    def get_context(self, value: RichText, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        context["html"] = expand(value.source, (parent_context or {}).get("links", {}))
        return context

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        template = "content/blocks/prose.html"


class HeadingValue(blocks.StructValue):
    @property
    def anchor(self) -> str:
        anchor: str = slugify(self["text"])
        return anchor


class HeadingBlock(blocks.StructBlock):
    text = blocks.CharBlock(label=_("Heading"), max_length=120)

    class Meta:
        icon = "title"
        label = _("Heading")
        template = "content/blocks/heading.html"
        value_class = HeadingValue


class Tone(blocks.ChoiceBlock):
    choices = [
        ("info", _("Information")),
        ("warning", _("Warning")),
        ("success", _("Success")),
        ("deadline", _("Deadline")),
    ]


class CalloutBlock(blocks.StructBlock):
    tone = Tone(label=_("Tone"), default="info")
    title = blocks.CharBlock(label=_("Title"), max_length=120, required=False)
    text = ProseBlock(label=_("Text"))

    class Meta:
        icon = "warning"
        label = _("Callout")
        template = "content/blocks/callout.html"


class ItemBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=160)
    text = ProseBlock(label=_("Text"), required=False)

    class Meta:
        template = "content/blocks/step.html"


class StepsBlock(blocks.StructBlock):
    items = blocks.ListBlock(ItemBlock(label=_("Step")), label=_("Steps"), min_num=1)

    class Meta:
        icon = "list-ol"
        label = _("Steps")
        template = "content/blocks/steps.html"


class AccordionBlock(blocks.StructBlock):
    items = blocks.ListBlock(ItemBlock(label=_("Question")), label=_("Questions"), min_num=1)

    class Meta:
        icon = "help"
        label = _("Questions and answers")
        template = "content/blocks/accordion.html"


class TableBlock(blocks.StructBlock):
    caption = blocks.CharBlock(label=_("Caption"), max_length=160)
    table = TypedTableBlock([("text", blocks.CharBlock(required=False, label=_("Text")))], label=_("Table"))

    class Meta:
        icon = "table"
        label = _("Table")
        template = "content/blocks/table.html"


class ImageBlock(blocks.StructBlock):
    image = ImageChooserBlock(label=_("Image"))
    caption = blocks.CharBlock(label=_("Caption"), max_length=200, required=False)

    class Meta:
        icon = "image"
        label = _("Image")
        template = "content/blocks/image.html"


class QuoteBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("Quotation"))
    source = blocks.CharBlock(label=_("Who said it, and where"), max_length=160, required=False)

    class Meta:
        icon = "openquote"
        label = _("Quotation")
        template = "content/blocks/quote.html"


class PagesBlock(blocks.ListBlock):
    """Pages the editor chose; `search` turns them into entries for the reader when they are shown."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(blocks.PageChooserBlock(label=_("Page")), **kwargs)

    class Meta:
        icon = "link"
        label = _("Related pages")
        template = "content/blocks/pages.html"


class DocumentsBlock(blocks.ListBlock):
    """Documents the editor chose; shown as entries, so a document reserved for others stays unknown."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(DocumentChooserBlock(label=_("Document")), **kwargs)

    class Meta:
        icon = "doc-full"
        label = _("Documents")
        template = "content/blocks/documents.html"


class BodyBlock(blocks.StreamBlock):
    """What any page may hold."""

    text = ProseBlock()
    heading = HeadingBlock()
    callout = CalloutBlock()
    steps = StepsBlock()
    accordion = AccordionBlock()
    table = TableBlock()
    image = ImageBlock()
    quote = QuoteBlock()
    pages = PagesBlock()
    documents = DocumentsBlock()
    legal = LegalBlock(group=THE_PORTAL)
    cookies = CookiesBlock(group=THE_PORTAL)
    accessibility = AccessibilityBlock(group=THE_PORTAL)
    changes = ChangesBlock(group=THE_PORTAL)
