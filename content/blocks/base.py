"""What our blocks are made of, where Wagtail's own leave something out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wagtail import blocks


class StructBlock(blocks.StructBlock):
    """Wagtail's, but a value made in code has defaults for what it leaves out, like one read from the database."""

    def normalize(self, value: Any) -> Any:
        if isinstance(value, self.meta.value_class):
            return value
        return super().normalize(
            {name: value[name] if name in value else block.get_default() for name, block in self.child_blocks.items()}
        )


class OptionalBlock(blocks.CharBlock):
    """A line of text that may be left out: empty then, never None, which would be searched as a word."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "default": "", **kwargs})

    def to_python(self, value: Any) -> str:
        return str(value or "")

    def bulk_to_python(self, values: Iterable[Any]) -> list[str]:
        return [self.to_python(value) for value in values]
