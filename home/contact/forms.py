"""The contact form, and what tells a reader from a machine without asking them anything."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from search.words import clean as without_hidden_signs

FASTEST, SLOWEST = 3, 6 * 3600  # seconds from reading the form to sending it
MOST_LINKS = 3
MARKUP = re.compile(r"<\s*/?\s*[a-z!][^>]*>|\[/?(?:url|link|img)\b", re.IGNORECASE)
LINK = re.compile(r"https?://|www\.", re.IGNORECASE)
signer = signing.TimestampSigner(salt="home.contact")


def new_token() -> str:
    """Return what dates a form: signed, and different each time."""
    return signer.sign(get_random_string(16))


def _one_line(text: str) -> str:
    return " ".join(without_hidden_signs(text).split())


class ContactForm(forms.Form):
    """A message. `has_address` is whether the reader is signed in with an e-mail address, to which a copy may go."""

    name = forms.CharField(
        label=gettext_lazy("Your name"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        max_length=254,
        help_text=gettext_lazy("To answer you, and for nothing else."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=120)
    message = forms.CharField(
        label=gettext_lazy("Message"),
        min_length=10,
        max_length=4000,
        help_text=gettext_lazy("Plain text, 4,000 signs at most. Send no password."),
        widget=forms.Textarea(attrs={"rows": 9}),
    )
    copy = forms.BooleanField(label=gettext_lazy("Send me a copy"), required=False)
    website = forms.CharField(required=False, label=gettext_lazy("Leave this field empty"))
    token = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, has_address: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_address:
            del self.fields["copy"]
        self.fields["website"].widget.attrs.update(autocomplete="off", tabindex="-1")

    def clean_name(self) -> str:
        return _one_line(self.cleaned_data["name"])

    def clean_subject(self) -> str:
        return _one_line(self.cleaned_data["subject"])

    def clean_message(self) -> str:
        text: str = self.cleaned_data["message"]
        text = "\n".join(without_hidden_signs(line).rstrip() for line in text.splitlines())
        if MARKUP.search(text):
            raise ValidationError(_("Write plain text: tags such as <a> or [url] are not accepted."))
        if len(LINK.findall(text)) > MOST_LINKS:
            raise ValidationError(_("This message has too many links: keep three at most."))
        return text

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise ValidationError(_("A field that must stay empty was filled in, perhaps by your browser. Send again."))
        return ""

    def clean_token(self) -> str:
        token: str = self.cleaned_data["token"]
        try:
            signer.unsign(token, max_age=SLOWEST)
        except signing.BadSignature:  # SignatureExpired is one
            late = _("The form had been open for too long. Read your message again and send it.")
            raise ValidationError(late) from None
        try:
            signer.unsign(token, max_age=FASTEST)
        except signing.SignatureExpired:
            return token
        raise ValidationError(_("This was sent faster than anyone writes. Wait a few seconds and send it again."))

    @property
    def general_errors(self) -> list[str]:
        """What is wrong with what the reader does not see."""
        return [str(error) for name in ("website", "token") for error in self.errors.get(name, [])]
