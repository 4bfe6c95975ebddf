"""Habits that matter, checked at start-up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, register

from content.records import Record
from search.records import record_types


@register()
def records_become_entries(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    return list(_not_projected())


def _not_projected() -> Iterator[CheckMessage]:
    for model in apps.get_models():
        if issubclass(model, Record) and model not in record_types:
            yield Error(
                f"{model._meta.label} is a record that nothing projects.",
                hint="Register it with search.records.register when its app is ready.",
                obj=model,
                id="parvis.E002",
            )
