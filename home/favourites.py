"""What readers keep within reach: services and pages, in their own order.

A favourite names what it stands for by its translation key, so it follows moves and translations. What its reader may
not see now is not shown, not counted, and comes back when it is visible again; what is retired gives way to what
replaces it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audience.reader import Reader
from content.entry import Kind
from search.compiled import compiled
from search.entries import entries_for
from search.links import MOST_SUCCESSIONS, in_the_language_of, succeeded
from search.models import Entry
from services.models import Retirement

MOST = 100  # that are shown; more is no longer within reach
MOST_ROWS = 2 * MOST  # with those that are not visible now, of which the oldest are then forgotten
MOST_SUGGESTED = 6


class UnknownPageError(LookupError):
    """No page that this reader may see has this key."""


class TooManyError(ValueError):
    """The reader keeps as many as one may."""


class Favourite(models.Model):
    """That a reader keeps a service or a page."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="favourites")
    key = models.UUIDField(_("page"), help_text=_("The translation key of its pages."))
    position = models.PositiveIntegerField(_("position"), default=0)
    kept_at = models.DateTimeField(_("kept"), default=timezone.now)

    class Meta:
        verbose_name = _("favourite")
        verbose_name_plural = _("favourites")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="home_one_favourite_a_page")]
        indexes = [models.Index(fields=["key"], name="favourite_by_page")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.key}"


@dataclass(frozen=True)
class Row:
    """A favourite, and the keys it stands for: its own, then those of what replaces what is retired."""

    favourite: Favourite
    keys: tuple[UUID, ...]


def rows_of(user: Any) -> list[Row]:
    """Return what `user` keeps, visible or not, in their order: one query, and one more for each further succession."""
    kept = _kept_by(user.pk)
    known: dict[UUID, UUID | None] = {one.key: one.heir for one in kept if one.heir}
    asked = {heir for heir in known.values() if heir}
    for _succession in range(1, MOST_SUCCESSIONS):
        if not (asked := asked - known.keys()):
            break
        found = dict(Retirement.objects.filter(service__in=asked).values_list("service", "successor"))
        known |= dict.fromkeys(asked) | found
        asked = {heir for heir in found.values() if heir}
    return [Row(one, _line(one.key, known)) for one in kept]


@compiled
def _kept_by(user: int) -> QuerySet[Any, Any]:
    heir = Retirement.objects.filter(service=OuterRef("key")).values("successor")[:1]
    return Favourite.objects.filter(user=user).annotate(heir=Subquery(heir))


def _line(key: UUID, known: dict[UUID, UUID | None]) -> tuple[UUID, ...]:
    line = [key]
    while (heir := known.get(line[-1])) and heir not in line:
        line.append(heir)
    return tuple(line)


def starred(user: Any) -> frozenset[UUID]:
    """Return the keys of all that `user` keeps, with those of what replaces what is retired."""
    return frozenset(key for row in rows_of(user) for key in row.keys)


def shown_to(reader: Reader, user: Any) -> list[Entry]:
    """Return what `user` keeps and `reader`, the same person, may see now, in their order and each once.

    One query for who keeps nothing, as most; one more, whatever the number, for who does, and one for each succession
    of what is retired.
    """
    places = _places_of(user)
    if not places:
        return []
    found = in_the_language_of(reader, entries_for(reader).pages().translations_of(list(places)).order_by("path"))
    entries = sorted(found.values(), key=lambda entry: places[entry.translation_key])
    heirs = succeeded({entry.pk: entry for entry in entries}, reader=reader)
    # One that replaces two is shown once; so is one whose translation stands beside it.
    return list({entry.translation_key: entry for entry in heirs.values()}.values())


def _places_of(user: Any) -> dict[UUID | None, tuple[int, int]]:
    """Return the keys that `user` keeps, each with its place."""
    return {key: (position, pk) for key, position, pk in _places_kept_by(user.pk)}


@compiled
def _places_kept_by(user: int) -> QuerySet[Any, tuple[Any, ...]]:
    return Favourite.objects.filter(user=user).values_list("key", "position", "pk")


def suggested_to(reader: Reader, *, without: Iterable[Entry] = ()) -> list[Entry]:
    """Return the services recommended to `reader`, the first of the catalogue, that they do not keep: one query."""
    kept = {entry.translation_key for entry in without}
    services = entries_for(reader).of_kind(Kind.SERVICE).listed_in(reader.language).recommended_to(reader)
    found = services.not_discreet().in_tree_order()[: MOST_SUGGESTED + len(kept)]
    return [entry for entry in found if entry.translation_key not in kept][:MOST_SUGGESTED]


