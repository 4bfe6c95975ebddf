"""Where Wagtail asks us: before a page and before a document is served."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from wagtail import hooks
from wagtail.models import Page

from audience.middleware import PortalRequest
from content.models import PortalDocument
from search import admin_guard
from search.documents import document_type
from search.guard import Verdict, guard_page, judge, sign_in_first
from search.models import Entry


@hooks.register("before_serve_page", order=-100)
def guard(page: Page, request: PortalRequest, args: list[Any], kwargs: dict[str, Any]) -> HttpResponse | None:
    return guard_page(page, request, args, kwargs)


@hooks.register("before_serve_document", order=-100)
def guard_document(document: PortalDocument, request: PortalRequest) -> HttpResponse | None:
    """Serve a document to whom it is for. To anyone else it is not there, whatever it asks."""
    entry = Entry.objects.filter(content_type=document_type(), object_id=document.pk).first()
    verdict, _unmet = judge(entry, request.reader)
    if verdict is Verdict.SIGN_IN:
        return sign_in_first(request)
    if verdict is Verdict.FORBIDDEN:
        return render(request, "403.html", status=403)
    if verdict is Verdict.UNKNOWN:
        raise Http404
    return None  # open, or a collection's password, which Wagtail asks for next


@hooks.register("construct_page_chooser_queryset")
def known_in_choosers(pages: QuerySet[Page], request: PortalRequest) -> QuerySet[Page]:
    return admin_guard.choosable(pages, request)
