"""Ways to narrow a list, each an address."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from django.utils.functional import Promise

Value = TypeVar("Value")


@dataclass(frozen=True)
class Choice:
    """One way to narrow a list, or not to; as components/choices.html prints it."""

    label: str | Promise
    url: str
    current: bool


def choices(labels: Mapping[Value, str | Promise], current: Value, address: Callable[[Value], str]) -> list[Choice]:
    """Return a choice for each of `labels`, the first being not to choose; none where there is nothing to choose."""
    if len(labels) < 3 and current == next(iter(labels)):
        return []
    return [Choice(label, address(value), value == current) for value, label in labels.items()]
