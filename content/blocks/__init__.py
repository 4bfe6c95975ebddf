"""The blocks pages are made of. None of them decides what a reader may see: links come resolved in the context.

A block that may have nothing to show says so in `is_shown(value, links)`; its headings go with it (content/outline.py).
"""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from content.blocks.facts import ContactBlock, DatesBlock, FiguresBlock, MapBlock
from content.blocks.house import AccessibilityBlock, ChangesBlock, CookiesBlock, LegalBlock
from content.blocks.links import DocumentsBlock, PagesBlock, ServiceBlock
from content.blocks.lists import AccordionBlock, ItemBlock, StepBlock, StepsBlock, TableBlock
from content.blocks.media import GalleryBlock, ImageBlock, VideoBlock
from content.blocks.text import CalloutBlock, CodeBlock, HeadingBlock, ProseBlock, QuoteBlock

THE_PORTAL = _("The portal about itself")

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
    legal = LegalBlock(group=THE_PORTAL)
    cookies = CookiesBlock(group=THE_PORTAL)
    accessibility = AccessibilityBlock(group=THE_PORTAL)
    changes = ChangesBlock(group=THE_PORTAL)

    class Meta:
        max_num = 120
        # Each has anchors of its own, and says the same wherever it stands.
        block_counts = {name: {"max_num": 1} for name in ("legal", "cookies", "accessibility", "changes")}
