"""Graduates are asked once a year whether the portal may keep their account, and leave it after a year of silence.

Arrêté of 30 November 2006 on university portals, article 6. Who also studies or works here is no graduate for this.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.db.models import Exists, OuterRef
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import AlumniConsent, User
from audience.claims import Attributes
from audience.models import KnownReader

YEAR = timedelta(days=365)
SALT = "accounts.alumni"
ALUM = "alum"
# Affiliations that a graduate may have beside, and that say no more of them.
BESIDE = {ALUM, "affiliate", "member"}


def is_graduate(attributes: Attributes) -> bool:
    """Return whether whoever has these attributes has left with a degree, and neither studies nor works here."""
    affiliations = {value.casefold() for value in attributes.values("affiliation")}
    return ALUM in affiliations and affiliations <= BESIDE


def graduates() -> Iterator[User]:
    """Yield the accounts of graduates who have no right in the admin, with what they were asked."""
    keys = [
        key
        for key, attributes in KnownReader.objects.values_list("attributes_key", "attributes").distinct()
        if is_graduate(Attributes.from_json(attributes))
    ]
    grouped = User.groups.through.objects.filter(user=OuterRef("pk"))
    for start in range(0, len(keys), 500):
        accounts = User.objects.filter(known_reader__attributes_key__in=keys[start : start + 500], is_superuser=False)
        yield from accounts.filter(~Exists(grouped)).select_related("alumni_consent").order_by("pk")


@dataclass(frozen=True)
class Due:
    """Whom to ask, who cannot be asked for want of an address, and who has not answered for a year."""

    ask: list[User]
    without_address: list[User]
    remove: list[User]


def due(*, now: datetime) -> Due:
    """Return what is to be done of graduates' accounts at `now`."""
    found = Due([], [], [])
    for user in graduates():
        consent: AlumniConsent | None = getattr(user, "alumni_consent", None)
        asked, given = (consent.asked_at, consent.given_at) if consent else (None, None)
        waiting = asked is not None and (given is None or given < asked)
        if waiting:
            if asked and asked <= now - YEAR:
                found.remove.append(user)
        elif given is None or given <= now - YEAR:
            (found.ask if address_of(user) else found.without_address).append(user)
    return found


def address_of(user: User) -> str:
    return user.private_email or user.email


def ask(user: User, *, now: datetime) -> bool:
    """Send `user` the question, and note it; return whether it left. What did not leave is asked the next time."""
    with translation.override(settings.LANGUAGE_CODE):
        address = settings.WAGTAILADMIN_BASE_URL + reverse("consent_by_letter", args=[letter_key(user)])
        text = render_to_string("accounts/consent_letter.txt", {"address": address, "name": user.get_full_name()})
        subject = _("Shall we keep your account on the portal?")
    try:
        EmailMessage(subject, text, settings.WAGTAILADMIN_NOTIFICATION_FROM_EMAIL, [address_of(user)]).send()
    except (SMTPException, OSError):
        return False
    AlumniConsent.objects.update_or_create(user=user, defaults={"asked_at": now})
    return True


def consent(user: User, *, now: datetime) -> None:
    """Note that `user` wishes to keep their account for a year."""
    AlumniConsent.objects.update_or_create(user=user, defaults={"given_at": now})


def letter_key(user: User) -> str:
    return signing.dumps(user.pk, salt=SALT)


def user_of_letter(key: str) -> User | None:
    """Return whom a letter of the last year was written to."""
    try:
        pk = signing.loads(key, salt=SALT, max_age=YEAR)
    except signing.BadSignature:
        return None
    user = User.objects.select_related("known_reader").filter(pk=pk, is_active=True).first()
    return user if user and may_answer(user) else None


def may_answer(user: User) -> bool:
    """Return whether the question is for `user`: a graduate, as far as is known, without a right in the admin."""
    known: KnownReader | None = getattr(user, "known_reader", None)
    left = known is not None and is_graduate(Attributes.from_json(known.attributes))
    return left and not user.is_superuser and not user.groups.exists()
