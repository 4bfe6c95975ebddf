"""What the admin gets from this room: the guide to writing, what is to be translated, what could be better in pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.userbar import ContentCheckerItem
from wagtail.admin.widgets import Button
from wagtail.models import Page
from wagtail.permissions import policy_registry

from content import admin_views, guide
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


@hooks.register("insert_global_admin_css")
def editor_styles() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("admin/editor.css"))


@hooks.register("insert_editor_js")
def quality_script() -> SafeString:
    return format_html('<script src="{}"></script>', static("admin/quality.js"))


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    quality = admin_views.QualityReport
    return [
        path("guide/", guide_view, name="guide"),
        path("guide/<slug:slug>/", guide_view, name="guide_part"),
        path("reports/to-translate/", ToTranslateView.as_view(), name=REPORT),
        path("reports/to-translate/results/", ToTranslateView.as_view(results_only=True), name=f"{REPORT}_results"),
        path("quality/<int:pk>/", admin_views.page_quality, name="page_quality"),
        path("reports/quality/", quality.as_view(), name="quality_report"),
        path("reports/quality/results/", quality.as_view(results_only=True), name="quality_report_results"),
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


class QualityItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        policy = policy_registry.get_by_type(Page)
        return bool(policy.user_has_any_permission(request.user, ["add", "change", "publish"]))


@hooks.register("register_reports_menu_item")
def quality_item() -> MenuItem:
    return QualityItem(gettext_lazy("Quality of pages"), reverse("quality_report"), icon_name="glasses", order=850)


class ContentChecks(ContentCheckerItem):
    """Wagtail's checks of what a page shows, on what its editors wrote and not on the portal around it.

    An empty description for search engines is not among them: the summary is that, and a page says so itself.
    """

    axe_include = ["main"]
    axe_run_only = [
        *(rule for rule in ContentCheckerItem.axe_run_only if rule != "empty-meta-description"),
        "duplicate-id-aria",
        "image-alt",
    ]
    axe_custom_rules = [rule for rule in ContentCheckerItem.axe_custom_rules if rule["id"] != "empty-meta-description"]


@hooks.register("construct_wagtail_userbar")
def our_checks(request: HttpRequest, items: list[Any], page: Any) -> None:
    items[:] = [
        ContentChecks(in_editor=item.in_editor) if isinstance(item, ContentCheckerItem) else item for item in items
    ]
