"""What each room holds on a reader: registered here, exported with the reader's data, and erased where it can be.

A room registers when it is ready (accounts/apps.py). What decides what a reader may see is not erased here: it is what
the provider says, and comes back at the next sign-in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True)
class Holding:
    """One thing a room holds on a reader.

    `export` returns what JSON can say of it, empty when there is nothing. `erase` removes it, or is None where it
    cannot be removed. Both are given the account.
    """

    label: str | Promise
    export: Callable[[Any], Any]
    erase: Callable[[Any], None] | None = None


holdings: dict[str, Holding] = {}  # by its name in the export


def exported(user: Any) -> dict[str, Any]:
    """Return all that rooms hold on `user`, by name."""
    return {name: holding.export(user) for name, holding in sorted(holdings.items())}


def erase(user: Any, name: str) -> bool:
    """Erase what is held under `name`; return whether there is such a thing and it can be erased."""
    holding = holdings.get(name)
    if holding is None or holding.erase is None:
        return False
    holding.erase(user)
    return True
