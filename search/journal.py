"""Searches made, without their makers: what readers look for, do not find, or find and do not want.

Written by a task, once the reader has the answer. No user, no address of the network, no time of day; what looks like
an e-mail or a number is masked. Kept thirteen months.
"""

from __future__ import annotations

import logging
import re
from datetime import date, timedelta
from typing import Any

from django.core.cache import cache
from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from audience.models import Audience, Kind
from audience.reader import Reader
from search.query import Query
from search.words import clean

log = logging.getLogger(__name__)

KEPT = timedelta(days=396)
LONGEST = 100
_EMAIL = re.compile(r"\S+@\S+")
_LONG_NUMBER = re.compile(r"(?<!\w)\+?\d(?:[\s.\-]?\d){5,}")


class Search(models.Model):
    """What was asked on one day by readers of one class, with one outcome: a sum, not a trace."""

    day = models.DateField(_("day"))
    text = models.CharField(_("search"), max_length=LONGEST)
    language = models.CharField(_("language"), max_length=5)
    readers = models.CharField(_("readers"), max_length=40)  # anonymous, or the audiences of status
    found = models.BooleanField(_("found something"))
    degraded = models.BooleanField(_("by the spare engine"), default=False)
    number = models.PositiveIntegerField(_("times"), default=0)
    clicked = models.PositiveIntegerField(_("results opened"), default=0)

    class Meta:
        verbose_name = _("search made")
        verbose_name_plural = _("searches made")
        constraints = [
            models.UniqueConstraint(
                fields=["day", "text", "language", "readers", "found", "degraded"], name="one_sum_a_search"
            )
        ]
        indexes = [models.Index(fields=["day"], name="search_by_day")]

    def __str__(self) -> str:
        return self.text


def masked(text: str) -> str:
    """Return a search as it is kept: in small letters, without what may name someone."""
    said = _LONG_NUMBER.sub("#", _EMAIL.sub("@", clean(text).lower()))
    return " ".join(said.split())[:LONGEST]


def class_of(reader: Reader) -> str:
    """Return the audiences of status of a reader, the one thing about them that is kept."""
    if not reader.signed_in:
        return "anonymous"
    names = _statuses()
    held = sorted({names[pk] for pk in reader.audiences if pk in names})
    return " ".join(held)[:40] or "signed in"


def _statuses() -> dict[int, str]:
    known: dict[int, str] | None = cache.get("search-statuses")
    if known is None:
        known = dict(Audience.objects.open_to_all().filter(kind=Kind.STATUS).values_list("pk", "slug"))
        cache.set("search-statuses", known, 600)
    return known


def remember(query: Query, *, found: bool, degraded: bool) -> None:
    """Have a search written down, later and elsewhere. See as is not a search, nor is a second page."""
    if query.page > 1 or query.narrowed or query.reader.seen_as or not query.text:
        return
    write.enqueue(masked(query.text), query.language, class_of(query.reader), found, degraded)


@task()
def write(text: str, language: str, readers: str, found: bool, degraded: bool) -> None:
    """Add one to the sum of the day."""
    _add("number", day=timezone.localdate(), text=text, language=language, readers=readers, found=found,
         degraded=degraded)  # fmt: skip


@task()
def write_click(text: str, language: str, readers: str) -> None:
    """Note that a result of this search was opened."""
    rows = Search.objects.filter(day=timezone.localdate(), text=text, language=language, readers=readers, found=True)
    first = rows.order_by("pk").values_list("pk", flat=True).first()
    if first is not None:
        Search.objects.filter(pk=first).update(clicked=F("clicked") + 1)


def _add(what: str, **which: Any) -> None:
    row, _made = Search.objects.get_or_create(**which)
    Search.objects.filter(pk=row.pk).update(**{what: F(what) + 1})


def forget_searches(today: date | None = None) -> int:
    """Remove what is older than thirteen months; return how many sums."""
    removed, _by_model = Search.objects.filter(day__lt=(today or timezone.localdate()) - KEPT).delete()
    return removed
