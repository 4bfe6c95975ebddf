"""An application that has Wagtail's own search index the bodies of pages."""

from __future__ import annotations

from django.apps import AppConfig
from wagtail.search import index


class Bodies(AppConfig):
    name = "bench"
    label = "bench_bodies"

    def ready(self) -> None:
        from content.models import PortalPage

        for model in PortalPage.__subclasses__():
            model.search_fields = [*model.search_fields, index.SearchField("body")]
