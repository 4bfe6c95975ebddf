"""What readers of a French university type, and what must come first: on the real node, with content made for it."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.test import Client
from django.utils import timezone

from audience.models import Access, Audience
from search.engines import engine
from search.explaining import explain
from search.models import Entry
from search.query import Query, Sort
from search.steering import Synonym, steering
from tests.factories import (
    EventPageFactory,
    GuidancePageFactory,
    NewsPageFactory,
    SectionPageFactory,
    ServicePageFactory,
    StandardPageFactory,
    UnitFactory,
)
from tests.search.elasticsearch.conftest import ask, titles
from tests.search.test_engine import HOSTILE, paragraph, reader_of

FIRST = {
    "ipweb": "IP-web",
    "ip-web": "IP-web",
    "IP web": "IP-web",
    "inscription pedagogique": "Inscription pédagogique",
    "L1 droit": "Licence Droit, 1re année (L1)",
    "M2 MIAGE": "Master 2 MIAGE",
    "UE301": "UE301 Histoire du droit",
    "UE 301": "UE301 Histoire du droit",
    "ue-301": "UE301 Histoire du droit",
    "école d'été": "École d'été de linguistique",
    "ecole d’ete": "École d'été de linguistique",
    "SES": "Sciences économiques et sociales (SES)",
    "AS": "Association sportive (AS)",
    "langage C": "Langage C",
    "licence": "Les licences",
    "diplome": "Retirer son diplôme",
    "releve note": "Relevés de notes",
    "contribution vie étudiante": "Contribution vie étudiante et de campus",
    "étudiant·e·s internationaux": "Étudiants internationaux",
    "C.R.O.U.S.": "Crous",
    "Le Goff": "Élise Le Goff",
    "legoff": "Élise Le Goff",
    "de la tour du pin": "Hugo de La Tour du Pin",
    "ndiaye": "Awa N'Diaye",
    "N’Diaye": "Awa N'Diaye",
    "d'aubigne": "Jean d'Aubigné",
    "jean baptiste roy": "Jean-Baptiste Roy",
    "elise.legoff@univ-exemple.fr": "Élise Le Goff",
    "03 88 12 34 56": "Faculté des lettres",
    "+33 3 88 12 34 56": "Faculté des lettres",
    "0388123456": "Faculté des lettres",
    "A1.02": "Salle A1.02",
    "a1-02": "Salle A1.02",
    "scolarité droit": "Scolarité de la faculté de droit",
    "contact drh": "Direction des ressources humaines (DRH)",
    "calendrier 2024-2025": "Calendrier universitaire 2024-2025",
    "charte télétravail": "Charte du télétravail",
    "comment retirer mon diplôme": "Retirer son diplôme",
    "horaires des bibliothèques": "Horaires des bibliothèques",
}
ENGLISH = {
    "enrolment": "Enrol at the university",
    "library opening hours": "Library opening hours",
    "students' union": "Students’ union",
    "timetable": "Timetables",
    "lost password": "Lost your password",
    "summer school": "Summer school in linguistics",
    "C programming": "C programming",
    "CS101": "CS101 Introduction to algorithms",
    "cs-101": "CS101 Introduction to algorithms",
    "how do I get a transcript": "Transcripts",
    "erasmus+": "Erasmus+ mobility",
}
NAMED = {"elise.legoff@univ-exemple.fr": "Élise Le Goff"}


def plant(home: Any, english_home: Any, agenda: Any, news_index: Any) -> None:
    """Make what the cases ask for, among pages that say the same words elsewhere."""
    made = {*FIRST.values()} - {"École d'été de linguistique", "Faculté des lettres", "Élise Le Goff"}
    for title in sorted(made):
        StandardPageFactory(parent=home, title=title)
    for title in sorted({*ENGLISH.values()}):
        StandardPageFactory(parent=english_home, title=title)
    EventPageFactory(parent=agenda, title="École d'été de linguistique")
    ServicePageFactory(parent=home, title="Élise Le Goff", keywords="elise.legoff@univ-exemple.fr, 03 88 65 43 21")
    SectionPageFactory(parent=home, title="Faculté des lettres", desk_phone="03 88 12 34 56")
    noise = (
        "Le licenciement", "Vie de l'école", "Les langages", "Le droit à l'image", "Nos sessions", "Été sur le campus",
        "Journal du campus", "Jean Roy", "Tour du campus", "Notes de service", "Calendrier universitaire 2023-2024",
        "Contacts utiles", "Salle A1.20", "UE302 Histoire de l'art", "Master 1 MIAGE", "Licence Droit, 2e année (L2)",
    )  # fmt: skip
    words = "inscription licence diplôme note étudiant bourse droit faculté calendrier bibliothèque école année contact"
    rand = random.Random(4)
    for title in noise:
        said = " ".join(rand.choices(words.split(), k=60))
        StandardPageFactory(parent=home, title=title, body=paragraph(said))


def test_the_first_result_is_the_one_meant(
    home: Any, english_home: Any, agenda: Any, news_index: Any, index: Callable[[], None]
) -> None:
    plant(home, english_home, agenda, news_index)
    index()

    wrong = {}
    for cases, language in ((FIRST, "fr"), (ENGLISH, "en")):
        for text, expected in cases.items():
            found = titles(text, language=language)[:3]
            if found[:1] != [expected]:
                wrong[text] = (expected, found)
    assert wrong == {}
    assert not {"Le licenciement"} & set(titles("licence")[:5])

    missed, tried = typos(FIRST)
    assert len(missed) <= 0.05 * tried, missed


def typos(cases: dict[str, str]) -> tuple[list[tuple[str, list[str]]], int]:
    """Ask with a letter of the longest word left out, doubled or exchanged; return what was not in the first three."""
    missed, tried = [], 0
    for text, expected in cases.items():
        word = max(text.split(), key=len)
        if len(word) < 6 or not word.isalpha():
            continue
        middle = len(word) // 2
        spoilt = (
            word[:middle] + word[middle + 1 :],
            word[:middle] + word[middle] + word[middle:],
            word[:middle] + word[middle + 1] + word[middle] + word[middle + 2 :],
        )
        for other in spoilt:
            tried += 1
            found = titles(text.replace(word, other))[:3]
            if expected not in found:
                missed.append((text.replace(word, other), found))
    return missed, tried


def test_the_same_word_means_another_thing_to_another_reader(
    home: Any, guidance_index: Any, students: Audience, staff: Audience, index: Callable[[], None]
) -> None:
    GuidancePageFactory(parent=guidance_index, title="S'inscrire à l'université : inscription", audiences=[students])
    GuidancePageFactory(parent=guidance_index, title="S'inscrire à une formation : inscription", audiences=[staff])
    index()

    assert titles("inscription", reader=reader_of([students]))[0].startswith("S'inscrire à l'université")
    assert titles("inscription", reader=reader_of([staff]))[0].startswith("S'inscrire à une formation")
    assert len(titles("inscription", reader=reader_of([staff]))) == 2  # raised, never filtered


def test_news_fades_guidance_does_not_and_what_is_past_comes_last(
    home: Any, news_index: Any, guidance_index: Any, agenda: Any, index: Callable[[], None]
) -> None:
    now, today = timezone.now(), timezone.localdate()
    GuidancePageFactory(parent=guidance_index, title="Grève : vos droits")
    NewsPageFactory(parent=news_index, title="Grève : les cours", published_on=today - timedelta(days=700))
    NewsPageFactory(parent=news_index, title="Grève : les trams", published_on=today - timedelta(days=2))
    for days in (-200, 20):
        starts = now + timedelta(days=days)
        EventPageFactory(parent=agenda, title="Portes ouvertes", starts_at=starts, ends_at=starts + timedelta(hours=8))
    index()

    assert titles("grève")[0] == "Grève : les trams"
    first = ask("portes ouvertes").hits[0]
    assert first.starts_at is not None
    assert first.starts_at > now


def test_little_found_is_looked_for_with_tolerance_and_says_so(home: Any, index: Callable[[], None]) -> None:
    StandardPageFactory(parent=home, title="Horaires des bibliothèques", summary="Quand venir.")
    index()

    found = ask("bibliotheqe horraires")

    assert [entry.title for entry in found.hits] == ["Horaires des bibliothèques"]
    assert found.approximate
    assert found.correction == "bibliothèques horaires"
    assert not ask("horaires").approximate


def test_when_a_word_was_not_found_what_may_have_been_meant_is_said(home: Any, index: Callable[[], None]) -> None:
    for number in range(4):
        StandardPageFactory(parent=home, title=f"Bibliothèque {number}")
    StandardPageFactory(parent=home, title="Horaires")
    index()

    found = ask("bibliothèque hroaires")

    assert len(found.hits) == 4
    assert found.loosened
    assert found.correction == "bibliothèque horaires"
    assert ask("bibliothèque").correction == ""
    assert ask("horaires de la bibliotheqe").correction == "horaires de la bibliothèque"
    assert ask("l’hroaires").correction == "l'horaires"


def test_a_synonym_of_an_editor_is_asked_too(home: Any, index: Callable[[], None]) -> None:
    StandardPageFactory(parent=home, title="Horaires des bibliothèques")
    StandardPageFactory(parent=home, title="Se connecter à eduroam")
    StandardPageFactory(parent=home, title="Mot de passe oublié")
    index()
    for words, others in (("bu", "bibliothèque universitaire"), ("wifi", "eduroam"), ("mdp", "mot de passe")):
        Synonym.objects.create(words=words, others=others)

    assert titles("horaires bu")[0] == "Horaires des bibliothèques"
    assert titles("wifi") == ["Se connecter à eduroam"]
    assert titles("mdp oublié")[0] == "Mot de passe oublié"


def test_suggestions_and_facets_are_the_readers(
    home: Any, staff: Audience, index: Callable[[], None], client: Client, sign_in: Any
) -> None:
    unit = UnitFactory(name="Droit")
    StandardPageFactory(parent=home, title="Zibeline réservée", unit=unit, audiences=[staff], access=Access.RESERVED)
    StandardPageFactory(parent=home, title="Zibeline de droit", unit=unit)
    StandardPageFactory(parent=home, title="Zibeline d'arts", unit=UnitFactory(name="Arts"))
    StandardPageFactory(parent=home, title="Zibeline demain", go_live_at=timezone.now() + timedelta(days=1))
    index()

    def completed(browser: Client) -> set[str]:
        groups = browser.get("/suggestions.json?q=zib").json()["groups"]
        return {item["title"] for group in groups for item in group["items"]}

    assert completed(client) == {"Zibeline de droit", "Zibeline d'arts"}
    assert completed(sign_in([staff])) == {"Zibeline de droit", "Zibeline d'arts", "Zibeline réservée"}
    counted = next(facet for facet in ask("zibeline").facets if facet.name == "unit")
    assert {value.label: value.count for value in counted.values} == {"Droit": 1, "Arts": 1}
    assert titles("zibeline", unit=unit.code) == ["Zibeline de droit"]


def test_the_index_says_why(home: Any, index: Callable[[], None]) -> None:
    StandardPageFactory(parent=home, title="Association sportive (AS)")
    index()

    said = explain("AS", reader=reader_of())

    assert said["engine"] == "elasticsearch"
    assert said["results"][0]["clauses"]["code"] > 50


def test_quoted_words_stand_together(home: Any, index: Callable[[], None]) -> None:
    StandardPageFactory(parent=home, title="Une", body=paragraph("La vie de campus est belle."))
    StandardPageFactory(parent=home, title="Deux", body=paragraph("La vie est belle sur le campus."))
    index()

    assert titles("« vie de campus »") == ["Une"]
    assert set(titles("vie de campus")) == {"Une", "Deux"}


def test_pages_follow_each_other_and_the_deep_end_is_bounded(home: Any, index: Callable[[], None]) -> None:
    for number in range(23):
        StandardPageFactory(parent=home, title=f"Amphithéâtre {number}")
    index()

    pages = [ask("amphithéâtre", page=str(number)) for number in (1, 2, 3)]

    assert len({entry.pk for found in pages for entry in found.hits}) == 23
    assert [found.page.has_next for found in pages] == [True, True, False]
    assert ask("amphithéâtre", page="100000").page.number == 1


def test_anything_may_be_typed(home: Any, index: Callable[[], None]) -> None:
    for text in HOSTILE[::3]:
        StandardPageFactory(parent=home, title=text.replace("\x00", "").replace("\ud800", "")[:200].strip() or "Rien")
    index()

    for text in (*HOSTILE, "a" * 600, "/.*/", "tit?e:*", '"' * 30 + "été", "[* TO *]", "_exists_:visibility"):
        assert not ask(text, sort=Sort.NEWEST if len(text) % 2 else Sort.RELEVANCE).degraded, text


def test_a_search_is_one_request_and_few_queries(
    home: Any, index: Callable[[], None], count_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from search.elasticsearch import engine

    for number in range(12):
        StandardPageFactory(parent=home, title=f"Piscine {number}", unit=UnitFactory())
    index()
    asked: list[Any] = []
    real = engine.ask
    monkeypatch.setattr(engine, "ask", lambda body: asked.append(body) or real(body))
    reader = reader_of()
    steering()  # what editors say is kept by the process

    assert count_queries(ask, "piscine", reader=reader) <= 6
    assert len(asked) == 1


def test_what_is_read_much_comes_first_among_equals_and_suggestions_do_not_know(
    home: Any, index: Callable[[], None]
) -> None:
    StandardPageFactory.create_batch(3, parent=home, title="Prêt d’ordinateur")
    read = StandardPageFactory(parent=home, title="Prêt d’ordinateur", slug="lu")
    exact = StandardPageFactory(parent=home, title="Ordinateur")
    index()
    before = [hit.entry for hit in engine().suggest(Query.parse({"q": "prêt"}, reader=reader_of())).hits]
    assert ask("prêt ordinateur").hits[0].url != read.url

    Entry.objects.of_page(read).update(popularity=1, version=F("version") + 1)
    index()

    assert ask("prêt ordinateur").hits[0].url == read.url
    assert ask("ordinateur").hits[0].url == exact.url
    assert [hit.entry for hit in engine().suggest(Query.parse({"q": "prêt"}, reader=reader_of())).hits] == before
