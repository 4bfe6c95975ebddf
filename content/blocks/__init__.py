"""The blocks pages are made of. None of them decides what a reader may see: links come resolved in the context.

A block that may have nothing to show says so in `is_shown(value, links)`; its headings go with it (content/outline.py).
"""

from wagtail import blocks

from content.blocks.facts import ContactBlock, DatesBlock, FiguresBlock, MapBlock
from content.blocks.links import DocumentsBlock, PagesBlock, ServiceBlock
from content.blocks.lists import AccordionBlock, ItemBlock, StepBlock, StepsBlock, TableBlock
from content.blocks.media import GalleryBlock, ImageBlock, VideoBlock
from content.blocks.text import CalloutBlock, CodeBlock, HeadingBlock, ProseBlock, QuoteBlock

__all__ = ["BodyBlock", "ItemBlock", "ProseBlock", "StepBlock"]


class BodyBlock(blocks.StreamBlock):
    """What any page may hold."""

    text = ProseBlock()
    heading = HeadingBlock()
    callout = CalloutBlock()
    quote = QuoteBlock()
    code = CodeBlock()
    steps = StepsBlock()
    accordion = AccordionBlock()
    table = TableBlock()
    image = ImageBlock()
    gallery = GalleryBlock()
    video = VideoBlock()
    pages = PagesBlock()
    documents = DocumentsBlock()
    service = ServiceBlock()
    contact = ContactBlock()
    dates = DatesBlock()
    figures = FiguresBlock()
    map = MapBlock()

    class Meta:
        max_num = 120
