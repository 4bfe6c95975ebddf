"""The form of an announcement: four fields, filled in on a phone in under a minute."""

from __future__ import annotations

import unicodedata
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from news.models import ANNOUNCED_FOR, LONGEST_TEXT, AnnouncementPage
from sections.addressing import Option
from sections.announcing import Place, Words

LONGEST_TITLE = 120
LONGEST = timedelta(days=60)
AS_IT_IS = "as-it-is"
# They would show a text otherwise than it is written.
DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def legible(text: str) -> str:
    """Return `text` with line ends as one sign, without control and direction characters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = (sign for sign in lines if sign not in DIRECTIONS)
    return "".join(" " if unicodedata.category(sign) in {"Cc", "Cs"} and sign != "\n" else sign for sign in kept)


class LegibleField(forms.CharField):
    """Text whose length is that of what will be shown: browsers send two characters for the end of a line."""

    def to_python(self, value: Any) -> str | None:
        return super().to_python(legible(value) if isinstance(value, str) else value)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        # A browser told of the limit cuts what is pasted, and says nothing.
        return {name: said for name, said in super().widget_attrs(widget).items() if name != "maxlength"}


class AnnouncementForm(forms.Form):
    """What is said, to whom, until when. `place` says whom it may be for."""

    title = LegibleField(label=gettext_lazy("Title"), max_length=LONGEST_TITLE)
    text = LegibleField(
        label=gettext_lazy("Text"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("At most 500 characters. Addresses become links."),
    )
    audience = forms.ChoiceField(label=gettext_lazy("For whom"))
    until = forms.DateField(
        label=gettext_lazy("Until the end of"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        help_text=gettext_lazy("It then goes by itself."),
    )
    token = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)

    def __init__(
        self, sent: QueryDict | None = None, *, place: Place, announcement: AnnouncementPage | None = None
    ) -> None:
        today = timezone.localdate()
        first: dict[str, Any] = {"until": today + ANNOUNCED_FOR, "token": uuid4().hex}
        self.place, self.announcement = place, announcement
        self.kept = self._kept_option()
        options = [option for group in place.addressing.groups for option in group.options]
        if announcement is None:
            first["audience"] = options[0].key
        else:
            first |= {"title": announcement.title, "text": announcement.text, "audience": self._key_now(options)}
            ends = announcement.last_day
            first["until"] = ends if ends and ends >= today else today + ANNOUNCED_FOR
        super().__init__(sent, initial=first)
        choices: list[Any] = [
            (str(group.label), [(option.key, option.label) for option in group.options])
            for group in place.addressing.groups
        ]
        if self.kept and first["audience"] == AS_IT_IS:
            choices.insert(0, (AS_IT_IS, self.kept.label))
        field = self.fields["audience"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # as declared
        field.choices = choices
        if base := place.addressing.base:
            field.help_text = _("Among: %(who)s. The number is that of the readers the portal knows.") % {
                "who": ", ".join(audience.label for audience in base)
            }
        self.fields["until"].widget.attrs |= {"min": today.isoformat(), "max": (today + LONGEST).isoformat()}

    def _kept_option(self) -> Option | None:
        """Return the audiences the announcement has now, which may have been set in the admin."""
        if self.announcement is None:
            return None
        audiences = tuple(self.announcement.audiences.all())
        return self.place.addressing.option_for(audiences, access=self.announcement.access)

    def _key_now(self, options: list[Option]) -> str:
        kept = self.kept
        same = (one for one in options if kept and one.means_the_same_as(kept))
        return next((one.key for one in same), AS_IT_IS)

    def clean_title(self) -> str:
        return " ".join(str(self.cleaned_data["title"]).split())

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        today = timezone.localdate()
        if until < today:
            raise ValidationError(_("This day has passed: choose today or a day to come."))
        if until > today + LONGEST:
            raise ValidationError(_("An announcement lasts 60 days at most. For longer, publish a news item."))
        return until

    @property
    def words(self) -> Words:
        """What a valid form says."""
        said = self.cleaned_data
        chosen = self.kept if said["audience"] == AS_IT_IS else self.place.addressing.option_of(said["audience"])
        assert chosen is not None  # noqa: S101  # the field accepts what is offered
        return Words(said["title"], said["text"], chosen.access, chosen.audiences, said["until"])
