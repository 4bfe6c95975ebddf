"""What an editor may learn of in the admin: what lists would show them and what they may explore, no other title.

Wagtail keeps its explorer, its history and its reports to one's own pages, and asks nothing in its choosers, its bulk
actions and the confirmation of a move.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.models import Page
from wagtail.permissions import policy_registry

from audience.demands import table
from audience.middleware import PortalRequest, real_reader
from audience.reader import Reader
from content.models import PortalDocument
from search.documents import document_type
from search.entries import entries_for

# The addresses that name pages without asking who may know of them, and where each says which.
NAMING: dict[str, Callable[[HttpRequest, dict[str, Any]], Iterable[Any]]] = {
    "wagtailadmin_choose_page_child": lambda request, kwargs: [kwargs["parent_page_id"]],
    "wagtailadmin_choose_page_chosen_multiple": lambda request, kwargs: request.GET.getlist("id"),
    "wagtailadmin_pages:move_confirm": lambda request, kwargs: [kwargs["page_to_move_id"], kwargs["destination_id"]],
    # Whoever sends one of these forms by hand reads in its answer the title of the page it names.
    "wagtailadmin_pages:move": lambda request, kwargs: [request.POST.get("new_parent_page", "")],
    "wagtailadmin_pages:copy": lambda request, kwargs: [request.POST.get("new_parent_page", "")],
    "wagtail_bulk_action": lambda request, kwargs: [request.POST.get("chooser", "")],
}
CONVERTING = "wagtailadmin_choose_page_external_link"


def editor(request: PortalRequest) -> Reader:
    """Return the editor as a reader: as themselves, also while they see the portal as others do."""
    known = table(request.content_version)
    return known.seen_by(real_reader(request, known))


def known_pages(request: PortalRequest) -> Q:
    """Return what pages the editor may learn of: those visible to them, and those they may explore."""
    visible = entries_for(editor(request)).pages().values("object_id")
    explored = policy_registry.get_by_type(Page).explorable_instances(request.user)
    return Q(depth=1) | Q(pk__in=visible) | Q(pk__in=explored.values("pk"))


def known_documents(request: PortalRequest) -> Q:
    """Return what documents the editor may learn of: those visible to them, and those they may choose or change."""
    visible = entries_for(editor(request)).filter(content_type=document_type()).values("object_id")
    policy = policy_registry.get_by_type(PortalDocument)
    theirs = policy.instances_user_has_any_permission_for(request.user, ["choose", "change", "delete"])
    return Q(pk__in=visible) | Q(pk__in=theirs.values("pk"))


def choosable(pages: QuerySet[Page], request: PortalRequest) -> QuerySet[Page]:
    """Keep the pages the editor may learn of, in a chooser."""
    return pages.filter(known_pages(request))


class AdminGuardMiddleware:
    """Answer 404 where Wagtail would name a page of which the editor may not know."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: PortalRequest) -> HttpResponse:
        response = self.get_response(request)
        match = request.resolver_match
        if match and match.view_name == CONVERTING and request.method == "POST" and response.status_code == 200:
            return _unconverted(request, response)
        return response

    def process_view(
        self, request: PortalRequest, view: Callable[..., HttpResponse], args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        named = NAMING.get(request.resolver_match.view_name) if request.resolver_match else None
        if named is None or not request.user.is_authenticated:
            return None
        asked = {int(pk) for pk in named(request, kwargs) if str(pk).isdecimal() and len(str(pk)) < 10}
        if Page.objects.filter(known_pages(request), pk__in=asked).count() != len(asked):
            raise Http404
        return None


def _unconverted(request: PortalRequest, response: HttpResponse) -> HttpResponse:
    """Return what a link typed by hand stays when the page it leads to is not known to the editor."""
    try:
        said = json.loads(response.content)
    except ValueError:
        return response
    page = (said.get("internal") or said.get("result") or {}).get("id")
    if page is None or Page.objects.filter(known_pages(request), pk=page).exists():
        return response
    url = request.POST.get("external-link-chooser-url", "").strip()
    typed = request.POST.get("external-link-chooser-link_text", "").strip()
    result = {"url": url, "title": typed or url, "prefer_this_title_as_link_text": bool(typed)}
    return JsonResponse({"step": "external_link_chosen", "result": said.get("external") or result})


def _known_only(find: Callable[..., Any]) -> Callable[..., Any]:
    """Leave out of a bulk action's page what the editor can neither change nor know."""

    @wraps(find)
    def found(self: Any) -> tuple[list[Any], dict[str, list[Any]]]:
        objects, others = find(self)
        refused = [other.pk for other in others["items_with_no_access"]]
        known: set[int] = set()
        if refused and self.model is Page:
            known = set(Page.objects.filter(known_pages(self.request), pk__in=refused).values_list("pk", flat=True))
        elif refused and self.model is PortalDocument:
            documents = PortalDocument.objects.filter(known_documents(self.request), pk__in=refused)
            known = set(documents.values_list("pk", flat=True))
        return objects, {"items_with_no_access": [o for o in others["items_with_no_access"] if o.pk in known]}

    return found


# Wagtail's page says which of the things chosen one may not act on, by their titles, whoever asks.
BulkAction.get_actionable_objects = _known_only(BulkAction.get_actionable_objects)
