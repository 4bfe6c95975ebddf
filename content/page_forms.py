"""The form of a page in the admin."""

from __future__ import annotations

from typing import Any

from wagtail.admin.forms import WagtailAdminPageForm

from audience.forms import offer_usable


class PortalPageForm(WagtailAdminPageForm):
    """A page's form: a sensitive audience is offered to the editors of its unit alone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_usable(self, user=self.for_user)
