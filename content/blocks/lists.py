"""Blocks of things in order: steps, questions, tables."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock

from content.blocks.addresses import web_address
from content.blocks.base import OptionalBlock, StructBlock
from content.blocks.text import ProseBlock

LISTS = _("Steps, questions and tables")


class ItemBlock(StructBlock):
    """A title and what is said under it."""

    title = blocks.CharBlock(label=_("Title"), max_length=160)
    text = ProseBlock(label=_("Text"), required=False, max_length=5_000)

    class Meta:
        icon = "list-ul"
        label_format = "{title}"


class StepValue(blocks.StructValue):
    @property
    def address(self) -> str:
        return web_address(self["url"])


class StepBlock(ItemBlock):
    """What to do, and where it is done."""

    page = blocks.PageChooserBlock(
        label=_("Page"), required=False, help_text=_("Shown as a link to those who may open that page.")
    )
    url = blocks.URLBlock(label=_("or address"), required=False, default="")
    label = OptionalBlock(label=_("Words of the link"), max_length=80, help_text=_("Else the page’s title."))

    class Meta:
        icon = "list-ol"
        label = _("Step")
        value_class = StepValue
        template = "content/blocks/step.html"
        form_layout = blocks.BlockGroup(
            children=[
                "title",
                "text",
                blocks.BlockGroup(
                    children=["page", "url", "label"],
                    heading=_("Link of this step"),
                    icon="link",
                    classname="collapsed",
                    label_format="{label}",
                ),
            ]
        )


class StepsBlock(StructBlock):
    items = blocks.ListBlock(StepBlock(), label=_("Steps"), min_num=1, max_num=20)

    class Meta:
        icon = "list-ol"
        label = _("Steps")
        group = LISTS
        label_format = ""
        description = _("What to do, in order: the steps are numbered, each may lead somewhere.")
        preview_value = {
            "items": [
                {
                    "title": _("Pay the CVEC"),
                    "text": _("<p>Online, before you enrol.</p>"),
                    "url": "https://cvec.example/",
                    "label": _("Open the CVEC’s site"),
                },
                {"title": _("Enrol online"), "text": _("<p>Have your student number at hand.</p>")},
            ]
        }
        template = "content/blocks/steps.html"


class AccordionBlock(StructBlock):
    items = blocks.ListBlock(ItemBlock(label=_("Question")), label=_("Questions"), min_num=1, max_num=40)

    class Meta:
        icon = "help"
        label = _("Questions and answers")
        group = LISTS
        label_format = ""
        description = _("Questions whose answers open one by one. On paper all of them are open.")
        preview_value = {
            "items": [
                {"title": _("May I enrol late?"), "text": _("<p>Until 15 October, with a reason.</p>")},
                {"title": _("Whom do I ask?"), "text": _("<p>Your registrar’s office.</p>")},
            ]
        }
        template = "content/blocks/accordion.html"


class CellsBlock(TypedTableBlock):
    """Rows and columns. Its own caption is hidden (static/admin/editor.css): the block around it asks for one."""

    text = OptionalBlock(label=_("Text"), max_length=300)
    prose = ProseBlock(label=_("Text with links"), required=False, max_length=1_500)

    class Meta:
        help_text = _("Add the columns first, each with its heading, then the rows.")


class TableBlock(StructBlock):
    caption = blocks.CharBlock(label=_("Caption"), max_length=160, help_text=_("What the table says, in a few words."))
    table = CellsBlock(label=_("Table"))
    row_headers = blocks.BooleanBlock(
        label=_("The first column says what each row is about"), required=False, default=True
    )

    class Meta:
        icon = "table"
        label = _("Table")
        group = LISTS
        label_format = "{caption}"
        description = _("Rows and columns, with a caption. Too wide for a phone, it scrolls by itself.")
        preview_value = {
            "caption": _("Fees of the year"),
            "table": {
                "columns": [
                    {"type": "text", "heading": _("Degree")},
                    {"type": "text", "heading": _("Fee")},
                ],
                "rows": [{"values": ["Licence", "178 €"]}, {"values": ["Master", "254 €"]}],
                "caption": "",
            },
            "row_headers": True,
        }
        template = "content/blocks/table.html"
