"""Habits that matter, checked at start-up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, register
from wagtail.models import Page

from content.models import PortalPage


@register()
def page_types_become_entries(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    return list(_not_entries())


def _not_entries() -> Iterator[CheckMessage]:
    for model in apps.get_models():
        if issubclass(model, Page) and model is not Page and not issubclass(model, PortalPage):
            yield Error(
                f"{model._meta.label} is a page that does not become an entry.",
                hint="Inherit from content.models.PortalPage.",
                obj=model,
                id="parvis.E001",
            )
