"""How much pages are read, without their readers: sums by page and day, and what they are worth when searching.

A process adds up what it answered, in memory, and gives the sums to the worker about once a minute, when an answer has
left. A sum knows a page and a day: no reader, no address, no hour, no cookie. Each night the sums of eight weeks become
`Entry.popularity`, between 0 and 1. docs/decisions/0017-what-is-read.md says what keeps it from feeding itself.
"""

from __future__ import annotations

import logging
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from math import log2
from threading import Lock
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.cache import cache
from django.db import connection, models, transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from audience.middleware import PortalRequest
from search.models import Entry
from search.paging import page_number

log = logging.getLogger(__name__)

# Counting ---------------------------------------------------------------------------------------------------------

EVERY = 60.0  # seconds between two times that a process gives away what it counted
MOST = 2000  # pages of which it keeps count meanwhile
_ROBOTS = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|preview|monitor|uptime|headless|lighthouse|scan|feed|fetch|curl|wget|libwww|httpx|"
    r"python|java/|okhttp|go-http|ruby|perl|php|node|axios|facebookexternal|whatsapp|pingdom|nagios|zabbix|prometheus",
    re.IGNORECASE,
)


class DayViews(models.Model):
    """How often one page was viewed on one day."""

    day = models.DateField(_("day"))
    entry_id = models.PositiveBigIntegerField()  # no foreign key: a page may go while its sum is on its way
    number = models.PositiveIntegerField(_("views"), default=0)

    class Meta:
        verbose_name = _("views of a day")
        verbose_name_plural = _("views of a day")
        constraints = [models.UniqueConstraint(fields=["entry_id", "day"], name="one_sum_a_page_and_day")]
        indexes = [models.Index(fields=["day"], name="views_by_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.entry_id}"


def is_counted(entry: Entry) -> bool:
    """Return whether views of what `entry` stands for are counted at all."""
    return not entry.discreet


def counted_entry(request: PortalRequest) -> int:
    """Return the entry that the answer just made to `request` is a view of; 0 if none, or one that is not counted."""
    page, entry = getattr(request, "page", None), getattr(request, "entry", None)
    # Not an editor's exception, not a preview.
    if page is None or entry is None or not getattr(request, "may_be_shared", False):
        return 0
    return int(entry.pk) if is_counted(entry) else 0


def is_view(request: HttpRequest, response: HttpResponse) -> bool:
    """Return whether someone is shown a page by this answer, of their own accord."""
    asked = request.headers
    return (
        request.method == "GET"
        and response.status_code == 200
        and response.get("Content-Type", "").startswith("text/html")
        and asked.get("Sec-Fetch-Dest", "document") == "document"  # not what a script or the offline worker asks
        and "prefetch" not in asked.get("Sec-Purpose", asked.get("Purpose", ""))
        and "HX-Request" not in asked
        and page_number(request.GET.get("page", "")) == 1
        and _is_someone(asked.get("User-Agent", ""))
        and not _from_search(request)
    )


def _is_someone(agent: str) -> bool:
    return bool(agent) and not _ROBOTS.search(agent)


def _from_search(request: HttpRequest) -> bool:
    """Whether the reader comes from results: what popularity has put first must not become more popular by it."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    return came_from.netloc == request.get_host() and unquote(came_from.path) in _search_addresses()


def _search_addresses() -> frozenset[str]:
    if not _addresses:
        for code, _name in settings.LANGUAGES:
            with translation.override(code):
                _addresses.add(unquote(reverse("search")))
    return frozenset(_addresses)


_addresses: set[str] = set()
_sums: Counter[tuple[date, int]] = Counter()
_lock = Lock()
_given = time.monotonic()


def note_view(request: PortalRequest, response: HttpResponse, entry: int) -> None:
    """Count one view of `entry`, if this answer is one. Costs no query; what is due is given away once it has left."""
    if not entry or not is_view(request, response):
        return
    with _lock:
        _sums[timezone.localdate(), entry] += 1
        due = time.monotonic() - _given > EVERY or len(_sums) > MOST
    if due:
        closers: list[Any] = response._resource_closers  # type: ignore[attr-defined]  # Django's own list
        closers.append(give)


def give() -> None:
    """Give the worker what was counted. What a process that is killed has not given is lost: a minute of sums."""
    global _given
    with _lock:
        sums = [[day.isoformat(), entry, number] for (day, entry), number in _sums.items()]
        _sums.clear()
        _given = time.monotonic()
    if sums:
        add_views.enqueue(sums)


@task()
def add_views(sums: list[list[Any]]) -> None:
    """Add to the sums of the days: (day, entry, views)."""
    # In one order, so that two that add wait for each other and never in a circle.
    rows = [tuple(row) for row in sorted(sums, key=lambda row: (row[1], row[0]))]
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO search_dayviews (day, entry_id, number) VALUES (%s, %s, %s) ON CONFLICT (entry_id, day)"
            " DO UPDATE SET number = search_dayviews.number + excluded.number",
            rows,
        )


# Weighing ---------------------------------------------------------------------------------------------------------

KEPT_DAYS = 56
HALVES_IN = 14  # days after which a day counts half
FULL = 500  # views a day, every day: popularity 1
STEP = 0.05  # by which popularity must differ to be written, and sent to the search engine
CHUNK = 500
NIGHT = 3  # o'clock


def weight(age: int) -> float:
    """Return what a day is worth that was `age` days before yesterday."""
    return float(0.5 ** (age / HALVES_IN))


_ALL = log2(1 + FULL) * sum(weight(age) for age in range(KEPT_DAYS))


def weigh(today: date | None = None) -> int:
    """Make `Entry.popularity` of the sums; forget those of more than eight weeks ago. Return how many entries changed.

    A day counts by the logarithm of its views, so that one day, or one reader who reloads, is worth little beside
    weeks. Today, not over, does not count.
    """
    today = today or timezone.localdate()
    DayViews.objects.filter(day__lt=today - timedelta(days=KEPT_DAYS)).delete()
    # Of what is gone, and of what has become discreet.
    DayViews.objects.exclude(entry_id__in=Entry.objects.not_discreet().values("pk")).delete()
    worth: dict[int, float] = defaultdict(float)
    sums = DayViews.objects.filter(day__lt=today).values_list("entry_id", "day", "number")
    for entry, day, number in sums.iterator(chunk_size=5000):
        worth[entry] += log2(1 + number) * weight((today - day).days - 1)
    changed, before = 0, 0
    while rows := list(_entries_after(before)):
        before = rows[-1][0]
        due = {}
        for pk, popularity in rows:
            now = round(min(1.0, worth.get(pk, 0.0) / _ALL), 2)
            if abs(now - popularity) >= STEP or (popularity and pk not in worth):
                due[pk] = now
        changed += _write(due)
    return changed


def _entries_after(pk: int) -> Iterable[tuple[int, float]]:
    return Entry.objects.filter(pk__gt=pk).order_by("pk").values_list("pk", "popularity")[: 10 * CHUNK]


def _write(due: dict[int, float]) -> int:
    """Write these, a few at a time; the version goes up, so that they are sent. What someone holds waits a night."""
    pks, written = sorted(due), 0
    for start in range(0, len(pks), CHUNK):
        with transaction.atomic():
            rows = Entry.objects.filter(pk__in=pks[start : start + CHUNK]).order_by("path")
            if connection.features.has_select_for_update_skip_locked:
                rows = rows.select_for_update(skip_locked=True)
            by_value: dict[float, list[int]] = defaultdict(list)
            for pk in rows.values_list("pk", flat=True):
                by_value[due[pk]].append(pk)
            for value, some in by_value.items():
                written += Entry.objects.filter(pk__in=some).update(popularity=value, version=F("version") + 1)
    return written


def weigh_nightly() -> None:
    """Weigh once a night; the worker asks each minute."""
    now = timezone.localtime()
    if now.hour >= NIGHT and cache.add(f"popularity-weighed-{now.date()}", True, 24 * 3600):
        log.info("popularity changed for %s entries", weigh())