@transaction.atomic
def keep(*, user: User, keys: Sequence[UUID], reader: Reader, at: int | None = None) -> None:
    """Keep these pages, after the others or at the place `at`; what is kept already stays where it is.

    Raises UnknownPageError if the reader may see none of them, TooManyError if they would be more than MOST; nothing
    is then kept.
    """
    found = entries_for(reader).pages().exclude(kind=Kind.HOME).translations_of(keys)
    visible = set(found.values_list("translation_key", flat=True))
    wanted = [key for key in dict.fromkeys(keys) if key in visible]
    if not wanted:
        raise UnknownPageError
    _one_at_a_time(user)
    rows = rows_of(user)
    kept = {key for row in rows for key in row.keys}
    new = [Favourite(user=user, key=key) for key in wanted if key not in kept]
    if not new:
        return
    seen = _visible_among(rows, reader)
    if len(seen) + len(new) > MOST:
        raise TooManyError
    favourites = _without_oldest([row.favourite for row in rows], seen, most=MOST_ROWS - len(new))
    place = len(favourites) if at is None else min(max(at, 0), len(favourites))
    favourites[place:place] = new
    _write(favourites)


def _one_at_a_time(user: User) -> None:
    """Wait for what the same reader does elsewhere: two clicks at once make one favourite, never one too many."""
    User.objects.select_for_update().values_list("pk").get(pk=user.pk)


def _visible_among(rows: list[Row], reader: Reader) -> set[UUID]:
    """Return the favourites, by their own key, of which the reader sees what they stand for."""
    keys = {key for row in rows for key in row.keys}
    found = set(entries_for(reader).pages().translations_of(keys).values_list("translation_key", flat=True))
    return {row.favourite.key for row in rows if found.intersection(row.keys)}


def _without_oldest(favourites: list[Favourite], seen: set[UUID], *, most: int) -> list[Favourite]:
    """Forget the oldest of those that are not visible, beyond `most`; return the others."""
    hidden = sorted((one for one in favourites if one.key not in seen), key=lambda one: (one.kept_at, one.pk))
    gone = {one.pk for one in hidden[: max(len(favourites) - most, 0)]}
    if gone:
        Favourite.objects.filter(pk__in=gone).delete()
    return [one for one in favourites if one.pk not in gone]


def _write(favourites: list[Favourite]) -> None:
    """Save these favourites in this order."""
    moved = []
    for position, one in enumerate(favourites):
        if one.pk is None:
            one.position = position
        elif one.position != position:
            one.position = position
            moved.append(one)
    Favourite.objects.bulk_update(moved, ["position"])
    Favourite.objects.bulk_create([one for one in favourites if one.pk is None], ignore_conflicts=True)


@transaction.atomic
def remove(*, user: User, key: UUID) -> int | None:
    """Keep the page of this key no more; return the place where it stood, None if it was not kept."""
    _one_at_a_time(user)
    rows = rows_of(user)
    gone = [place for place, row in enumerate(rows) if key in row.keys]
    Favourite.objects.filter(pk__in=[rows[place].favourite.pk for place in gone]).delete()
    return gone[0] if gone else None


@transaction.atomic
def reorder(*, user: User, keys: Sequence[UUID]) -> None:
    """Put the favourites of these keys in this order, in the places they take together; the others stay in theirs."""
    _one_at_a_time(user)
    rows = rows_of(user)
    wanted = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    ranks = [min((wanted[key] for key in row.keys if key in wanted), default=None) for row in rows]
    places = [place for place, rank in enumerate(ranks) if rank is not None]
    favourites = [row.favourite for row in rows]
    for place, source in zip(places, sorted(places, key=lambda place: ranks[place] or 0), strict=True):
        favourites[place] = rows[source].favourite
    _write(favourites)


def move(*, user: User, key: UUID, by: int, reader: Reader) -> None:
    """Move a favourite among those the reader sees: `by` -1 is one up, 1 one down. At an end it stays."""
    keys = [entry.translation_key for entry in shown_to(reader, user) if entry.translation_key]
    if key not in keys:
        raise UnknownPageError
    place = keys.index(key)
    keys.insert(min(max(place + by, 0), len(keys) - 1), keys.pop(place))
    reorder(user=user, keys=keys)


def forget_pages(keys: Iterable[UUID]) -> None:
    """Forget the favourites of pages that were deleted for good."""
    Favourite.objects.filter(key__in=list(keys)).delete()


def export_favourites(user: Any) -> list[dict[str, str]]:
    """Return what `user` keeps, in their order: the keys alone, since a title may no longer be for this reader."""
    kept = Favourite.objects.filter(user=user)
    return [{"page": str(one.key), "kept_at": one.kept_at.isoformat()} for one in kept]


def erase_favourites(user: Any) -> None:
    Favourite.objects.filter(user=user).delete()
