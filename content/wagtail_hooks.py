"""Help for editors where they work: the guide, ways to it, what is new, and what is to be translated."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.widgets import Button
from wagtail.models import Page

from content import guide
from content.changes import changes
from content.translations import ToTranslateView

REPORT = ToTranslateView.index_url_name


def guide_view(request: HttpRequest, slug: str = "") -> HttpResponse:
    """Show one part of the guide, the first if none is named."""
    parts = guide.parts()
    part = next((part for part in parts if part.slug == slug or not slug), None)
    if part is None:
        raise Http404
    context = {"part": part, "parts": parts, "language": guide.LANGUAGE}
    return render(request, "content/admin/guide.html", context)


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return [
        path("guide/", guide_view, name="guide"),
        path("guide/<slug:slug>/", guide_view, name="guide_part"),
        path("reports/to-translate/", ToTranslateView.as_view(), name=REPORT),
        path("reports/to-translate/results/", ToTranslateView.as_view(results_only=True), name=f"{REPORT}_results"),
    ]


@hooks.register("register_admin_menu_item")
def guide_item() -> MenuItem:
    return MenuItem(gettext_lazy("Help with writing"), reverse("guide"), name="guide", icon_name="help", order=9500)


@hooks.register("register_reports_menu_item")
def to_translate_item() -> MenuItem:
    return MenuItem(
        gettext_lazy("Pages to translate"),
        reverse(REPORT),
        name="pages-to-translate",
        icon_name="globe",
        order=1150,
    )


@hooks.register("register_page_header_buttons")
def help_button(page: Page, user: Any, view_name: str = "", next_url: str | None = None) -> Iterator[Button]:
    """Offer the part of the guide that speaks of this type of page."""
    model = page.cached_content_type.model
    if model != "page":
        yield Button(
            _("Help with writing"), reverse("guide_part", args=[guide.part_for(model)]), icon_name="help", priority=200
        )


class GuidePanel(Component):
    """On the admin's home: the guide, and what is new."""

    order = 150
    template_name = "content/admin/guide_panel.html"

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        language = get_language() or settings.LANGUAGE_CODE
        shown = [guide.EVERY_PAGE, guide.AUDIENCES, guide.TRANSLATING]
        return {
            "parts": [part for part in guide.parts() if part.slug in shown],
            "language": guide.LANGUAGE,
            "changes": changes(language=language, for_editors=True, most=3),
        }


@hooks.register("construct_homepage_panels")
def add_guide_panel(request: HttpRequest, panels: list[Any]) -> None:
    panels.append(GuidePanel())
