"""The worker does a little of each thing in turn: no flood of one holds up another."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from home.management.commands.work import run_tasks
from search.journal import Search, write

pytestmark = pytest.mark.django_db


def test_some_tasks_are_run_and_it_is_said_that_more_wait(settings: Settings, work: Callable[[], None]) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    for _number in range(5):
        write.enqueue("bourse", "fr", "anonymous", True, False)

    assert run_tasks(3)
    assert Search.objects.get().number == 3
    assert not run_tasks(3)
    assert Search.objects.get().number == 5
    assert DBTaskResult.objects.ready().count() == 0


def test_once_it_runs_all_there_are(settings: Settings, work: Callable[[], None]) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    for _number in range(25):
        write.enqueue("bourse", "fr", "anonymous", True, False)

    work()

    assert Search.objects.get().number == 25
