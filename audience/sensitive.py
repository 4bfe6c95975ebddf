"""Audiences that say of someone what is nobody's business: disability, health, social aid, a union.

They are never in a profile line, in figures, counts, logs or exports to others, and only their unit may use them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from audience.demands import Clauses, atoms_of
from audience.models import Audience, Condition


def any_sensitive(audiences: Iterable[Audience]) -> bool:
    return any(audience.sensitive for audience in audiences)


def ask_sensitive(demands: Iterable[Clauses], *, known: Mapping[int, Audience]) -> bool:
    """Return whether one of these demands names a sensitive audience of those `known`: who meets it is not counted."""
    asked = {int(atom.partition(":")[2]) for atom in atoms_of(demands) if atom.startswith("audience:")}
    return any_sensitive(known[pk] for pk in asked if pk in known)


def telling_values() -> set[tuple[str, str]]:
    """Return the (attribute, value) pairs by which a rule of a sensitive audience knows its readers, in lower case."""
    conditions = Condition.objects.filter(rule__audience__sensitive=True)
    return {(condition.attribute, value.casefold()) for condition in conditions for value in condition.value_list}
