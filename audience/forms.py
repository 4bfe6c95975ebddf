"""Forms in which audiences are chosen: a sensitive one is offered to its unit's editors alone, a retired one to nobody.

What is not offered is refused when it is sent. What a record has already stays, so that nobody takes it away by saving.
"""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.db import models
from wagtail.admin.forms import WagtailAdminModelForm


def offer_usable(form: forms.BaseForm, *, user: Any, named_to_readers: bool = False) -> None:
    """Have each field of `form` that chooses audiences offer those that `user` may use.

    `named_to_readers`: what is chosen shows on readers' screens, so that nobody may choose a sensitive one.
    """
    instance = getattr(form, "instance", None)
    for name, field in form.fields.items():
        if not isinstance(field, forms.ModelChoiceField) or not hasattr(field.queryset, "usable_by"):
            continue
        kept, offered = _kept(instance, name), cast(Any, field.queryset)
        usable = offered.usable_by(None if named_to_readers else user, kept=kept)
        field.queryset = usable.filter(models.Q(retired=False) | models.Q(pk__in=kept))


def _kept(instance: Any, name: str) -> set[int]:
    """Return the ids of the audiences that a record already has in its field `name`."""
    if instance is None or instance.pk is None or not hasattr(instance, name):
        return set()
    found = getattr(instance, name)
    return {one.pk for one in (found.all() if hasattr(found, "all") else [found] if found else [])}


class UsableAudiencesForm(WagtailAdminModelForm):
    """The form of a record for audiences."""

    named_to_readers = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_usable(self, user=self.for_user, named_to_readers=self.named_to_readers)


class OpenAudiencesForm(UsableAudiencesForm):
    """The form of what names its audiences to readers."""

    named_to_readers = True
