"""Key dates for tests, as the `dates` block of a body stores them."""

from __future__ import annotations

import uuid
from typing import Any

from wagtail import blocks
from wagtail.models import get_page_models

from content.models import PortalPage


class _DatesBlock(blocks.StructBlock):
    """Stands in for the block where there is none yet."""

    title = blocks.CharBlock(required=False)
    items = blocks.ListBlock(
        blocks.StructBlock(
            [
                ("label", blocks.CharBlock()),
                ("starts_on", blocks.DateBlock()),
                ("starts_at", blocks.TimeBlock(required=False)),
            ]
        )
    )


def _offer(name: str, block: blocks.Block) -> None:
    for model in get_page_models():
        if issubclass(model, PortalPage):
            children = model._meta.get_field("body").stream_block.child_blocks
            if name not in children:
                block.set_name(name)
                children[name] = block


_offer("dates", _DatesBlock())


def dates_block(*items: tuple[Any, ...], bare: bool = False, title: str = "Dates") -> dict[str, Any]:
    """Return a block of these items, each (label, day) or (label, day, hour); `bare` as lists once stored them.

    An item keeps the id it was given by the label, so that the same label is the same date.
    """
    values = [
        {"label": item[0], "starts_on": str(item[1]), "starts_at": str(item[2]) if len(item) > 2 else None}
        for item in items
    ]
    ids = [str(uuid.uuid5(uuid.NAMESPACE_URL, value["label"])) for value in values]
    kept: list[Any] = [{"type": "item", "id": pk, "value": value} for pk, value in zip(ids, values, strict=True)]
    return {"type": "dates", "value": {"title": title, "items": values if bare else kept}}
