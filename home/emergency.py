"""Emergencies: said at once to all they are for, on pages that are open and where the database cannot be asked.

Each process keeps what is public, at most FRESH seconds old, so that answering the pages that ask costs neither a
session nor, nearly always, a query. What a process learns it also writes to a small file, which the page of a failure
reads in a process that has learnt nothing yet. Nothing is kept of what is for some readers only, but that there is
something: whoever has a session is then asked who they are.
"""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError, transaction
from django.utils import timezone

from accounts.models import User
from audience.demands import table
from audience.middleware import PortalRequest
from audience.models import Audience
from audience.reader import Reader
from content.entry import Kind
from home.alerts import EMERGENCY, ShownAlert, shown
from home.models import Alert, AlertLevel
from search.entries import entries_for
from search.models import Entry

log = logging.getLogger(__name__)

FRESH = 2.0  # seconds; with the pages' own interval, less than ten
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)


@dataclass(frozen=True)
class Known:
    """What a process knows: the public emergencies in each language, and whether there are others."""

    public: dict[str, tuple[ShownAlert, ...]]
    others: bool
    read_at: float  # time.monotonic()

    def said(self, language: str) -> tuple[ShownAlert, ...]:
        """Return those that have not ended since."""
        now = timezone.now()
        return tuple(one for one in self.public.get(language, ()) if one.ends_at is None or one.ends_at > now)


NOTHING = Known({}, others=False, read_at=0)
_kept: Known | None = None


def forget() -> None:
    """Let the next who asks read again."""
    global _kept
    _kept = None


def known() -> Known:
    """Return what the process knows, FRESH seconds old at most; when the database is away, what was known before."""
    global _kept
    if _kept and time.monotonic() - _kept.read_at < FRESH:
        return _kept
    try:
        _kept = _read()
        _write(_kept)
    except (DatabaseError, InterfaceError):
        _kept = replace(last_known(), read_at=time.monotonic())
    return _kept


def last_known() -> Known:
    """Return what the process knows without asking the database, or what another wrote."""
    return _kept or _from_file()


def _read() -> Known:
    anyone = table().seen_by(Reader())
    live = Entry.objects.of_kind(Kind.ALERT).of_level(EMERGENCY).current(anyone.at)
    public = list(entries_for(anyone).of_kind(Kind.ALERT).of_level(EMERGENCY).for_everyone().order_by("-published_at"))
    return Known(
        {code: tuple(shown(public, reader=anyone.speaking(code))) for code in LANGUAGES},
        # Not through the door: nothing is told of them here but that a reader must be known to be answered.
        others=live.exclude(pk__in=[entry.pk for entry in public]).exists(),
        read_at=time.monotonic(),
    )


def emergencies_for(request: PortalRequest, language: str) -> list[ShownAlert]:
    """Return the emergencies that the reader of `request` is shown on every page."""
    now = known()
    if not now.others or settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return list(now.said(language))
    reader = request.reader.speaking(language)
    theirs = entries_for(reader).of_kind(Kind.ALERT).of_level(EMERGENCY).meant_for(reader)
    return shown(theirs.order_by("-published_at"), reader=reader)


# The file


def _file() -> Path:
    return Path(settings.MEDIA_ROOT) / "emergency.json"  # as public as the images beside it


def _write(what: Known) -> None:
    """Write what is public to the file, whole or not at all, unless it says so already."""
    text = json.dumps({code: [asdict(one) for one in said] for code, said in what.public.items()}, default=str)
    path = _file()
    beside = path.with_suffix(f".{os.getpid()}")
    try:
        if path.exists() and path.read_text(encoding="utf-8") == text:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        log.warning("emergency not written: %s", type(error).__name__)


def _from_file() -> Known:
    with suppress(OSError, ValueError, TypeError, KeyError):
        read = dict(json.loads(_file().read_text(encoding="utf-8")))
        return replace(NOTHING, public={code: tuple(_alert(one) for one in said) for code, said in read.items()})
    return NOTHING


def _alert(said: dict[str, Any]) -> ShownAlert:
    ends_at = datetime.fromisoformat(said["ends_at"]) if said["ends_at"] else None
    return ShownAlert(**{**said, "ends_at": ends_at})


# What is written


@transaction.atomic
def publish(
    *,
    title: str,
    text: str,
    title_en: str,
    text_en: str,
    access: str,
    audiences: Iterable[Audience],
    link: int | None,
    until: datetime | None,
    author: User,
) -> Alert:
    """Publish an emergency, without moderation. Who did it is in the log; what it says is not."""
    alert = Alert(
        level=AlertLevel.EMERGENCY, title=title, text=text, title_en=title_en, text_en=text_en,
        access=access, link_id=link, ends_at=until, author=author,
    )  # fmt: skip
    alert.audiences = list(audiences)
    alert.save()
    numbers = sorted(audience.pk for audience in alert.audiences.all())
    log.warning("emergency %s published: account %s, %s, audiences %s", alert.pk, author.pk, access, numbers)
    return alert


@transaction.atomic
def end(alert: Alert, *, author: User) -> None:
    """End an emergency now; one that has ended stays as it is."""
    alert = Alert.objects.select_for_update().get(pk=alert.pk)
    now = timezone.now()
    if alert.ends_at and alert.ends_at <= now:
        return
    alert.ends_at = now
    alert.save()
    log.warning("emergency %s ended: account %s", alert.pk, author.pk)
