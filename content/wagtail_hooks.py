"""What the admin gets from this room: what could be better in pages, and the checks of what they show."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.userbar import ContentCheckerItem
from wagtail.models import Page
from wagtail.permissions import policy_registry

from content import admin_views


@hooks.register("insert_global_admin_css")
def editor_styles() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("admin/editor.css"))


@hooks.register("insert_editor_js")
def quality_script() -> SafeString:
    return format_html('<script src="{}"></script>', static("admin/quality.js"))


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    report = admin_views.QualityReport
    return [
        path("quality/<int:pk>/", admin_views.page_quality, name="page_quality"),
        path("reports/quality/", report.as_view(), name="quality_report"),
        path("reports/quality/results/", report.as_view(results_only=True), name="quality_report_results"),
    ]


class QualityItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        policy = policy_registry.get_by_type(Page)
        return bool(policy.user_has_any_permission(request.user, ["add", "change", "publish"]))


@hooks.register("register_reports_menu_item")
def quality_item() -> MenuItem:
    return QualityItem(_("Quality of pages"), reverse("quality_report"), icon_name="glasses", order=850)


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
