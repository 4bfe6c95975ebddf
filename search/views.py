"""The request's side of a search."""

from __future__ import annotations

from django.template.response import TemplateResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from audience.middleware import PortalRequest
from search.letters import letters_for
from search.plan import plan_for
from search.query import Query
from search.results import search


@require_safe
def results(request: PortalRequest) -> TemplateResponse:
    query = Query.parse(request.GET, reader=request.reader)
    # What goes back in history asks for a whole page.
    partial = request.htmx and not request.htmx.history_restore_request
    template = "search/_results.html" if partial else "search/results.html"
    response = TemplateResponse(request, template, {"query": query, "found": search(query)})
    patch_vary_headers(response, ["HX-Request", "HX-History-Restore-Request"])
    return response


@require_safe
def plan(request: PortalRequest) -> TemplateResponse:
    """Show how the portal is made; readers of one signature are shown the same."""
    request.may_be_shared = True
    return TemplateResponse(request, "search/plan.html", {"plan": plan_for(request.reader)})


@require_safe
def letters(request: PortalRequest) -> TemplateResponse:
    """List services, guidance and sections from A to Z; readers of one signature are shown the same."""
    request.may_be_shared = True
    return TemplateResponse(request, "search/letters.html", {"letters": letters_for(request.reader)})
