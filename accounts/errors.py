"""How a sign-in fails: a closed list of reasons, each with a status and words a reader understands."""

from __future__ import annotations

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Reason(models.TextChoices):
    """Why nobody is signed in; the label is the title of the page that says so."""

    UNAVAILABLE = "unavailable", _("The sign-in service does not answer")
    EXPIRED = "expired", _("This sign-in is over")
    REFUSED = "refused", _("You have not been signed in")
    UNTRUSTED = "untrusted", _("The sign-in could not be verified")
    CLOSED = "closed", _("This account is closed")


EXPLANATIONS: dict[Reason, Promise] = {
    Reason.UNAVAILABLE: _(
        "The university’s sign-in service cannot be reached, or does not answer as it should. "
        "What is public stays readable. Try again in a few minutes."
    ),
    Reason.EXPIRED: _(
        "It took too long, was already used, or began in another browser. Nothing is lost: sign in once more."
    ),
    Reason.REFUSED: _(
        "The sign-in was cancelled, or the university’s sign-in service did not let you through. "
        "You can try again, or go on without signing in."
    ),
    Reason.UNTRUSTED: _(
        "What the sign-in service answered does not pass the portal’s checks, so nobody was signed in. "
        "Try again; if it goes on, give the reference below to the help desk."
    ),
    Reason.CLOSED: _(
        "You are known to the university, but your account on this portal has been closed. "
        "If this is a mistake, give the reference below to the help desk."
    ),
}

STATUSES: dict[Reason, int] = {
    Reason.UNAVAILABLE: 503,
    Reason.EXPIRED: 400,
    Reason.REFUSED: 403,
    Reason.UNTRUSTED: 400,
    Reason.CLOSED: 403,
}


class SignInError(Exception):
    """Nobody is signed in. `detail` is a few words for the log, without anything the provider or the reader sent."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(f"{reason.value}: {detail}")
        self.reason = reason
        self.detail = detail

    @property
    def status(self) -> int:
        return STATUSES[self.reason]

    @property
    def explanation(self) -> Promise:
        return EXPLANATIONS[self.reason]
