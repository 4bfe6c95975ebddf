"""The form of a document in the admin."""

from __future__ import annotations

from django import forms
from wagtail.documents.forms import BaseDocumentForm

from content.panels import AudienceChecks


class DocumentForm(BaseDocumentForm):
    """Access and audiences as pages ask them: in a list, one click on an audience would take all others away."""

    class Meta(BaseDocumentForm.Meta):
        widgets = {**BaseDocumentForm.Meta.widgets, "access": forms.RadioSelect, "audiences": AudienceChecks}
