"""How many of those an announcement is for opened it, without keeping who.

One row a reader, written at their first opening: the announcement and a key that only the portal can make, another one
for each announcement, from which nobody is found again. Rows go when the announcement is over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from audience.demands import Clauses, Table, meets_all, table
from audience.middleware import PortalRequest
from audience.models import KnownReader
from audience.profile import audiences_at
from audience.reader import Reader, parse_positions
from audience.sensitive import ask_sensitive
from audience.version import current_version
from content.entry import Kind
from news.models import AnnouncementPage, Opening
from search.entries import entries_for
from search.models import Entry

FEW = 10  # fewer openings than this are not told: they would name people


def key_of(announcement: int, user: int) -> str:
    """Return what stands for this reader among the openings of this announcement, and nowhere else."""
    return salted_hmac("parvis.opening", f"{announcement}:{user}", algorithm="sha256").hexdigest()


def note_opening(request: PortalRequest, announcement: AnnouncementPage) -> None:
    """Note that the reader of `request` opened `announcement`, once, if it is for them and not by them."""
    reader, user = request.reader, request.user
    if user.pk is None or user.pk == announcement.owner_id or reader.seen_as or request.method != "GET":
        return
    key = key_of(announcement.pk, user.pk)
    if Opening.objects.filter(announcement=announcement, key=key).exists():
        return
    # Asked of the door, since a body may come from what another reader was shown, or be open to its editors only.
    entry = entries_for(reader).of_page(announcement).first()
    if entry is None or entry.discreet or entry.recommendation_id not in {None, *reader.recommended}:
        return
    if ask_sensitive(_demands_on(entry, table()), known=audiences_at(request.content_version)):
        return
    Opening.objects.bulk_create([Opening(announcement=announcement, key=key)], ignore_conflicts=True)


@dataclass(frozen=True)
class Figures:
    """How many known readers an announcement addresses, and how many opened it: None when too few to be told.

    `addressed` is None, and nothing is counted, when it is for a sensitive audience. `discreet`: openings are not.
    """

    addressed: int | None
    opened: int | None
    discreet: bool = False


def figures_of(entries: Iterable[Entry], *, opened: Mapping[int, int] | None = None) -> dict[int, Figures]:
    """Return the figures of announcements by page id, given their entries: three queries, however many.

    `opened` gives the numbers of openings that are known already.
    """
    asked = list(entries)
    if not asked:
        return {}
    if opened is None:
        ids = [entry.object_id for entry in asked]
        counted = Opening.objects.filter(announcement__in=ids).values_list("announcement").annotate(Count("pk"))
        opened = dict(counted.order_by())
    known, audiences = table(), audiences_at(current_version())
    readers = [
        (Reader(positions=parse_positions(positions), signed_in=True), number)
        for positions, number in KnownReader.objects.by_positions()
    ]
    found = {}
    for entry in asked:
        demands = _demands_on(entry, known)
        number = opened.get(entry.object_id, 0)
        if ask_sensitive(demands, known=audiences):
            found[entry.object_id] = Figures(None, None, discreet=entry.discreet)
            continue
        found[entry.object_id] = Figures(
            addressed=sum(count for reader, count in readers if meets_all(reader, demands)),
            opened=number if number >= FEW and not entry.discreet else None,
            discreet=entry.discreet,
        )
    return found


def _demands_on(entry: Entry, known: Table) -> list[Clauses]:
    """Return what is asked of those `entry` addresses: its own audiences, and what reserves it from above."""
    ids = {*known.visibilities.get(entry.visibility_id, ()), entry.recommendation_id}
    return [known.demands[pk] for pk in ids if pk in known.demands and known.about_audiences(pk)]


def forget_openings() -> int:
    """Remove the openings of announcements that are over, or discreet since; return how many."""
    over = AnnouncementPage.objects.filter(Q(live=False) | Q(expire_at__lte=timezone.now()))
    discreet = Entry.objects.pages().filter(discreet=True, kind=Kind.ANNOUNCEMENT).values("object_id")
    gone = Q(announcement__in=over) | Q(announcement__in=discreet)
    removed, _ = Opening.objects.filter(gone).delete()
    return removed


def _openings_of(user: Any) -> dict[int, str]:
    """Return the key of `user` for each announcement that was opened by somebody, by its id."""
    ids = Opening.objects.values_list("announcement", flat=True).distinct().order_by("announcement")
    return {pk: key_of(pk, user.pk) for pk in ids}


def export_openings(user: Any) -> list[int]:
    """Return the numbers of the announcements that `user` opened and that are not over.

    Not their titles or addresses, which may no longer be for this reader.
    """
    found = Opening.objects.filter(key__in=_openings_of(user).values())
    return sorted(found.values_list("announcement", flat=True))


def erase_openings(user: Any) -> None:
    Opening.objects.filter(key__in=_openings_of(user).values()).delete()
