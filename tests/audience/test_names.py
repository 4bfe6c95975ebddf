"""What a small record is called in each language, and how names are sorted."""

from __future__ import annotations

import pytest
from django.utils import translation

from audience.models import Audience
from audience.names import sort_key


def in_order(*texts: str, language: str = "fr") -> list[str]:
    return sorted(texts, key=lambda text: sort_key(text, language))


def test_accents_case_and_ligatures_do_not_send_a_word_to_the_end():
    assert in_order("Stages", "École", "Zoologie", "œuvres", "cours", "Éclair", "ours") == [
        "cours", "Éclair", "École", "œuvres", "ours", "Stages", "Zoologie",
    ]  # fmt: skip


def test_numbers_sort_by_their_value():
    assert in_order("L10", "L2", "Semestre 12", "Semestre 3") == ["L2", "L10", "Semestre 3", "Semestre 12"]


def test_quotation_marks_and_apostrophes_do_not_count():
    assert in_order("« Bourses »", "L’agenda", "Lait", "Aide") == ["Aide", "« Bourses »", "L’agenda", "Lait"]


def test_in_spanish_the_letter_ñ_follows_n_and_elsewhere_it_is_n():
    assert in_order("caña", "canto", "cano", language="es") == ["cano", "canto", "caña"]
    assert in_order("caña", "canto", "cano") == ["caña", "cano", "canto"]


def test_a_key_is_letters_and_digits_whatever_the_script():
    assert sort_key("Ω — 東京, ½!") == "ω 東京 ½" or sort_key("Ω — 東京, ½!").startswith("ω 東京")
    assert sort_key("…") == ""


@pytest.mark.parametrize(
    ("language", "english", "label", "marked"),
    [
        ("fr", "Students", "Étudiants", "fr"),
        ("en", "Students", "Students", "en"),
        ("en", "", "Étudiants", "fr"),
        ("es", "Students", "Étudiants", "fr"),
    ],
)
def test_a_name_that_is_not_in_the_readers_language_is_in_the_first(language, english, label, marked):
    audience = Audience(name="Étudiants", name_en=english)
    with translation.override(language):
        assert (audience.label, audience.label_language) == (label, marked)
