"""The database engine: what is found, in what order, by whom."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from audience.demands import table
from audience.models import Access, Audience
from audience.reader import Reader
from audience.version import current_version
from content.entry import Kind
from search.engines import engine
from search.engines.base import Found, Hit
from search.engines.dialect import full_text
from search.models import Entry, EntryText
from search.query import LONGEST_TEXT, SHELVES, Query, Sort
from search.results import Results, search
from search.words import lexemes, stem, terms
from tests.factories import (
    AgendaPageFactory,
    EventPageFactory,
    GuidancePageFactory,
    NewsPageFactory,
    ServicePageFactory,
    StandardPageFactory,
    UnitFactory,
)


def reader_of(*positions: list[Audience], signed_in: bool = False, language: str = "fr") -> Reader:
    """Return who holds these positions, with what they may see now."""
    held = tuple(frozenset(audience.pk for audience in position) for position in positions) or (frozenset(),)
    signed_in = signed_in or bool(positions)
    return table().seen_by(Reader(positions=held, signed_in=signed_in, language=language))


def ask(text: str, *, reader: Reader | None = None, **fields: str) -> Results:
    return search(Query.parse({"q": text, **fields}, reader=reader or reader_of()))


def titles(text: str, **how: Any) -> list[str]:
    return [entry.title for entry in ask(text, **how).hits]


def paragraph(text: str) -> list[tuple[str, str]]:
    return [("text", f"<p>{text}</p>")]


def write(entry: Entry, **text: str) -> None:
    """Give an entry text, and write it into the index as the projection does."""
    from search.index import write_index

    EntryText.objects.update_or_create(entry=entry, defaults=text)
    write_index(entry.pk)


def entry_of(page: Page) -> Entry:
    return Entry.objects.of_page(page).get()


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("Relevés de notes", "releve note"),
        ("Retirer son diplôme", "diplome"),
        ("École d'été de linguistique", "école d’été"),
        ("Manuscrits et œuvres anciennes", "oeuvre"),
        ("Étudiants internationaux", "étudiant·e·s internationaux"),
        ("Les étudiant(e)s élu(e)s", "étudiants élus"),
        ("Crous", "C.R.O.U.S."),
        ("Le C.R.O.U.S. de Valmont", "crous"),
        ("Cours UE301", "UE 301"),
        ("Cours UE-301", "ue301"),
        ("Cours UE 301", "ue-301"),
        ("IP-web", "ipweb"),
        ("Se connecter en wi-fi", "wifi"),
        ("Langage C", "langage C"),
        ("Initiation au C++", "c++"),
        ("Sciences économiques et sociales (SES)", "SES"),
        ("Association sportive (AS)", "AS"),
        ("Awa N'Diaye", "ndiaye"),
        ("Jean d'Aubigné", "d'aubigne"),
        ("Jean-Baptiste Roy", "jean baptiste roy"),
        ("Hugo de La Tour du Pin", "de la tour du pin"),
        ("Salle A1.02", "a1.02"),
        ("Journaux régionaux", "journal regional"),
        ("Inscription administrative", "inscr"),
        ("La bibliothèque universitaire", "comment la bibliothèque"),
        ("Bibliothèque", "BIBLIOTHÈQUE !!!"),
        ("جامعة فالمونت", "جامعة"),
        ("大学図書館の利用", "図書館"),
        ("Университет Валмон", "университет"),
    ],
)
def test_what_is_written_one_way_is_found_asked_another(home: Any, written: str, asked: str) -> None:
    StandardPageFactory(parent=home, title=written)
    StandardPageFactory(parent=home, title="Tout à fait autre chose")

    assert titles(asked) == [written]


def test_licence_is_not_licenciement(home: Any) -> None:
    StandardPageFactory(parent=home, title="Le licenciement")
    StandardPageFactory(parent=home, title="Les licences")

    assert titles("licence") == ["Les licences"]


def test_a_title_comes_before_a_summary_and_a_summary_before_a_body(home: Any) -> None:
    StandardPageFactory(parent=home, title="Trois", body=paragraph("La bourse, puis la bourse et encore la bourse."))
    StandardPageFactory(parent=home, title="Deux", summary="Demander une bourse.")
    StandardPageFactory(parent=home, title="Une bourse de mobilité")

    assert titles("bourse") == ["Une bourse de mobilité", "Deux", "Trois"]


def test_the_exact_title_comes_first(home: Any) -> None:
    for number in range(3):
        StandardPageFactory(parent=home, title=f"Bourses, bourses : la bourse {number}", summary="Bourse et bourse.")
    StandardPageFactory(parent=home, title="Les bourses")

    assert titles("les bourses")[0] == "Les bourses"


def test_recent_news_comes_before_old_news_and_guidance_does_not_age(home: Any, news_index: Any) -> None:
    today = timezone.localdate()
    NewsPageFactory(parent=news_index, title="Grève des transports", published_on=today - timedelta(days=700))
    NewsPageFactory(parent=news_index, title="Grève des bus", published_on=today - timedelta(days=2))

    assert titles("grève") == ["Grève des bus", "Grève des transports"]


def test_a_past_event_comes_after_the_next(home: Any) -> None:
    agenda = AgendaPageFactory(parent=home, title="Dates")
    now = timezone.now()
    for days in (-200, 20):
        starts = now + timedelta(days=days)
        EventPageFactory(parent=agenda, title="Portes ouvertes", starts_at=starts, ends_at=starts + timedelta(days=1))

    first = ask("portes ouvertes").hits[0]

    assert first.starts_at is not None
    assert first.starts_at > now


def test_what_is_recommended_to_the_reader_is_raised(home: Any, students: Audience, staff: Audience) -> None:
    StandardPageFactory(parent=home, title="Inscription des personnels", audiences=[staff])
    StandardPageFactory(parent=home, title="Inscription des étudiants", audiences=[students])

    assert titles("inscription", reader=reader_of([staff]))[0] == "Inscription des personnels"
    assert titles("inscription", reader=reader_of([students]))[0] == "Inscription des étudiants"


def test_all_words_are_wanted_before_any(home: Any) -> None:
    StandardPageFactory(parent=home, title="Carte étudiante")
    StandardPageFactory(parent=home, title="Carte du campus")

    assert titles("carte campus") == ["Carte du campus"]
    found = ask("carte perdue")
    assert found.loosened
    assert {entry.title for entry in found.hits} == {"Carte étudiante", "Carte du campus"}


def test_identifiers_units_headings_and_bodies_are_searched(home: Any) -> None:
    unit = UnitFactory(name="Direction du patrimoine", acronym="DPI")
    ServicePageFactory(parent=home, title="Messagerie", keywords="webmail, courriel")
    body = [("heading", {"text": "Perte d'un badge"}), *paragraph("Au guichet.")]
    StandardPageFactory(parent=home, title="Clés", unit=unit, body=body)

    assert titles("webmail") == ["Messagerie"]
    assert titles("badge") == titles("guichet") == titles("dpi") == ["Clés"]


def test_the_newest_first_on_demand(home: Any, news_index: Any) -> None:
    today = timezone.localdate()
    for days, title in ((3, "Forum des métiers"), (1, "Autre forum"), (2, "Le forum")):
        NewsPageFactory(parent=news_index, title=title, published_on=today - timedelta(days=days))

    assert titles("forum", sort="newest") == ["Autre forum", "Le forum", "Forum des métiers"]


HOSTILE = [
    "", " ", '"', '"""', "'", "' OR 1=1 --", "a AND", "NOT", "OR OR", "* **", "(((", ")", "{title} : x", "NEAR(a b)",
    "a:*", "& | !", "<->", "\\", "\\'", "%s %d %(x)s %%", "_", "^", "-", "a-", "-a", "\x00", "a\x00b", "\x1b[31m",
    "\u202egauche", "\ud800", "🙂 🙂🙂", "👩‍👩‍👧", "e\u0301te\u0301", "İstanbul", "ﬁn", "½", "x" * 10_000, "a " * 5_000,
    '"' * 10_000, "été" * 4_000,
    "a.b.c.d.e.f.g.h", "l'" * 100, "1e5 0x1F 007", "جامعة", "大学 " * 50, "हिन्दी", "ภาษาไทย",
    "<script>alert(1)</script>",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_anything_may_be_typed(home: Any, text: str) -> None:
    StandardPageFactory(parent=home, title=text.replace("\x00", "").replace("\ud800", "")[:200].strip() or "Rien")

    for sort in Sort.values:
        found = ask(text, kind="page", sort=sort)
        assert all("<script" not in str(entry.excerpt) for entry in found.hits)


