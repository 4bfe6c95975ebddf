"""Who belongs to an audience, and when readers already signed in learn of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError

from audience import claims
from audience.demands import audience_clauses, count_readers
from audience.models import Access, Audience, Condition, Kind, KnownReader, Operator, Rule
from audience.services import Rulebook, evaluate_everyone, explain, remember
from tests.factories import AudienceFactory, NewsPageFactory, ReaderFactory

pytestmark = pytest.mark.django_db

STUDENT = {
    "eduPersonAffiliation": ["student"],
    "supannEtuCursusAnnee": ["{SUPANN}L2"],
    "supannEntiteAffectation": "U01",
}


def rule(audience: Audience, **conditions: str) -> Rule:
    made = Rule(audience=audience)
    made.conditions = [Condition(attribute=name, values=values) for name, values in conditions.items()]
    made.save()
    return made


def audiences_of(said: dict[str, Any]) -> set[int]:
    return set().union(*Rulebook.load().positions(claims.read(said)))


def test_a_rule_without_condition_matches_nobody(students: Audience) -> None:
    rule(students)
    assert audiences_of(STUDENT) == set()


def test_a_condition_without_value_matches_nobody(students: Audience) -> None:
    for operator in Operator:
        Condition.objects.create(rule=rule(students), attribute="level", operator=operator, values=" , ")
    assert audiences_of(STUDENT) == set()


def test_all_conditions_of_a_rule_hold_together_and_rules_are_alternatives(students: Audience) -> None:
    rule(students, affiliation="student", level="L3")
    assert audiences_of(STUDENT) == set()
    rule(students, affiliation="Student", level="L1, L2")
    assert audiences_of(STUDENT) == {students.pk}


def test_a_negation_needs_the_attribute_to_be_known(students: Audience) -> None:
    Condition.objects.create(rule=rule(students), attribute="level", operator=Operator.NOT_IN, values="L1")
    assert audiences_of(STUDENT) == {students.pk}
    assert audiences_of({**STUDENT, "supannEtuCursusAnnee": "{SUPANN}L1"}) == set()
    assert audiences_of({"eduPersonAffiliation": "student"}) == set()


def test_a_narrower_audience_brings_the_broader_ones(students: Audience) -> None:
    licence = AudienceFactory(slug="licence", kind=Kind.LEVEL, broader=students)
    second = AudienceFactory(slug="l2", kind=Kind.LEVEL, broader=licence)
    rule(second, level="L2")

    assert audiences_of(STUDENT) == {second.pk, licence.pk, students.pk}
    assert {reason.audience.pk for reason in explain(claims.read(STUDENT))} == {second.pk, licence.pk, students.pk}


def test_an_unknown_attribute_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(ValidationError, match="affiliation, campus"):
        Condition(attribute="niveau", values="L1").clean()


def test_an_audience_that_belongs_to_itself_is_refused(students: Audience) -> None:
    below = AudienceFactory(broader=students)
    students.broader = below
    with pytest.raises(ValidationError):
        students.clean()


def test_known_readers_are_counted_by_position(students: Audience, staff: Audience) -> None:
    lettres, droit = (AudienceFactory(kind=Kind.UNIT) for _ in range(2))
    rule(students, affiliation="student")
    rule(lettres, unit="U01")
    rule(droit, unit="U02")
    for number in range(3):
        remember(ReaderFactory(), STUDENT if number else {**STUDENT, "supannEntiteAffectation": "U02"})

    assert count_readers(audience_clauses([students])) == 3
    assert count_readers(audience_clauses([students, lettres])) == 2
    assert count_readers(audience_clauses([students, lettres, droit])) == 3
    assert count_readers(audience_clauses([staff])) == 0
    assert count_readers(audience_clauses([])) == 0


def test_a_change_of_rule_reaches_a_reader_already_signed_in(client: Any, news_index: Any, students: Audience) -> None:
    page = NewsPageFactory(parent=news_index, title="Bourses", audiences=[students], access=Access.RESERVED)
    reader = ReaderFactory()
    remember(reader, STUDENT)
    client.force_login(reader)
    assert client.get(page.url).status_code == 404

    made = rule(students, affiliation="student")
    assert client.get(page.url).status_code == 200
    assert "Bourses" in client.get(news_index.url).content.decode()

    condition = made.conditions.get()
    condition.values = "employee"
    condition.save()
    assert client.get(page.url).status_code == 404

    condition.values = "student"
    condition.save()
    made.delete()
    assert client.get(page.url).status_code == 404


def test_a_change_of_the_hierarchy_reaches_a_reader_already_signed_in(
    client: Any, news_index: Any, students: Audience
) -> None:
    page = NewsPageFactory(parent=news_index, title="Bourses", audiences=[students], access=Access.RESERVED)
    second = AudienceFactory(slug="l2", kind=Kind.LEVEL)
    rule(second, level="L2")
    reader = ReaderFactory()
    remember(reader, STUDENT)
    client.force_login(reader)
    assert client.get(page.url).status_code == 404

    second.broader = students
    second.save()

    assert client.get(page.url).status_code == 200


def test_readers_are_evaluated_in_a_constant_number_of_queries(
    students: Audience, count_queries: Callable[..., int]
) -> None:
    made = rule(students, level="L2")
    costs = []
    for number in (3, 30):
        for _ in range(number):
            remember(ReaderFactory(), STUDENT)
        KnownReader.objects.update(positions="[[]]")
        costs.append(count_queries(evaluate_everyone))

    assert costs[0] == costs[1]
    assert made.conditions.count() == 1


def test_an_audience_in_use_is_retired_and_not_deleted(news_index: Any, students: Audience, staff: Audience) -> None:
    NewsPageFactory(parent=news_index, audiences=[students])
    with pytest.raises(ProtectedError), transaction.atomic():
        students.delete()
    staff.delete()
