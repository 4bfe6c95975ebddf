"""The forms of alerts: in the admin, and for an emergency on a phone."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audience.forms import UsableAudiencesForm
from audience.models import Access, Audience
from audience.reader import Reader
from content.panels import AudienceChecks
from search.entries import entry_at

EMERGENCY = "emergency"
EVERYONE = "everyone"


class AlertForm(UsableAudiencesForm):
    """An alert in the admin, where no emergency is published."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["level"]
        field.choices = [choice for choice in field.choices if choice[0] != EMERGENCY]

    def save(self, commit: bool = True) -> Any:
        if self.instance.pk is None:
            self.instance.author = self.for_user
        return super().save(commit=commit)


class EmergencyForm(forms.Form):
    """What to say, and to whom."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=90)
    text = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("What happens, what to do, when more will be said."),
    )
    title_en = forms.CharField(label=gettext_lazy("Title in English"), max_length=90, required=False)
    text_en = forms.CharField(
        label=gettext_lazy("Text in English"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    link = forms.CharField(
        label=gettext_lazy("Address of the page that says more"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("A page of the portal. Leave empty if there is none."),
    )
    until = forms.DateTimeField(
        label=gettext_lazy("Until"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        help_text=gettext_lazy("It ends by itself then. Leave empty to end it yourself."),
    )
    access = forms.ChoiceField(
        label=gettext_lazy("For whom"),
        choices=[
            (EVERYONE, gettext_lazy("Everyone, signed in or not")),
            (Access.RECOMMENDED, gettext_lazy("These readers; the others may read it, and are not shown it")),
            (Access.RESERVED, gettext_lazy("These readers alone; nobody else sees that it exists")),
        ],
        initial=EVERYONE,
        widget=forms.RadioSelect,
    )
    audiences = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Which readers"),
        queryset=Audience.objects.in_use().open_to_all(),
        required=False,
        widget=AudienceChecks,
    )

    def __init__(self, *args: Any, reader: Reader, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reader = reader

    def clean_link(self) -> int | None:
        """Return the id of the page at the address given, one that the author may see."""
        given: str = self.cleaned_data["link"].strip()
        if not given:
            return None
        entry = entry_at(given, reader=self.reader)
        if entry is None:
            raise forms.ValidationError(_("The portal has no such page, or it is not open to you."))
        return entry.object_id

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("until") and said["until"] <= timezone.now():
            self.add_error("until", _("This moment has passed: give one to come, or leave it empty."))
        if said.get("access") == EVERYONE:
            said["audiences"] = Audience.objects.none()
        elif not said.get("audiences"):
            self.add_error("audiences", _("Choose at least one."))
        if bool(said.get("title_en")) != bool(said.get("text_en")):
            self.add_error("text_en", _("In English, give both the title and the text."))
        return said

    @property
    def chosen_access(self) -> str:
        access: str = self.cleaned_data["access"]
        return Access.RECOMMENDED if access == EVERYONE else access
