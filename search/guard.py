"""The guard of pages and files: who may open an address, by the same rule as every list.

An audience not met gives 404; else an unmet login sends anonymous readers to sign in, once; else an unmet password
shows its form; else an unmet group gives 403.
"""

from __future__ import annotations

from enum import Enum
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.forms import PasswordViewRestrictionForm
from wagtail.models import Page, PageViewRestriction

from audience.demands import Clauses, table
from audience.middleware import PortalRequest
from audience.reader import Reader
from search.compiled import compiled
from search.discretion import kept_discreet
from search.models import Entry
from search.querysets import EntryQuerySet, page_type


class Verdict(Enum):
    """What an address answers to a reader."""

    OPEN = "open"
    UNKNOWN = "unknown"  # 404, the same whether or not there is a page
    SIGN_IN = "sign in"
    PASSWORD = "password"  # noqa: S105  # a verdict
    FORBIDDEN = "forbidden"


def _asks(clauses: Clauses, atom: str) -> bool:
    return any(part.startswith(atom) for clause in clauses for part in clause)


def judge(entry: Entry | None, reader: Reader) -> tuple[Verdict, list[Clauses]]:
    """Return what the source of `entry` answers to `reader`, and the demands not met."""
    if entry is None or entry.withdrawn or entry.live_from > reader.at:
        return Verdict.UNKNOWN, []
    if entry.expires_at and entry.expires_at <= reader.at:
        return Verdict.UNKNOWN, []
    if entry.visibility_id in reader.visible:
        return Verdict.OPEN, []
    known = table()
    if entry.visibility_id not in known.visibilities:
        return Verdict.UNKNOWN, []
    unmet = known.unmet(reader, entry.visibility_id)
    simple = [clauses for clauses in unmet if not _asks(clauses, "audience:")]
    if reader.seen_as or not unmet or len(simple) < len(unmet) or any(not all(clauses) for clauses in unmet):
        return Verdict.UNKNOWN, unmet
    if not reader.signed_in and any(_asks(clauses, "login") for clauses in unmet):
        return Verdict.SIGN_IN, unmet
    if any(_asks(clauses, "password:") or _asks(clauses, "collection:") for clauses in unmet):
        return Verdict.PASSWORD, unmet
    return Verdict.FORBIDDEN, unmet


def may_edit(request: PortalRequest, page: Page) -> bool:
    """Return whether the reader edits `page`, and so may open it at its address; never while seeing as another."""
    if request.reader.seen_as or not request.user.is_authenticated:
        return False
    # An author may have no way into the admin: whoever announces to a group they are not in still reads what they said.
    if page.owner_id != request.user.pk and not request.user.has_perm("wagtailadmin.access_admin"):
        return False
    permissions = page.permissions_for_user(request.user)
    return bool(permissions.can_edit() or permissions.can_publish())


def guard_page(page: Page, request: PortalRequest, args: list[Any], kwargs: dict[str, Any]) -> HttpResponse | None:
    """Return None when the page may be served; else what its address answers. Raises Http404."""
    entry = request.entry = next(iter(_entry_of(page.pk, page_type().pk)), None)
    if entry is not None and entry.unit_id and entry.unit_id == getattr(page, "unit_id", None):
        page.unit = entry.unit  # read with the entry
    verdict, unmet = judge(entry, request.reader)
    if entry is not None and verdict is Verdict.OPEN and entry.language != get_language():
        # A language in which nobody opened the portal: Wagtail serves pages of the first under its prefix too.
        return redirect(entry.url)
    if verdict is Verdict.OPEN:
        # Served from here: Wagtail's own check of privacy, next, would ask the database what has just been answered.
        return kept_discreet(request, page.serve(request, *args, **kwargs), entry)
    if may_edit(request, page):
        request.not_meant_for_reader = True
        response: HttpResponse = page.serve(request, *args, **kwargs)
        request.may_be_shared = False  # what an editor may open is not what readers of the same signature may
        add_never_cache_headers(response)
        return kept_discreet(request, response, entry)
    match verdict:
        case Verdict.SIGN_IN:
            answer: HttpResponse = sign_in_first(request)
        case Verdict.PASSWORD:
            answer = ask_password(request, page, unmet)
        case Verdict.FORBIDDEN:
            answer = render(request, "403.html", {"reason": _("This page is for a group you are not in.")}, status=403)
        case _:
            request.entry = None
            raise Http404
    request.entry = None
    add_never_cache_headers(answer)
    return answer


@compiled
def _entry_of(page: int, page_type: int) -> EntryQuerySet:
    entries = Entry.objects.filter(content_type=page_type, object_id=page)
    return entries.select_related("unit", "section").order_by("pk")[:1]


def sign_in_first(request: PortalRequest) -> HttpResponse:
    """Send the reader to sign in, and back here."""
    query = urlencode({"next": request.get_full_path()})
    return redirect(f"{reverse('oidc_authentication_init')}?{query}")


def asked_restrictions(unmet: list[Clauses]) -> list[int]:
    """Return the ids of the password restrictions among demands not met; the first is asked now."""
    return [
        int(part.partition(":")[2])
        for clauses in unmet
        for clause in clauses
        for part in clause
        if part.startswith("password:")
    ]


def ask_password(
    request: PortalRequest, page: Page, unmet: list[Clauses], *, form: PasswordViewRestrictionForm | None = None
) -> HttpResponse:
    """Show the form of the first password not yet given; it says nothing of the page behind it."""
    restriction = PageViewRestriction.objects.get(pk=asked_restrictions(unmet)[0])
    if form is None:
        form = PasswordViewRestrictionForm(instance=restriction, initial={"return_url": page.get_url(request) or "/"})
    action = reverse("wagtailcore_authenticate_with_password", args=[restriction.pk, page.pk])
    return render(request, "search/password_required.html", {"form": form, "action_url": action})
