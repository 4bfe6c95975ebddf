"""What is new since a reader's last visit, without following what they read.

An account keeps two instants: when the visit under way began, and when the one before did. A visit is over after
VISIT; looking at a list of news then begins another, which is the one write of that visit. What was published since
the visit before began is marked: it may be marked twice, and is never missed.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, cast

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import User
from audience.middleware import PortalRequest

VISIT = timedelta(minutes=30)
SEEN_SINCE = "_seen_since"  # asked once a request


def new_since(user: User, *, now: datetime) -> datetime | None:
    """Return since when things are new to `user`, noting that a visit begins if one does; None at the first visit."""
    began = user.visit_began_at
    if began is not None and began <= now < began + VISIT:
        return user.visit_before_at
    # Two tabs opened at once begin one visit: the second finds the instant changed, and writes nothing.
    User.objects.filter(pk=user.pk, visit_began_at=began).update(visit_began_at=now, visit_before_at=began)
    return began


def _since(request: PortalRequest) -> datetime | None:
    """Return since when things are new to whoever asks: nobody's visits are noted but a signed-in reader's own."""
    if not hasattr(request, SEEN_SINCE):
        followed = request.user.is_authenticated and not request.reader.seen_as
        setattr(request, SEEN_SINCE, new_since(cast(User, request.user), now=timezone.now()) if followed else None)
    found: datetime | None = getattr(request, SEEN_SINCE)
    return found


def visit_mark(request: PortalRequest, argument: str) -> SafeString:
    """Note that a list is looked at, be it empty; shows nothing."""
    _since(request)
    return SafeString()


def new_mark(request: PortalRequest, published: str) -> SafeString:
    """Return the mark of what was published at `published`, in seconds of the epoch, if it is new to this reader."""
    since = _since(request)
    if since is None or not published or datetime.fromtimestamp(int(published), UTC) <= since:
        return SafeString()
    return format_html(
        '<span class="new-mark">{}<span class="visually-hidden"> {}</span></span> ',
        pgettext("since your last visit", "New"),
        _("since your last visit"),
    )


def export_visits(user: Any) -> dict[str, str | None]:
    instants = {"this_visit": user.visit_began_at, "visit_before": user.visit_before_at}
    return {name: at.isoformat() if at else None for name, at in instants.items()}


def erase_visits(user: Any) -> None:
    """Forget both instants; the next look at a list is a first visit."""
    User.objects.filter(pk=user.pk).update(visit_began_at=None, visit_before_at=None)
