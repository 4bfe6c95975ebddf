"""Where Wagtail asks us: before a page and before a document is served."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets import Button
from wagtail.models import Page

from audience.middleware import PortalRequest
from content.models import PortalDocument
from search import admin_guard, steering_admin
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


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return [
        path("searches/", steering_admin.report, name="searches_made"),
        path("searches/try/", steering_admin.why, name="search_why"),
        path("searches/page/<int:pk>/", steering_admin.held, name="search_held"),
    ]


class SearchesItem(MenuItem):
    def is_shown(self, request: PortalRequest) -> bool:
        return bool(request.user.has_perm("search.view_search"))


@hooks.register("register_reports_menu_item")
def searches_item() -> MenuItem:
    return SearchesItem(_("Searches made"), reverse("searches_made"), icon_name="search", order=900)


@hooks.register("register_reports_menu_item")
def try_item() -> MenuItem:
    return SearchesItem(_("Try a search"), reverse("search_why"), icon_name="search", order=910)


@hooks.register("register_page_header_buttons")
def held_button(page: Page, user: Any, next_url: str | None = None, **kwargs: Any) -> Iterator[Button]:
    """Lead from a page to what the index holds of it."""
    if page.pk and page.depth > 1 and page.permissions_for_user(user).can_edit():
        yield Button(_("In the search index"), reverse("search_held", args=[page.pk]), icon_name="search", priority=95)


@hooks.register("register_permissions")
def permissions() -> QuerySet[Permission]:
    """Let groups be given the right to read what was searched."""
    return Permission.objects.filter(content_type__app_label="search", codename="view_search")
