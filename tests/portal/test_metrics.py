"""Figures for operators: for whoever has the key, and without a word of anyone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from search.models import Entry, Heartbeat, IndexState
from tests.factories import StandardPageFactory

KEY = "a key of the operators"
AWAY = "http://127.0.0.1:9"


def ask(client: Client, key: str = KEY) -> Any:
    return client.get("/health/metrics", headers={"Authorization": f"Bearer {key}"})


def figures(client: Client) -> dict[str, float]:
    answer = ask(client)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain")
    lines = (line.rsplit(" ", 1) for line in answer.content.decode().splitlines() if not line.startswith("#"))
    return {name: float(value) for name, value in lines}


@pytest.mark.django_db
def test_without_a_key_of_the_portals_there_is_nothing(client: Client) -> None:
    assert ask(client, "").status_code == 404


@pytest.mark.django_db
def test_another_key_is_told_nothing(client: Client, settings: Settings) -> None:
    settings.PARVIS_METRICS_KEY = KEY
    for wrong in ("", "no", f"{KEY}é"):
        answer = ask(client, wrong)
        assert (answer.status_code, answer.content) == (401, b"")


@pytest.mark.usefixtures("kept_bodies")
def test_the_worker_and_what_waits_are_figures(client: Client, settings: Settings, db: None) -> None:
    settings.PARVIS_METRICS_KEY = KEY
    Heartbeat.objects.create(at=timezone.now() - timedelta(minutes=10))

    said = figures(client)

    assert said['parvis_part_up{part="database"}'] == 1
    assert said['parvis_part_up{part="worker"}'] == 0
    assert 500 < timezone.now().timestamp() - said["parvis_worker_last_round_timestamp_seconds"] < 700
    assert said["parvis_tasks_waiting"] == 0
    assert said['parvis_search_answers{engine="database"}'] == 1
    assert "parvis_search_remaining" not in said


@pytest.mark.usefixtures("kept_bodies")
def test_what_remains_to_be_sent_and_what_was_lost_are_figures(client: Client, settings: Settings, home: Any) -> None:
    settings.PARVIS_METRICS_KEY, settings.PARVIS_SEARCH_ENGINE = KEY, "elasticsearch"
    settings.PARVIS_ELASTICSEARCH = {**settings.PARVIS_ELASTICSEARCH, "url": AWAY}
    StandardPageFactory(parent=home, title="Zibeline")
    IndexState.objects.create(pk=1, drift={"missing": 2, "stale": 0, "orphan": 1}, compared_at=timezone.now())

    said, ready = figures(client), client.get("/health/ready").json()

    assert said["parvis_search_remaining"] == Entry.objects.count() > 0
    assert said['parvis_search_drift{kind="missing"}'] == 2
    assert said['parvis_search_drift{kind="orphan"}'] == 1
    assert said['parvis_search_answers{engine="database"}'] == 1
    assert said['parvis_part_up{part="search"}'] == 0
    assert said["parvis_search_compared_timestamp_seconds"] > 1e9
    assert ready["search"] == "spare"
    assert ready["search_detail"]["drift"] == {"missing": 2, "stale": 0, "orphan": 1}
    assert ready["search_detail"]["remaining"] == Entry.objects.count()
    assert "Zibeline" not in ask(client).content.decode()


@pytest.mark.django_db
def test_without_its_database_the_rest_is_said(client: Client, settings: Settings) -> None:
    settings.PARVIS_METRICS_KEY = KEY

    def broken(*_args: Any, **_kwargs: Any) -> None:
        raise OperationalError("away")

    with connection.execute_wrapper(broken):
        said = figures(client)

    assert said == {
        'parvis_part_up{part="database"}': 0,
        'parvis_part_up{part="cache"}': 0,
        'parvis_part_up{part="worker"}': 0,
        'parvis_search_answers{engine="database"}': 1,
        'parvis_search_answers{engine="elasticsearch"}': 0,
    }
