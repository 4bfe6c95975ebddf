"""Fields of our own."""

from __future__ import annotations

from typing import Any

from wagtail import fields


class StreamField(fields.StreamField):
    """Wagtail's, whose blocks migrations do not repeat: a new block changes no table and needs no migration."""

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, _blocks, kwargs = super().deconstruct()
        kwargs.pop("block_lookup", None)
        return name, path, [[]], kwargs
