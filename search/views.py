"""The request's side of a search."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from audience.middleware import PortalRequest
from search.journal import class_of, masked, remember, write_click
from search.letters import letters_for
from search.plan import plan_for
from search.query import Query
from search.results import Results, search
from search.suggestions import suggested


@require_safe
def results(request: PortalRequest) -> TemplateResponse:
    query = Query.parse(request.GET, reader=request.reader)
    # What goes back in history asks for a whole page.
    partial = request.htmx and not request.htmx.history_restore_request
    template = "search/_results.html" if partial else "search/results.html"
    found = search(query, version=request.content_version)
    response = TemplateResponse(request, template, {"query": query, "found": found})
    _remember_later(response, query, found)
    patch_vary_headers(response, ["HX-Request", "HX-History-Restore-Request"])
    return response


def _remember_later(response: HttpResponse, query: Query, found: Results) -> None:
    """Have the search written down once the answer has been sent: nobody waits for it."""
    closers: list[Any] = response._resource_closers  # type: ignore[attr-defined]  # Django's own list
    closers.append(lambda: remember(query, found=bool(found.total), degraded=found.degraded))


@require_safe
@never_cache
def results_json(request: PortalRequest) -> JsonResponse:
    """Return what the results page shows this reader, for programs in their browser."""
    query = Query.parse(request.GET, reader=request.reader)
    found = search(query, version=request.content_version)
    results = [
        {"title": hit.title, "url": hit.url, "kind": hit.kind, "language": hit.spoken, "excerpt": str(hit.excerpt)}  # type: ignore[attr-defined]
        for hit in found.hits
    ]
    response = JsonResponse(
        {
            "total": found.total,
            "approximate": found.approximate,
            "degraded": found.degraded,
            "correction": found.correction,
            "kinds": {choice.kind: choice.count for choice in found.kinds if choice.kind},
            "results": results,
        }
    )
    _remember_later(response, query, found)
    return response


@csrf_exempt  # says only that something was opened, of nobody
@require_POST
def opened(request: PortalRequest) -> HttpResponse:
    """Note that a result of a search was opened; browsers send it while they leave the page."""
    query = Query.parse(request.POST, reader=request.reader)
    if query.text and not query.reader.seen_as:
        write_click.enqueue(masked(query.text), query.language, class_of(query.reader))
    return HttpResponse(status=204)


@require_safe
@never_cache
def suggestions(request: PortalRequest) -> JsonResponse:
    """Return what may be meant by what is being typed, by kind, for the list under the search box."""
    query = Query.parse({"q": request.GET.get("q", "")}, reader=request.reader)
    return JsonResponse({"groups": suggested(query)})


@require_safe
def description(request: PortalRequest) -> HttpResponse:
    """Describe the search, for browsers that offer to add it."""
    said = {"search": request.build_absolute_uri(reverse("search"))}
    said["suggestions"] = request.build_absolute_uri(reverse("suggestions"))
    return render(request, "search/opensearch.xml", said, content_type="application/opensearchdescription+xml")


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
