"""Sessions that sign-ins opened: noted, shown to their owner, ended by them or by the provider."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import PortalSession, SpentLogout, User
from audience.models import digest

if TYPE_CHECKING:
    from accounts.oidc import SignedIn

REPLAYED_AFTER = timedelta(hours=1)  # how long the number of a logout token is remembered; it is obeyed for less

# What a browser says of itself, the first that fits: others name themselves after those that follow.
BROWSERS = [
    ("Edge", r"Edg(?:e|A|iOS)?/"),
    ("Opera", r"OPR/|Opera"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrome/|CriOS/|Chromium/"),
    ("Safari", r"Safari/"),
]
SYSTEMS = [
    ("Android", r"Android"),
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Windows", r"Windows"),
    ("macOS", r"Mac OS X|Macintosh"),
    ("ChromeOS", r"CrOS"),
    ("Linux", r"Linux"),
]


def browser_name(agent: str) -> str:
    """Return “Firefox, Windows” for what a browser says of itself; empty when it says nothing known."""
    found = (
        next((name for name, pattern in listed if re.search(pattern, agent[:500])), "")
        for listed in (BROWSERS, SYSTEMS)
    )
    return ", ".join(name for name in found if name)


def note(request: HttpRequest, signed_in: SignedIn) -> None:
    """Note that the session of `request` is that of `signed_in`, or still is."""
    if request.session.session_key is None:
        request.session.save()
    PortalSession.objects.update_or_create(
        session_key=request.session.session_key,
        defaults={
            "user": signed_in.user,
            "issuer": signed_in.issuer,
            "subject": signed_in.subject,
            "sid": signed_in.sid,
            "browser": browser_name(request.headers.get("User-Agent", "")),
        },
    )


def forget(request: HttpRequest) -> None:
    """Forget the session of `request`, which ends."""
    if key := request.session.session_key:
        PortalSession.objects.filter(session_key=key).delete()


def open_sessions(user: User) -> list[PortalSession]:
    """Return the sessions of `user` that are open, the newest first."""
    alive = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=timezone.now())
    return list(user.portal_sessions.filter(Exists(alive)).order_by("-began_at", "-pk"))


def end(ended: Iterable[PortalSession]) -> int:
    """End these sessions, wherever they are open; return how many."""
    store: Any = import_module(settings.SESSION_ENGINE).SessionStore
    keys = [session.session_key for session in ended]
    for key in keys:
        store(key).delete()
    PortalSession.objects.filter(session_key__in=keys).delete()
    return len(keys)


def end_named(*, issuer: str, subject: str, sid: str) -> int:
    """End the session that the provider calls `sid`; without one, all sessions of `subject`. Return how many."""
    named = PortalSession.objects.filter(issuer=issuer)
    if sid:
        named = named.filter(sid=sid)
    if subject:
        named = named.filter(subject=subject)
    return end(named) if sid or subject else 0


def spend(*, issuer: str, number: str) -> bool:
    """Note that the logout token `number` of `issuer` is obeyed; return whether it is the first time."""
    try:
        with transaction.atomic():
            SpentLogout.objects.create(key=digest([issuer, number]))
    except IntegrityError:
        return False
    return True


def forget_ended() -> None:
    """Forget sessions that are over, and logout tokens that are too old to be obeyed again. Done by the worker."""
    now = timezone.now()
    alive = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=now)
    PortalSession.objects.filter(~Exists(alive), began_at__lt=now - timedelta(minutes=1)).delete()
    SpentLogout.objects.filter(at__lt=now - REPLAYED_AFTER).delete()
