"""Habits that matter, checked at start-up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.utils.translation import to_locale
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


@register()
def languages_have_catalogues(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    return list(_without_catalogue())


def _without_catalogue() -> Iterator[CheckMessage]:
    folders = [Path(folder) for folder in settings.LOCALE_PATHS]
    for code, name in settings.LANGUAGES:
        catalogue = Path(to_locale(code), "LC_MESSAGES", "django.mo")
        if not any((folder / catalogue).exists() for folder in folders):
            yield Warning(
                f"The portal is offered in {name} ({code}) and has no texts in it.",
                hint=f"Make locale/{catalogue.parent}: docs/operate.md says how.",
                id="parvis.W001",
            )
