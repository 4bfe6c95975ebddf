"""Three nodes, one copy of each part: any one of them may stop, and readers do not see it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from pytest_django import Settings

from search.elasticsearch import connection, engine, sending
from search.elasticsearch.rebuilding import rebuild
from tests.factories import StandardPageFactory
from tests.search.elasticsearch.conftest import ask
from tests.servers.elasticsearch import node
from tests.servers.stack import free_port

# Three nodes take a gigabyte and half a minute to start.
pytestmark = [pytest.mark.long, pytest.mark.django_db]


@pytest.fixture
def nodes(tmp_path: Path, elasticsearch: None, settings: Settings) -> Iterator[dict[str, Any]]:
    alone = settings.PARVIS_ELASTICSEARCH["url"]
    with node.cluster(tmp_path, [free_port() for _ in range(3)]) as started:
        settings.PARVIS_ELASTICSEARCH = {**settings.PARVIS_ELASTICSEARCH, "url": ",".join(started)}
        yield started
        settings.PARVIS_ELASTICSEARCH = {**settings.PARVIS_ELASTICSEARCH, "url": alone}


def kill(one: Any) -> None:
    os.kill(one.pid, signal.SIGKILL)
    one.wait(10)


def healthy(status: str) -> None:
    connection.patient().cluster.health(wait_for_status=status, timeout="60s")


def test_one_node_of_three_may_stop_and_the_second_is_told_to_readers(
    nodes: dict[str, Any], home: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    StandardPageFactory(parent=home, title="Bibliothèque des sciences")
    rebuild(replicas=1)
    healthy("green")
    first, second, _third = nodes.values()

    kill(first)
    healthy("yellow")
    answers = [ask("bibliothèque") for _ in range(12)]
    assert [[hit.title for hit in found.hits] for found in answers] == [["Bibliothèque des sciences"]] * 12
    assert not any(found.degraded for found in answers)

    StandardPageFactory(parent=home, title="Bibliothèque de droit")
    sending.send_all()
    connection.patient().indices.refresh(index=connection.live_alias())
    found = ask("bibliothèque droit")
    assert (found.hits[0].title, found.degraded) == ("Bibliothèque de droit", False)

    # One of three is no majority: it may not answer for the others, and the database does.
    kill(second)
    cache.clear()
    monkeypatch.setattr(engine, "SEARCH_SECONDS", 1.0)
    StandardPageFactory(parent=home, title="Bibliothèque de lettres")
    late = [ask("bibliothèque lettres") for _ in range(4)]
    assert {found.hits[0].title for found in late if found.degraded} <= {"Bibliothèque de lettres"}
    assert all(found.hits for found in late)
