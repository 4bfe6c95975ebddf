"""What only a section's home holds."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from content.blocks.links import PagesBlock


class AddressBlock(blocks.StructBlock):
    """A link out of the portal."""

    label = blocks.CharBlock(max_length=80, label=_("Words"))
    url = blocks.URLBlock(label=_("Address"))

    class Meta:
        icon = "link-external"
        label = _("Address elsewhere")
        template = "sections/blocks/address.html"


class QuickLinksBlock(blocks.StreamBlock):
    """Quick links: to pages, each shown to whom it is for, and to addresses elsewhere."""

    pages = PagesBlock(template="sections/blocks/pages.html")
    address = AddressBlock()
