"""Claims as providers send them, whatever their style."""

from __future__ import annotations

import pytest

from audience import claims

FLAT = {"affiliation": ["student"], "level": ["L1"], "unit": ["U01"]}


def position(said: dict[str, object]) -> list[dict[str, list[str]]]:
    return claims.read(said).merged()


@pytest.mark.parametrize(
    "said",
    [
        {
            "eduPersonAffiliation": ["student"],
            "supannEtuCursusAnnee": ["{SUPANN}L1"],
            "supannEntiteAffectation": ["U01"],
        },
        {"eduPersonAffiliation": "student", "supannEtuCursusAnnee": "{SUPANN}L1", "supannEntiteAffectation": "U01"},
        {"eduperson_affiliation": ["student"], "supann_etu_cursus_annee": "L1", "supann_entite_affectation": ["U01"]},
        {
            "eduPersonAffiliation": [" student "],
            "supannEtuCursusAnnee": [" {SUPANN} L1"],
            "supannEntiteAffectation": "U01 ",
        },
    ],
)
def test_both_styles_strings_lists_and_labels_say_the_same(said: dict[str, object]) -> None:
    assert position(said) == [FLAT]


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"eduPersonAffiliation": None, "supannEtuInscription": None},
        {"eduPersonAffiliation": [], "supannEtuInscription": [""]},
        {"eduPersonAffiliation": {"of": "another shape"}, "supannEtuInscription": 3},
        {"supannEtuInscription": ["[cursusann=]", "[cursusann={SUPANN}]", "no composite", "[[cursusann=L1", "]["]},
        {"supannEmpProfil": ["[affect={INCONNU}]", "{}", "[=U01]"]},
        {"eduPersonAffiliation": ["student\x00"], "supannEntiteAffectation": ["U01\ud800"]},
    ],
)
def test_what_cannot_be_read_is_absent(said: dict[str, object]) -> None:
    assert position(said) == [{}]


def test_each_composite_is_one_position() -> None:
    found = position(
        {
            "supannEtuInscription": [
                "[etab={UAI}0751717J][cursusann={SUPANN}L1][affect=U01]",
                "[etab={UAI}0751717J][cursusann={SUPANN}L2][affect=U02]",
            ]
        }
    )
    assert [(one["level"], one["unit"]) for one in found] == [(["L1"], ["U01"]), (["L2"], ["U02"])]


def test_a_composite_that_says_half_says_no_more_than_that() -> None:
    assert position({"supannEtuInscription": ["[cursusann={SUPANN}L1][affect={INCONNU}]"]}) == [
        {"affiliation": ["student"], "level": ["L1"]}
    ]


def test_who_studies_and_works_is_no_student_of_their_employer() -> None:
    found = position(
        {
            "eduPersonAffiliation": ["student", "employee", "member"],
            "supannEtuInscription": "[cursusann={SUPANN}M1][affect=U01]",
            "supannEmpProfil": "[affil=employee][affect=U02]",
        }
    )
    held = [(set(one["affiliation"]) - {"member"}, one["unit"]) for one in found]
    assert held == [({"student"}, ["U01"]), ({"employee"}, ["U02"])]


def test_lists_that_nothing_ties_together_are_not_crossed() -> None:
    found = position(
        {
            "eduPersonAffiliation": ["student"],
            "supannEtuCursusAnnee": ["{SUPANN}L1", "{SUPANN}L2"],
            "supannEntiteAffectation": ["U01", "U02"],
        }
    )
    assert not any({"level", "unit"} <= set(one) for one in found)


def test_what_a_number_says_is_read_and_what_a_flag_says_too() -> None:
    assert claims.read({"supannEtuRegimeInscription": 10}).values("regime") == ["10"]


def test_only_what_is_asked_is_kept() -> None:
    kept = claims.read({"eduPersonAffiliation": "student", "isMemberOf": ["secret"]}).keeping(["affiliation"])
    assert kept.as_json() == {"person": {"affiliation": ["student"]}, "positions": []}
