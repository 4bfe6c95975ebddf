"""The form of a document in the admin."""

from __future__ import annotations

from typing import Any

from django import forms
from wagtail.documents.forms import BaseDocumentForm

from audience.forms import offer_usable
from content.panels import AudienceChecks


class DocumentForm(BaseDocumentForm):
    """Access and audiences as pages ask them: in a list, one click on an audience would take all others away."""

    def __init__(self, *args: Any, user: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        offer_usable(self, user=user)

    class Meta(BaseDocumentForm.Meta):
        widgets = {**BaseDocumentForm.Meta.widgets, "access": forms.RadioSelect, "audiences": AudienceChecks}
