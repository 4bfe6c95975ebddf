"""What the worker does for this room."""

from __future__ import annotations

from django_tasks import task

from audience.services import evaluate_everyone


@task()
def evaluate_known_readers() -> int:
    """Evaluate the rules again for every known reader."""
    return evaluate_everyone()