@pytest.mark.parametrize("text", HOSTILE)
def test_anything_may_be_written(home: Any, text: str) -> None:
    text = text.replace("\x00", "").replace("\ud800", "")
    page = StandardPageFactory(parent=home, title="Une page", body=paragraph("Palimpseste"))
    write(entry_of(page), headings=text, body=f"palimpseste {text * 20}")

    assert titles("palimpseste") == ["Une page"]


def test_a_very_long_text_is_indexed(home: Any) -> None:
    page = StandardPageFactory(parent=home, title="Thèse")
    write(entry_of(page), body="ornithorynque " + " ".join(f"mot{number}" for number in range(60_000)))

    assert titles("ornithorynque") == titles("mot12000") == ["Thèse"]


def test_a_query_is_cut_and_cleaned() -> None:
    given = {"q": "  a\x00b\u200bc \n d" + "e" * 10_000, "kind": "nothing", "page": "x", "sort": "?"}
    query = Query.parse(given, reader=Reader())

    assert query.text.startswith("a bc d")
    assert len(query.text) == LONGEST_TEXT
    assert (query.shelves, query.page, query.sort) == ((), 1, Sort.RELEVANCE)


def test_a_page_that_changes_is_found_by_its_new_words_only(home: Any) -> None:
    page = StandardPageFactory(parent=home, title="Laverie")
    assert titles("laverie") == ["Laverie"]

    page.title = "Buanderie"
    page.save()

    assert titles("laverie") == []
    assert titles("buanderie") == ["Buanderie"]


