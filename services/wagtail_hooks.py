"""The way to a service's state and to its retirement from its page in the admin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.widgets import Button
from wagtail.models import Page

from services import admin_views
from services.models import ServicePage
from services.states import may_set_state


@hooks.register("register_page_header_buttons")
@hooks.register("register_page_listing_more_buttons")
def service_buttons(page: Page, user: Any, next_url: str | None = None, **kwargs: Any) -> Iterator[Button]:
    """Offer to say how the service goes, and to retire it."""
    service = page.specific if issubclass(page.specific_class or Page, ServicePage) else None
    if service is None:
        return
    if may_set_state(user, service):
        address = reverse("service_state", args=[service.translation_key])
        yield Button(_("State of the service"), address, icon_name="warning", priority=5)
    if service.permissions_for_user(user).can_publish():
        address = reverse("service_retirement", args=[service.pk])
        yield Button(_("Retire the service"), address, icon_name="bin", priority=90)


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return [path("services/<int:pk>/retire/", admin_views.retirement, name="service_retirement")]


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    """Name in the history of a page what is done to its service."""
    actions.register_action(
        admin_views.RETIRED, gettext_lazy("Retire the service"), gettext_lazy("Service retired in all its languages")
    )
    actions.register_action(
        admin_views.RESTORED, gettext_lazy("Put it back in service"), gettext_lazy("Service put back in service")
    )
