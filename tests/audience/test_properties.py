"""Whatever a provider sends, claims are read and rules evaluated without failing, always alike, never too widely."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audience import claims
from audience.claims import Attributes
from audience.models import Audience, Condition, Operator, Rule
from audience.services import Rulebook, holds

pytestmark = pytest.mark.once
WHOLE = os.environ.get("PARVIS_WHOLE") == "1"
some = settings(
    max_examples=2000 if WHOLE else 60,
    deadline=None,
    derandomize=not WHOLE,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)

NAMES = [
    "eduPersonAffiliation", "eduperson_affiliation", "supannEntiteAffectation", "supannEtuCursusAnnee",
    "supannEtuDiplome", "supannEtuEtape", "supannEmpCorps", "eduPersonEntitlement", "isMemberOf",
    "supannEtuInscription", "supannEmpProfil", "supannRoleGenerique",
]  # fmt: skip
UNITS, LEVELS, AFFILIATIONS = ["U01", "U02", "U03"], ["L1", "L2", "M1"], ["student", "employee", "faculty", "member"]

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40)
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
)


@st.composite
def enrolment(draw: Any) -> dict[str, str]:
    return {"cursusann": draw(st.sampled_from(LEVELS)), "affect": draw(st.sampled_from(UNITS))}


@st.composite
def post(draw: Any) -> dict[str, str]:
    return {"affil": draw(st.sampled_from(AFFILIATIONS)), "affect": draw(st.sampled_from(UNITS))}


def composite(parts: dict[str, str]) -> str:
    return "".join(f"[{name}={{X}}{value}]" for name, value in parts.items())


several = st.lists
likely = st.fixed_dictionaries(
    {},
    optional={
        "eduPersonAffiliation": several(st.sampled_from(AFFILIATIONS), max_size=4),
        "supannEntiteAffectation": several(st.sampled_from(UNITS), max_size=3),
        "supannEtuCursusAnnee": several(st.sampled_from([f"{{SUPANN}}{level}" for level in LEVELS]), max_size=3),
        "supannEtuInscription": several(enrolment().map(composite), max_size=3),
        "supannEmpProfil": several(post().map(composite), max_size=3),
    },
)
hostile = st.dictionaries(st.sampled_from(NAMES), anything, max_size=6)
conditions = st.lists(
    st.builds(
        Condition,
        attribute=st.sampled_from(["affiliation", "unit", "level", "", "shoe_size"]),
        operator=st.sampled_from([*Operator.values, "unheard of"]),
        values=st.lists(st.sampled_from([*UNITS, *LEVELS, *AFFILIATIONS, "", " "]), max_size=3).map(", ".join),
    ),
    max_size=3,
)


def rulebook(*rules: list[Condition]) -> Rulebook:
    return Rulebook(
        rules=[(Rule(audience_id=number), found) for number, found in enumerate(rules, start=1)],
        broader=dict.fromkeys(range(1, len(rules) + 1)),
    )


def shuffled(value: Any) -> Any:
    return list(reversed(value)) if isinstance(value, list) else value


@some
@given(sent=hostile | likely, rules=st.lists(conditions, max_size=4))
def test_nothing_a_provider_sends_fails_and_what_is_read_can_be_kept(sent: Any, rules: Any) -> None:
    read = claims.read(sent)

    kept = json.loads(json.dumps(read.as_json()))
    kept_whole = Attributes.from_json(kept)
    positions = rulebook(*rules).positions(read)
    assert positions == rulebook(*rules).positions(kept_whole)
    text = json.dumps(kept, ensure_ascii=False)
    assert "\x00" not in text
    text.encode()


@some
@given(sent=hostile | likely)
def test_reading_is_always_alike_and_the_order_of_what_is_sent_says_nothing(sent: Any) -> None:
    read = claims.read(sent)

    def alike(other: Attributes) -> bool:
        def key(position: Any) -> str:
            return json.dumps(position, sort_keys=True)

        return read.person == other.person and sorted(map(key, read.positions)) == sorted(map(key, other.positions))

    assert alike(claims.read(sent))
    assert alike(claims.read(dict(reversed(list(sent.items())))))
    assert alike(claims.read({name: shuffled(value) for name, value in sent.items()}))


@some
@given(sent=likely, rules=st.lists(conditions, min_size=1, max_size=4))
def test_the_order_of_rules_says_nothing(sent: Any, rules: Any) -> None:
    read = claims.read(sent)
    forward = rulebook(*rules).positions(read)
    back = rulebook(*reversed(rules)).positions(read)

    renamed = sorted(sorted(len(rules) + 1 - pk for pk in position) for position in back)
    assert sorted(map(sorted, forward)) == renamed


@some
@given(sent=hostile | likely, rule=conditions)
def test_what_is_absent_or_empty_matches_nobody(sent: Any, rule: Any) -> None:
    read = claims.read(sent)
    matched = rulebook(rule).positions(read) == [[1]] or [1] in rulebook(rule).positions(read)

    if not rule or any(not one.value_list for one in rule):
        assert not matched
    if any(not read.values(one.attribute) for one in rule):
        assert not matched
    assert rulebook([]).positions(read) != [[1]]
    for one in rule:
        assert not holds(one, {})


@some
@given(enrolments=st.lists(enrolment(), min_size=1, max_size=3), posts=st.lists(post(), max_size=3), more=likely)
def test_two_enrolments_or_posts_are_never_crossed(enrolments: Any, posts: Any, more: Any) -> None:
    """Whatever flat attributes say beside, a level goes with the unit of its own enrolment alone."""
    sent = {**more, "supannEtuInscription": [composite(one) for one in enrolments]}
    sent["supannEmpProfil"] = [composite(one) for one in posts]
    true = {(one["cursusann"], one["affect"]) for one in enrolments}
    worked = {(one["affil"], one["affect"]) for one in posts if one["affil"] != "student"}

    for position in claims.read(sent).merged():
        crossed = {(level, unit) for level in position.get("level", []) for unit in position.get("unit", [])}
        assert crossed <= true
        if len(posts) > 1 and position.get("unit"):
            said = {(name, unit) for name in position.get("affiliation", []) for unit in position["unit"]}
            assert {pair for pair in said if pair[0] not in {"student", "member"}} <= worked


@some
@given(sent=likely, narrower=conditions, extra=conditions)
def test_a_condition_more_never_matches_more(sent: Any, narrower: Any, extra: Any) -> None:
    read = claims.read(sent)
    wide, narrow = rulebook(narrower).positions(read), rulebook([*narrower, *extra]).positions(read)

    if narrower and [1] in narrow:
        assert [1] in wide


def test_a_hierarchy_that_goes_round_ends() -> None:
    book = Rulebook(rules=[], broader={1: 2, 2: 3, 3: 1})

    assert book.with_broader([1]) == {1, 2, 3}
    assert Audience(pk=1).label == ""
