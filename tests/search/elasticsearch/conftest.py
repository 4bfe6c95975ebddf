"""A real node for the session, and an index of its own for each test that asks for one."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from pytest_django import Settings

from search.elasticsearch import connection, engine, sending
from search.elasticsearch.rebuilding import rebuild
from search.models import Entry
from search.query import Query
from search.results import Results, search
from tests.search.test_engine import reader_of
from tests.servers.elasticsearch import node
from tests.servers.stack import free_port


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in Path(item.fspath).parents:
            item.add_marker(pytest.mark.elasticsearch)


@pytest.fixture(scope="session")
def node_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a node: the one that the environment names, or one that is started."""
    if address := os.environ.get("ELASTICSEARCH_URL"):
        yield address
        return
    with node.running(tmp_path_factory.mktemp("elasticsearch"), free_port()) as address:
        yield address


@pytest.fixture
def elasticsearch(node_address: str, settings: Settings, db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Search by Elasticsearch, with a cache in which the breaker is kept; indices are removed afterwards."""
    settings.PARVIS_SEARCH_ENGINE = "elasticsearch"
    settings.PARVIS_ELASTICSEARCH = {**settings.PARVIS_ELASTICSEARCH, "url": node_address}
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "elasticsearch"}
    }
    cache.clear()
    # A machine that runs other tests beside is slow; how long readers wait is measured elsewhere.
    monkeypatch.setattr(engine, "SEARCH_SECONDS", 20.0)
    monkeypatch.setattr(engine, "SEARCH_ON_NODE", "20s")
    yield
    settings.PARVIS_ELASTICSEARCH = {**settings.PARVIS_ELASTICSEARCH, "url": node_address}
    there = connection.patient().indices.get(index=f"{connection.prefix()}-*", expand_wildcards="all")
    for name in there:
        connection.patient().indices.delete(index=name)


@pytest.fixture
def index(elasticsearch: None) -> Callable[[], None]:
    """Return what brings the index in line: it is emptied of what other tests left, by a rebuild, the first time."""
    made = []

    def send() -> None:
        if made:
            sending.send_all()
        else:
            made.append(rebuild())
        connection.patient().indices.refresh(index=connection.live_alias())

    return send


def ask(text: str, *, reader: Any = None, language: str = "fr", **fields: Any) -> Results:
    return search(Query.parse({"q": text, **fields}, reader=reader or reader_of(language=language)))


def titles(text: str, **how: Any) -> list[str]:
    return [entry.title for entry in ask(text, **how).hits]


def versions() -> dict[int, int]:
    """Return the version of each entry."""
    return dict(Entry.objects.values_list("pk", "version"))
