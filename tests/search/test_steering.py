"""What editors say of searches, and what they learn of them."""

from __future__ import annotations

import json
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from audience.models import Access, Audience
from search.journal import Search, forget_searches, masked
from search.steering import Promotion, Synonym, steering
from tests.factories import ServicePageFactory, StandardPageFactory
from tests.search.test_engine import ask, reader_of, titles


def test_a_synonym_finds_what_the_words_typed_do_not_say(home: Any) -> None:
    StandardPageFactory(parent=home, title="Horaires de la bibliothèque universitaire")
    assert titles("horaires bu") != ["Horaires de la bibliothèque universitaire"] or ask("horaires bu").loosened

    Synonym.objects.create(words="BU", others="bibliothèque universitaire")

    found = ask("horaires bu")
    assert [entry.title for entry in found.hits] == ["Horaires de la bibliothèque universitaire"]
    assert not found.loosened


def test_what_a_synonym_found_is_marked_in_the_excerpt(home: Any) -> None:
    StandardPageFactory(parent=home, title="Horaires", summary="Quand ouvre la bibliothèque universitaire.")
    Synonym.objects.create(words="BU", others="bibliothèque universitaire")

    assert "<mark>bibliothèque</mark>" in ask("bu").hits[0].excerpt  # type: ignore[attr-defined]


def test_a_synonym_goes_one_way_unless_said(home: Any) -> None:
    one_way = Synonym.objects.create(words="cvec", others="contribution vie étudiante")
    StandardPageFactory(parent=home, title="La CVEC")
    assert titles("contribution vie étudiante") == []

    one_way.both_ways = True
    one_way.save()
    assert titles("contribution vie étudiante") == ["La CVEC"]
    one_way.delete()
    assert titles("contribution vie étudiante") == []


def test_few_ways_to_say_it_are_asked() -> None:
    from search.steering import Steering

    many = Steering(synonyms=tuple(((f"mot{n}",), ("autre", "encore")) for n in range(50)))
    assert len(many.other_ways(" ".join(f"mot{n}" for n in range(50)))) == 3


def test_what_has_no_word_is_refused(home: Any) -> None:
    for synonym in (Synonym(words="!!", others="x"), Synonym(words="x", others=" , ")):
        with pytest.raises(ValidationError):
            synonym.full_clean()
    with pytest.raises(ValidationError):
        Promotion(questions=",", page=home).full_clean()


def promote(page: Any, questions: str, **fields: Any) -> Promotion:
    audiences = fields.pop("audiences", [])
    promotion = Promotion(page=page, questions=questions, **fields)
    promotion.audiences = audiences
    promotion.save()
    return promotion


def test_a_promoted_page_stands_first_for_its_search_alone(client: Client, home: Any) -> None:
    chosen = StandardPageFactory(parent=home, title="Réserver une salle")
    StandardPageFactory(parent=home, title="Salle A1")
    promote(chosen, "salle, une place pour travailler")

    assert titles("les salles") == ["Réserver une salle", "Salle A1"]  # once, though it is found as well
    assert titles("places pour travailler") == ["Réserver une salle"]
    assert titles("salle A1")[0] == "Salle A1"
    assert "Choisi pour cette recherche" in (page := client.get("/recherche/?q=salle").content.decode()) or (
        "Chosen for this search" in page
    )


def test_a_promotion_shows_nobody_what_they_may_not_see(home: Any, staff: Audience, students: Audience) -> None:
    now = timezone.now()
    reserved = StandardPageFactory(parent=home, title="Primes", audiences=[staff], access=Access.RESERVED)
    off = StandardPageFactory(parent=home, title="Brouillon", live=False)
    promote(reserved, "zibeline")
    promote(off, "zibeline")

    assert titles("zibeline") == []
    assert ask("zibeline").total == 0
    assert titles("zibeline", reader=reader_of([students])) == []
    assert titles("zibeline", reader=reader_of([staff])) == ["Primes"]

    open_to_all = StandardPageFactory(parent=home, title="Pour tous")
    promote(open_to_all, "hermine", audiences=[staff])
    promote(open_to_all, "martre", starts_at=now + timedelta(hours=1))
    promote(open_to_all, "vison", ends_at=now - timedelta(hours=1))
    assert titles("hermine") == titles("martre") == titles("vison") == []
    assert titles("hermine", reader=reader_of([staff])) == ["Pour tous"]


