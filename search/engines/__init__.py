"""The engine that answers, by the setting PARVIS_SEARCH_ENGINE."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from search.engines.base import SearchEngine

ENGINES = {
    "database": "search.engines.database.DatabaseEngine",
    "elasticsearch": "search.elasticsearch.engine.ElasticsearchEngine",
}


def engine() -> SearchEngine:
    """Return the engine that the settings name; the database's own if they name none."""
    return _made(getattr(settings, "PARVIS_SEARCH_ENGINE", "database"))


@cache
def _made(name: str) -> SearchEngine:
    if name not in ENGINES:
        raise ImproperlyConfigured(f"PARVIS_SEARCH_ENGINE is {name!r}, which is none of: {', '.join(ENGINES)}")
    made: SearchEngine = import_string(ENGINES[name])()
    return made
