"""The way to the report, and to what readers said of a page from its menu."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets import Button
from wagtail.models import Page

from guidance import reports
from guidance.models import GuidancePage


class UsefulnessItem(MenuItem):
    def is_shown(self, request: Any) -> bool:
        return reports.may_see_reports(request.user)


@hooks.register("register_reports_menu_item")
def usefulness_item() -> MenuItem:
    return UsefulnessItem(
        gettext_lazy("Usefulness of guidance"), reverse("guidance_usefulness"), icon_name="help", order=1000
    )


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return [
        path("reports/guidance/", reports.UsefulnessView.as_view(), name="guidance_usefulness"),
        path(
            "reports/guidance/results/",
            reports.UsefulnessView.as_view(results_only=True),
            name="guidance_usefulness_results",
        ),
        path("reports/guidance/<int:pk>/", reports.answers, name="guidance_answers"),
    ]


@hooks.register("register_page_header_buttons")
@hooks.register("register_page_listing_more_buttons")
def answers_button(page: Page, user: Any, next_url: str | None = None, **kwargs: Any) -> Iterator[Button]:
    """Offer to read what readers said of a guidance page."""
    if issubclass(page.specific_class or Page, GuidancePage) and page.permissions_for_user(user).can_edit():
        yield Button(_("What readers said"), reverse("guidance_answers", args=[page.pk]), icon_name="help", priority=60)