def test_what_is_deleted_leaves_the_index(home: Any) -> None:
    page = StandardPageFactory(parent=home, title="Laverie")
    kept = entry_of(page).pk
    page.delete()

    assert titles("laverie") == []
    with connection.cursor() as cursor:
        cursor.execute(full_text(connection.vendor).ids)
        assert kept not in {row[0] for row in cursor.fetchall()}


def hidden_pages(home: Any, staff: Audience) -> None:
    """Make one page of each sort that a student may not know of, all with the same word."""
    now = timezone.now()
    StandardPageFactory(parent=home, title="Zibeline réservée", audiences=[staff], access=Access.RESERVED)
    StandardPageFactory(parent=home, title="Zibeline à personne", access=Access.RESERVED)
    StandardPageFactory(parent=home, title="Zibeline demain", go_live_at=now + timedelta(days=1))
    StandardPageFactory(parent=home, title="Zibeline hier", expire_at=now - timedelta(minutes=1))
    StandardPageFactory(parent=home, title="Zibeline brouillon", live=False)
    above = StandardPageFactory(parent=home, title="Coulisses", audiences=[staff], access=Access.RESERVED)
    StandardPageFactory(parent=above, title="Zibeline dessous", body=paragraph("zibeline"))
    off = StandardPageFactory(parent=home, title="Retiré", live=False)
    GuidancePageFactory(parent=off, title="Zibeline sous ce qui est retiré")
    private = StandardPageFactory(parent=home, title="Zibeline à mot de passe")
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.PASSWORD, password="x")


def test_nothing_tells_of_what_a_reader_may_not_see(home: Any, students: Audience, staff: Audience) -> None:
    hidden_pages(home, staff)
    student = reader_of([students])

    for text in ("zibeline", "zibel", "zibeline dessous", "Zibeline réservée", "zibeline inconnue"):
        found = ask(text, reader=student)
        assert (list(found.hits), list(found.kinds), found.total) == ([], [], 0)
        assert engine().search(Query.parse({"q": text}, reader=student)) == Found()

    StandardPageFactory(parent=home, title="Zibeline pour tous")
    found = ask("zibeline", reader=student)
    assert [entry.title for entry in found.hits] == ["Zibeline pour tous"]
    assert [(choice.kind, choice.count) for choice in found.kinds] == [("", 1), ("page", 1)]
    for_staff = {"Zibeline pour tous", "Zibeline réservée", "Zibeline dessous"}
    assert set(titles("zibeline", reader=reader_of([staff]))) == for_staff


