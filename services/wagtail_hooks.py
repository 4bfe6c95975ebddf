"""The way to a service's state from its page in the admin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.widgets import Button
from wagtail.models import Page

from services.models import ServicePage
from services.states import may_set_state


@hooks.register("register_page_header_buttons")
@hooks.register("register_page_listing_more_buttons")
def state_button(page: Page, user: Any, next_url: str | None = None, **kwargs: Any) -> Iterator[Button]:
    """Offer to say how the service goes."""
    service = page.specific if issubclass(page.specific_class or Page, ServicePage) else None
    if service is not None and may_set_state(user, service):
        address = reverse("service_state", args=[service.translation_key])
        yield Button(_("State of the service"), address, icon_name="warning", priority=5)
