"""What commands ask of the settings before they begin."""

from __future__ import annotations

from django.conf import settings
from django.core.management.base import CommandError


def needs_elasticsearch() -> None:
    """Refuse a command of Elasticsearch where the database searches."""
    if settings.PARVIS_SEARCH_ENGINE != "elasticsearch":
        raise CommandError("search runs on the database's own engine: ELASTICSEARCH_URL is not set; see docs/search.md")
