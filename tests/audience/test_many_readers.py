"""Ten thousand known readers, each unlike the others: a rule reaches them all while nobody waits."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.test import TestCase

from accounts.models import User
from audience import signals, tasks
from audience.models import Audience, Condition, KnownReader, Rule, digest
from tests.factories import AudienceFactory, ReaderFactory, know

pytestmark = pytest.mark.django_db
NUMBER = 10_000


@pytest.fixture
def crowd(db: None) -> Audience:
    """Ten thousand readers in as many programmes, forty rules, and an audience without one."""
    audiences = [AudienceFactory(slug=f"u{number}") for number in range(40)]
    everyone = AudienceFactory(slug="all")
    users = User.objects.bulk_create(
        [User(username=f"reader-{number}", password="!") for number in range(NUMBER)], batch_size=2000
    )
    known = []
    for number, user in enumerate(users):
        attributes: dict[str, Any] = {
            "person": {"affiliation": ["member"]},
            "positions": [
                {"affiliation": ["student"], "unit": [f"U{number % 40}"], "formation": [str(number)]},
                {"affiliation": ["employee"], "unit": [f"U{number % 7}"]},
            ],
        }
        known.append(KnownReader(user=user, attributes=attributes, attributes_key=digest(attributes)))
    KnownReader.objects.bulk_create(known, batch_size=2000)
    rules = Rule.objects.bulk_create([Rule(audience=audience) for audience in audiences])
    Condition.objects.bulk_create(
        [Condition(rule=rule, attribute="unit", values=f"U{number}") for number, rule in enumerate(rules)]
    )
    return everyone


@pytest.mark.once
def test_a_rule_reaches_ten_thousand_readers_within_ten_seconds_and_its_editor_does_not_wait(
    crowd: Audience, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued: list[float] = []
    monkeypatch.setattr(signals, "evaluate_known_readers", type("Task", (), {"enqueue": lambda: queued.append(1)}))

    began = time.monotonic()
    with TestCase.captureOnCommitCallbacks(execute=True):
        rule = Rule.objects.create(audience=crowd)
        Condition.objects.create(rule=rule, attribute="affiliation", values="student")
        Condition.objects.create(rule=rule, attribute="unit", values="U1, U2")
    saved = time.monotonic() - began
    assert not KnownReader.objects.exclude(positions="[[]]").exists()
    moved = tasks.evaluate_known_readers.call()
    evaluated = time.monotonic() - began - saved

    assert queued == [1]
    assert moved == NUMBER
    assert KnownReader.objects.filter(positions__contains=f"{crowd.pk}").count() >= NUMBER // 20
    assert saved < 2
    assert evaluated < 10


def test_among_few_readers_a_rule_is_in_force_when_it_is_saved(monkeypatch: pytest.MonkeyPatch) -> None:
    user = ReaderFactory()
    know(user)
    attributes = {"person": {"affiliation": ["student"]}, "positions": []}
    KnownReader.objects.update(attributes=attributes, attributes_key=digest(attributes))
    audience = AudienceFactory()

    Condition.objects.create(rule=Rule.objects.create(audience=audience), attribute="affiliation", values="student")

    assert KnownReader.objects.get().positions == f"[[{audience.pk}]]"
