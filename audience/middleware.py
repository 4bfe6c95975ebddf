"""Give each request its reader."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject
from wagtail.models import CollectionViewRestriction, Page, PageViewRestriction

from audience.demands import Table, table
from audience.models import Audience, KnownReader
from audience.reader import NOWHERE, Position, Reader, parse_positions
from audience.version import Version, current_version

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails


SEE_AS = "see_as"
SEE_AS_RIGHT = "audience.see_as"


class PortalRequest(HttpRequest):
    """A request after the middleware: typing only."""

    request_id: str  # also in the log and in the answer's X-Request-ID
    reader: Reader
    content_version: Version
    htmx: HtmxDetails
    page: Page | None  # the page served, if one is
    entry: Any  # its entry
    may_be_shared: bool  # the answer is a page, not a preview nor an editor's exception
    recognised: bool  # the page knows the endless parameters it was asked with (search.shared)
    sharing: bool  # slots are left for what is personal
    not_meant_for_reader: bool  # served to an editor whom lists do not show it to


class ReaderMiddleware:
    """Set `request.reader` and `request.content_version`, both read when first used: static files cost nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: PortalRequest) -> HttpResponse:
        # The version is read before anything it dates: what is kept under it can be older than said, never newer.
        request.content_version = SimpleLazyObject(current_version)  # type: ignore[assignment]
        request.reader = SimpleLazyObject(lambda: reader_of(request))  # type: ignore[assignment]
        return self.get_response(request)


def reader_of(request: PortalRequest) -> Reader:
    """Return who is looking, with what they may see."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    known_table = table(request.content_version)
    reader = known_table.seen_by(replace(real_reader(request, known_table), language=language))
    if see_as := previewed_as(request) or request.session.get(SEE_AS):
        # The right is asked again: who has lost it since can only narrow.
        anyone = bool(see_as.get("chosen")) and request.user.has_perm(SEE_AS_RIGHT)
        audiences = _still_usable(see_as.get("audiences"), user=request.user)
        return seen_as(reader, {**see_as, "audiences": audiences, "chosen": anyone}, known_table)
    return reader


def _still_usable(ids: object, *, user: Any) -> list[int]:
    """Return the audiences chosen that `user` may use: a sensitive one is for its unit, however it was asked for."""
    asked = ids if isinstance(ids, list) else []
    return list(Audience.objects.usable_by(user).filter(pk__in=asked).values_list("pk", flat=True))


def previewed_as(request: PortalRequest) -> dict[str, Any] | None:
    """Return what a preview of Wagtail's shows the page as: an audience, or a visitor; None in any other request."""
    name, _, pk = str(getattr(request, "preview_mode", "") or "").partition("-")
    if name == "audience" and pk.isdecimal() and len(pk) < 10:
        return {"audiences": [int(pk)], "chosen": True}
    return {"audiences": [], "chosen": True} if name == "visitor" else None


def real_reader(request: PortalRequest, known_table: Table) -> Reader:
    """Return the reader of the session, without what they may see."""
    passed = frozenset(request.session.get(PageViewRestriction.passed_view_restrictions_session_key, []))
    opened = frozenset(request.session.get(CollectionViewRestriction.passed_view_restrictions_session_key, []))
    user = request.user
    if not user.is_authenticated:
        return Reader(passed=passed, opened=opened)
    known: KnownReader | None = getattr(user, "known_reader", None)
    return Reader(
        positions=parse_positions(known.positions) if known else (NOWHERE,),
        units=tuple(known.units) if known else (),
        groups=frozenset(user.groups.values_list("pk", flat=True)) if known_table.asks_groups else frozenset(),
        passed=passed,
        opened=opened,
        signed_in=True,
    )


def seen_as(reader: Reader, chosen: dict[str, object], known_table: Table) -> Reader:
    """Return what the audiences chosen in See as would see; without the right, never more than `reader` does."""
    ids = chosen.get("audiences")
    audiences = with_broader(ids) if isinstance(ids, list) else NOWHERE
    at = chosen.get("at")
    may_choose = bool(chosen.get("chosen"))
    other = known_table.seen_by(
        Reader(
            positions=(audiences,),
            signed_in=bool(audiences),
            language=reader.language,
            at=datetime.fromisoformat(at) if may_choose and isinstance(at, str) else timezone.now(),
            seen_as="chosen" if may_choose else "narrowed",
        )
    )
    if may_choose:
        return other
    return replace(
        other,
        visible=tuple(sorted(set(other.visible) & set(reader.visible))),
        recommended=tuple(sorted(set(other.recommended) & set(reader.recommended))),
        narrow=tuple(sorted(set(other.narrow) & set(reader.narrow))),
    )


def with_broader(ids: list[int]) -> Position:
    """Return these audiences and those they belong to."""
    broader = dict(Audience.objects.values_list("pk", "broader_id"))
    found: set[int] = set()
    for pk in ids:
        current: int | None = pk
        while current is not None and current in broader and current not in found:
            found.add(current)
            current = broader[current]
    return frozenset(found)
