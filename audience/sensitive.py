"""Audiences that say of someone what is nobody's business: disability, health, social aid, a union.

They are never in a profile line, in figures, counts, logs or exports to others, and only their unit may use them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from audience.models import Audience, Condition


def offer_usable(form: forms.BaseForm, *, user: Any, kept: Iterable[int] = (), name: str = "audiences") -> None:
    """Have the field `name` of `form` offer what `user` may use, and what the record already has."""
    field = form.fields.get(name)
    if isinstance(field, forms.ModelMultipleChoiceField):
        field.queryset = Audience.objects.usable_by(user, kept=kept)


def kept_by(instance: Any, name: str = "audiences") -> set[int]:
    """Return the ids of the audiences that a record already has."""
    return {audience.pk for audience in getattr(instance, name).all()} if instance.pk else set()


def any_sensitive(audiences: Iterable[Audience]) -> bool:
    return any(audience.sensitive for audience in audiences)


def telling_values() -> set[tuple[str, str]]:
    """Return the (attribute, value) pairs by which a rule of a sensitive audience knows its readers, in lower case."""
    conditions = Condition.objects.filter(rule__audience__sensitive=True)
    return {(condition.attribute, value.casefold()) for condition in conditions for value in condition.value_list}
