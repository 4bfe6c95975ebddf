"""Double enrolments and double posts against demands: no demand is ever met across two positions."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

import pytest

from audience import claims
from audience.demands import audience_clauses, meets
from audience.models import Audience, Condition, Kind, Rule
from audience.reader import Reader
from audience.services import Rulebook
from tests.factories import AudienceFactory

pytestmark = pytest.mark.django_db

READERS = 10_000
LEVELS = ["L1", "L2", "L3", "M1"]
UNITS = ["U01", "U02", "U03"]
REGIMES = ["10", "21"]
CORPS = ["300", "301"]


@dataclass
class Tags:
    """Audiences by the plain condition that each stands for: (attribute, value)."""

    by_test: dict[tuple[str, str], Audience]
    above: dict[int, set[int]]


@pytest.fixture
def tags() -> Tags:
    students = AudienceFactory(slug="etudiants", kind=Kind.STATUS)
    staff = AudienceFactory(slug="personnels", kind=Kind.STATUS)
    found = {("affiliation", "student"): students, ("affiliation", "employee"): staff}
    found |= {("level", one): AudienceFactory(slug=one, kind=Kind.LEVEL, broader=students) for one in LEVELS}
    found |= {("unit", one): AudienceFactory(slug=one, kind=Kind.UNIT) for one in UNITS}
    found |= {("regime", one): AudienceFactory(slug=f"r{one}", kind=Kind.OTHER) for one in REGIMES}
    found |= {("corps", one): AudienceFactory(slug=f"c{one}", kind=Kind.GROUP) for one in CORPS}
    for (attribute, value), audience in found.items():
        rule = Rule.objects.create(audience=audience)
        Condition.objects.create(rule=rule, attribute=attribute, values=value)
    above = {audience.pk: {audience.pk} for audience in found.values()}
    for audience in found.values():
        if audience.broader_id:
            above[audience.pk].add(audience.broader_id)
    return Tags(found, above)


def someone(rand: random.Random) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """Return claims of one to three enrolments and posts, and the positions they mean."""
    enrolments, posts = [], []
    for _ in range(rand.choice([0, 1, 2, 2])):
        enrolments.append({"level": rand.choice(LEVELS), "unit": rand.choice(UNITS), "regime": rand.choice(REGIMES)})
    for _ in range(rand.choice([0, 1, 2]) if enrolments else 2):
        posts.append({"affiliation": "employee", "unit": rand.choice(UNITS), "corps": rand.choice(CORPS)})
    said: dict[str, Any] = {
        "supannEtuInscription": [
            f"[etab={{UAI}}0751717J][cursusann={{SUPANN}}{e['level']}][affect={e['unit']}][regimeinsc={{SISE}}{e['regime']}]"
            for e in enrolments
        ],
        "supannEmpProfil": [
            f"[etab={{UAI}}0751717J][affil=employee][affect={p['unit']}][corps={{NCORPS}}{p['corps']}]" for p in posts
        ],
        # What providers send beside the composites, tied to nothing.
        "eduPersonAffiliation": ["member", *(["student"] if enrolments else []), *(["employee"] if posts else [])],
        "supannEntiteAffectation": [one["unit"] for one in enrolments + posts],
        "supannEtuCursusAnnee": [f"{{SUPANN}}{one['level']}" for one in enrolments],
    }
    return said, [{"affiliation": "student", **one} for one in enrolments] + posts


def met_plainly(asked: list[Audience], positions: list[dict[str, str]], tags: Tags) -> bool:
    """Return whether one position alone holds an audience of each kind asked."""
    kinds = {audience.kind for audience in asked}
    for position in positions:
        held: set[int] = set()
        for test, audience in tags.by_test.items():
            if position.get(test[0]) == test[1]:
                held |= tags.above[audience.pk]
        if all(any(one.pk in held for one in asked if one.kind == kind) for kind in kinds):
            return True
    return False


def test_no_demand_is_met_across_positions(tags: Tags) -> None:
    rand, book, wrong, across = random.Random(4), Rulebook.load(), [], 0
    audiences = list(tags.by_test.values())
    for _ in range(READERS):
        said, positions = someone(rand)
        asked = rand.sample(audiences, rand.choice([1, 2, 2, 3]))
        found = tuple(frozenset(one) for one in book.positions(claims.read(said)))
        expected = met_plainly(asked, positions, tags)
        if meets(Reader(positions=found, signed_in=True), audience_clauses(asked)) != expected:
            wrong.append((said, [str(one) for one in asked], expected))
        everything = Reader(positions=(frozenset().union(*found),))
        across += meets(everything, audience_clauses(asked)) and not expected

    assert wrong == []
    assert across > READERS / 50  # the cases that would be met if positions were mixed do occur