def test_what_editors_say_is_read_once(home: Any, count_queries: Any) -> None:
    Synonym.objects.create(words="bu", others="bibliothèque")
    steering()
    assert count_queries(steering) == 1


def test_searches_are_summed_without_their_makers(client: Client, home: Any, students: Audience, sign_in: Any) -> None:
    StandardPageFactory(parent=home, title="Piscine")
    for text in ("Piscine", "piscine ", "rien du tout", "jean.dupont@univ.fr 03 88 12 34 56"):
        client.get("/recherche/", {"q": text})
    client.get("/recherche/", {"q": "piscine", "page": 2})
    student = sign_in([students])
    student.get("/recherche/", {"q": "piscine"})
    student.post("/search-opened", {"q": "piscine"})

    kept = {(row.text, row.readers, row.found): (row.number, row.clicked) for row in Search.objects.all()}
    assert kept == {
        ("piscine", "anonymous", True): (2, 0),
        ("rien du tout", "anonymous", False): (1, 0),
        ("@ #", "anonymous", False): (1, 0),
        ("piscine", "etudiants", True): (1, 1),
    }


def test_what_names_someone_is_masked() -> None:
    assert masked("Appeler 06.12.34.56.78 ou A.B@c.fr") == "appeler # ou @"
    assert masked("UE301 2024") == "ue301 2024"
    assert len(masked("é" * 500)) == 100


def test_searches_are_forgotten_after_thirteen_months(db: None) -> None:
    for day in (date(2025, 1, 1), date(2026, 1, 2)):
        Search.objects.create(day=day, text="x", language="fr", readers="anonymous", found=True, number=1)

    assert forget_searches(date(2026, 2, 2)) == 1
    assert Search.objects.get().day == date(2026, 1, 2)


def test_editors_read_what_was_searched_and_why(
    client: Client, home: Any, administrator: Client, sign_in: Any, staff: Audience
) -> None:
    reserved = StandardPageFactory(parent=home, title="Piscine privée", audiences=[staff], access=Access.RESERVED)
    client.get("/recherche/", {"q": "introuvable"})

    said = administrator.get("/admin/searches/").content.decode()
    assert "introuvable" in said
    assert "<svg" in said
    tried = administrator.get("/admin/searches/try/", {"q": "piscine", "audiences": [staff.pk]}).content.decode()
    assert "Piscine privée" in tried
    assert "Piscine privée" not in administrator.get("/admin/searches/try/", {"q": "piscine"}).content.decode()
    assert administrator.get(f"/admin/searches/page/{reserved.pk}/").status_code == 200
    for address in ("/admin/searches/", "/admin/searches/try/?q=piscine", f"/admin/searches/page/{reserved.pk}/"):
        assert sign_in([staff]).get(address).status_code != 200
    for address in ("/admin/snippets/search/promotion/add/", "/admin/snippets/search/synonym/add/"):
        assert administrator.get(address).status_code == 200


def test_a_command_says_what_a_reader_would_find(home: Any, staff: Audience) -> None:
    ServicePageFactory(parent=home, title="Piscine")
    StandardPageFactory(parent=home, title="Piscine privée", audiences=[staff], access=Access.RESERVED)

    def said(**options: Any) -> dict[str, Any]:
        out = StringIO()
        call_command("explain_search", "piscine", json=True, stdout=out, **options)
        return dict(json.loads(out.getvalue()))

    assert [one["title"] for one in said()["results"]] == ["Piscine"]
    as_staff = said(who="personnels")
    assert {one["title"] for one in as_staff["results"]} == {"Piscine", "Piscine privée"}
    assert as_staff["counts"]["all"] == 2
    with pytest.raises(CommandError, match="nobody-here"):
        call_command("explain_search", "piscine", who="nobody-here")