def test_a_reader_who_may_see_nothing_finds_nothing(home: Any) -> None:
    StandardPageFactory(parent=home, title="Zibeline")

    assert ask("zibeline", reader=Reader(visible=())).total == 0


def test_a_stale_engine_shows_nothing_withdrawn(home: Any) -> None:
    page = StandardPageFactory(parent=home, title="Zibeline", live=False)

    class Stale:
        def search(self, query: Query) -> Found:
            return self.suggest(query)

        def suggest(self, query: Query) -> Found:
            return Found((Hit(entry_of(page).pk, 1.0, "<mark>Zibeline</mark>"), Hit(10**9, 1.0)), {Kind.PAGE: 2})

    found = search(Query.parse({"q": "zibeline"}, reader=reader_of()), by=Stale())

    assert found.hits == []


def test_counts_are_those_of_each_kind_whatever_is_chosen(home: Any, news_index: Any) -> None:
    for number in range(12):
        NewsPageFactory(parent=news_index, title=f"Concert {number}")
    for number in range(3):
        ServicePageFactory(parent=home, title=f"Billets de concert {number}")

    found = ask("concert", kind="service")

    assert [(choice.kind, choice.count, choice.current) for choice in found.kinds] == [
        ("", 15, False), ("service", 3, True), ("news", 12, False),
    ]  # fmt: skip
    assert {entry.kind for entry in found.hits} == {Kind.SERVICE}
    assert (found.total, found.page.has_next) == (3, False)


def test_every_kind_stands_on_one_shelf() -> None:
    assert sorted(kind for shelf in SHELVES for kind in shelf.kinds) == sorted(Kind)


def test_pages_follow_each_other_without_gap_or_double(home: Any) -> None:
    for number in range(23):
        StandardPageFactory(parent=home, title=f"Amphithéâtre {number}")

    pages = [ask("amphithéâtre", page=str(number)) for number in (1, 2, 3)]

    assert len({entry.pk for found in pages for entry in found.hits}) == 23
    assert [found.page.has_next for found in pages] == [True, True, False]
    assert ask("amphithéâtre", page="9").page.number == 1
    assert len(ask("amphithéâtre", page="9").hits) == 10


def test_each_language_finds_its_own(home: Any, english_home: Any) -> None:
    StandardPageFactory(parent=home, title="Restaurant du campus")
    StandardPageFactory(parent=english_home, title="Campus restaurant", slug="campus-restaurant")

    assert titles("restaurant", reader=reader_of(language="fr"))[0] == "Restaurant du campus"
    assert titles("restaurant", reader=reader_of(language="en"))[0] == "Campus restaurant"


@pytest.mark.parametrize("hits", [1, 10])
def test_a_search_costs_three_queries_however_much_it_finds(home: Any, count_queries: Any, hits: int) -> None:
    for number in range(hits):
        StandardPageFactory(parent=home, title=f"Piscine {number}", unit=UnitFactory())
    reader, version = reader_of(), current_version()

    def shown(text: str) -> object:
        found = search(Query.parse({"q": text}, reader=reader), version=version)
        return found.kinds, found.facets, found.popular

    shown("piscine")  # what editors say and what things are called is kept by the process

    assert count_queries(shown, "piscine") == 3
    assert count_queries(shown, "piscine olympique") == 4


def test_stems_are_those_of_number_and_gender() -> None:
    assert stem("etudiantes") == stem("etudiant") == "etudiant"
    assert stem("nationaux") == stem("nationales") == "national"
    assert stem("licences") != stem("licenciement")
    assert stem("libraries") == stem("library")
    assert stem("ue301s") == "ue301s"


def test_lexemes_hold_letters_and_digits_only() -> None:
    for text in HOSTILE:
        assert all(lexeme.isalnum() and len(lexeme) <= 40 for lexeme in lexemes(text))
        assert len(terms(text)) <= 12


def test_an_unknown_engine_is_refused(settings: Any) -> None:
    settings.PARVIS_SEARCH_ENGINE = "sonar"

    with pytest.raises(ImproperlyConfigured, match="sonar"):
        engine()
