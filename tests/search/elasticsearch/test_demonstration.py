"""The acceptance cases on the demonstration university: what its readers type, and what must come first.

What the demonstration has no page for yet (people, rooms, programmes, courses, old calendars) is made by the test.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from pytest_django import Settings
from wagtail.models import Page

from audience.models import Access, Audience
from audience.reader import Reader
from home.models import HomePage
from search.explaining import reader_named
from search.models import Entry
from search.steering import Synonym
from tests.factories import NewsPageFactory, SectionPageFactory, ServicePageFactory, StandardPageFactory
from tests.search.elasticsearch.conftest import ask, titles

pytestmark = [pytest.mark.long, pytest.mark.django_db]

STUDENT, TEACHER, STAFF, ANYONE = "etudiants", "personnels,enseignants", "personnels,biatss", ""
# What the test adds to the demonstration: people, rooms, programmes, courses, units by telephone, older years.
ROWS = (
    "Licence Droit, 1re année (L1)", "Licence Droit, 2e année (L2)", "Master 1 MIAGE", "Master 2 MIAGE",
    "UE301 Histoire du droit", "UE302 Histoire de l’art", "Langage C", "Langages et cultures", "Hugo de La Tour du Pin",
    "Awa N’Diaye", "Jean d’Aubigné", "Jean-Baptiste Roy", "Jean Roy", "Salle A1.02", "Salle A1.20",
    "Scolarité de la faculté de droit", "Le licenciement", "Calendrier universitaire 2023-2024",
    "Calendrier universitaire 2024-2025",
)  # fmt: skip
SYNONYMS = {
    "bu": "bibliothèque, bibliothèque universitaire", "mdp": "mot de passe", "wi-fi, wifi": "eduroam",
    "drh": "ressources humaines",
    "inscription pédagogique": "IP-web", "inscription": "s’inscrire",
}  # fmt: skip
CASES: tuple[tuple[str, str, str], ...] = (
    ("inscription", STUDENT, "S’inscrire à l’université"),
    ("inscription", STAFF, "S’inscrire à une formation du personnel"),
    ("ip-web", STUDENT, "IP-web, inscription pédagogique"),
    ("ipweb", STUDENT, "IP-web, inscription pédagogique"),
    ("IP web", STUDENT, "IP-web, inscription pédagogique"),
    ("inscription pedagogique", STUDENT, "IP-web, inscription pédagogique | Faire son inscription pédagogique"),
    ("horaires bu", STUDENT, "Horaires des bibliothèques"),
    ("L1 droit", STUDENT, "Licence Droit, 1re année (L1)"),
    ("M2 MIAGE", STUDENT, "Master 2 MIAGE"),
    ("UE301", STUDENT, "UE301 Histoire du droit"),
    ("ue-301", STUDENT, "UE301 Histoire du droit"),
    ("école d'été", STUDENT, "École d’été de linguistique"),
    ("SES", STUDENT, "Sciences économiques et sociales (SES)"),
    ("AS", STUDENT, "Association sportive (AS)"),
    ("langage C", STUDENT, "Langage C"),
    ("licence", STUDENT, "Les licences"),
    ("diplome", STUDENT, "Retirer son diplôme"),
    ("releve note", STUDENT, "Relevés de notes"),
    ("contribution vie étudiante", STUDENT, "Contribution vie étudiante et de campus (CVEC)"),
    ("étudiant·e·s internationaux", STUDENT, "Étudiants internationaux"),
    ("C.R.O.U.S.", STUDENT, "Crous"),
    ("Le Goff", STAFF, "Élise Le Goff"),
    ("de la tour du pin", STAFF, "Hugo de La Tour du Pin"),
    ("ndiaye", STAFF, "Awa N’Diaye"),
    ("d'aubigne", STAFF, "Jean d’Aubigné"),
    ("jean baptiste roy", STAFF, "Jean-Baptiste Roy"),
    ("elise.legoff@univ-exemple.fr", STAFF, "Élise Le Goff"),
    ("03 88 12 34 56", ANYONE, "Guichet des lettres"),
    ("3456", STAFF, "Guichet des lettres"),
    ("A1.02", STUDENT, "Salle A1.02"),
    ("scolarité droit", STUDENT, "Scolarité de la faculté de droit"),
    ("contact drh", STAFF, "Ressources humaines | Direction des ressources humaines"),
    ("calendrier universitaire", STUDENT, "Calendrier universitaire"),
    ("calendrier 2024-2025", STUDENT, "Calendrier universitaire 2024-2025"),
    ("mdp oublié", STUDENT, "Mot de passe oublié"),
    ("wi-fi", STUDENT, "Wi-Fi eduroam | Se connecter à eduroam"),
    ("bibliotheqe horraires", STUDENT, "Horaires des bibliothèques"),
    ("charte télétravail", STAFF, "Charte du télétravail"),
    ("grève", STUDENT, "Grève des transports : quels cours sont maintenus"),
    ("portes ouvertes", ANYONE, "Journée portes ouvertes | Journée portes ouvertes d’automne"),
)
ENGLISH: tuple[tuple[str, str, str], ...] = (
    ("enrolment", STUDENT, "Enrol at the university | Online re-enrolment"),
    ("ipweb", STUDENT, "IP-web, module registration"),
    ("forgot password", STUDENT, "Forgotten password | My account and password"),
    ("eduroam", STUDENT, "Connect to eduroam | Eduroam Wi-Fi"),
    ("transcript", STUDENT, "Transcripts of records"),
    ("erasmus+", STUDENT, "Study abroad with Erasmus+ | Going abroad with Erasmus+: applications are open"),
    ("internship", STUDENT, "Internships and agreements | Set up an internship agreement"),
    ("C.R.O.U.S.", STUDENT, "Crous"),
    ("CVEC", STUDENT, "Student and campus life contribution (CVEC) | CVEC certificate"),
    ("how do I find housing", STUDENT, "Find housing in Valmont and Saint-Aubry"),
    ("phising", STUDENT, "Recognise phishing"),
    ("resits", STUDENT, "Absence, exams and resits"),
)


def plant(home: HomePage) -> None:
    for title in ROWS:
        StandardPageFactory(parent=home, title=title)
    ServicePageFactory(parent=home, title="Élise Le Goff", keywords="elise.legoff@univ-exemple.fr, 03 88 65 43 21")
    SectionPageFactory(parent=home, title="Guichet des lettres", desk_phone="03 88 12 34 56")
    for words, others in SYNONYMS.items():
        for word in words.split(", "):
            Synonym.objects.create(words=word, others=others)


@pytest.fixture
def demonstration(home: HomePage, settings: Settings, tmp_path: Path) -> HomePage:
    settings.MEDIA_ROOT, settings.PRIVATE_ROOT = str(tmp_path / "media"), str(tmp_path / "private")
    call_command("load_demo", verbosity=0)
    call_command("read_documents", verbosity=0)
    plant(home)
    return home


def test_the_demonstration_answers_what_its_readers_ask(demonstration: HomePage, index: Callable[[], None]) -> None:
    index()
    readers: dict[tuple[str, str], Reader] = {}

    def first(text: str, who: str, language: str) -> list[str]:
        reader = readers.setdefault((who, language), reader_named(who, language=language))
        return [title.replace("\u00a0", " ") for title in titles(text, reader=reader, language=language)[:3]]

    wrong = {}
    for cases, language in ((CASES, "fr"), (ENGLISH, "en")):
        for text, who, expected in cases:
            found = first(text, who, language)
            if not found or found[0] not in expected.split(" | "):
                wrong[f"{text} ({who or 'anyone'})"] = (expected, found)
    assert wrong == {}

    student, visitor = reader_named(STUDENT, language="fr"), reader_named(ANYONE, language="fr")
    assert not any("icenciement" in title for title in titles("licence", reader=student)[:5])
    assert "Guichet des lettres" not in titles("3456", reader=visitor)
    charter = ask("charte télétravail", reader=reader_named(STAFF, language="fr")).hits[0]
    assert "télétravail" in charter.excerpt  # type: ignore[attr-defined]
    opening = ask("portes ouvertes", reader=visitor).hits[0]
    assert opening.starts_at is not None
    assert opening.starts_at > timezone.now()
    assert shown_of_what_is_not_theirs(demonstration, index) == []


def shown_of_what_is_not_theirs(home: HomePage, index: Callable[[], None]) -> list[str]:
    """Return what a visitor is shown of a page reserved by its grandparent, one for tomorrow, and one that is over."""
    staff = Audience.objects.get(slug="personnels")
    above = StandardPageFactory(parent=home, title="Dossiers", audiences=[staff], access=Access.RESERVED)
    below = StandardPageFactory(parent=StandardPageFactory(parent=above, title="Année"), title="Réorganisation Axolotl")
    news = Page.objects.filter(content_type__model="newsindexpage", locale__language_code="fr").first()
    later = NewsPageFactory(parent=news.specific, title="Annonce Narval", go_live_at=timezone.now() + timedelta(days=1))
    over = StandardPageFactory(parent=home, title="Concours Okapi", expire_at=timezone.now() + timedelta(seconds=1))
    index()
    Entry.objects.of_page(over).update(expires_at=timezone.now() - timedelta(seconds=1))  # no cron ran, nothing is sent
    visitor = reader_named(ANYONE, language="fr")
    asked = [text for page in (below, later, over) for text in (page.title, page.title.split()[-1])]
    shown = [title for text in asked for title in titles(text, reader=visitor)]
    return [title for title in shown if title in {below.title, later.title, over.title}]
