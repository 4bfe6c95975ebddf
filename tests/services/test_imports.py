"""The catalogue read from a file: what it says is what is there, what cannot be is said by line, nothing is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from wagtail.models import Locale, Page

from audience.models import Access, Audience
from home.models import HomePage
from search.models import Entry
from services.models import ServiceFamily, ServicePage, ServiceState
from tests.factories import ServiceFamilyFactory, ServicePageFactory, UnitFactory
from tests.reading import titles

pytestmark = pytest.mark.django_db

HEAD = "code;title;summary;family;url;audiences;access;unit;language;keywords"


@pytest.fixture
def lists(catalogue: Page, students: Audience, staff: Audience) -> ServiceFamily:
    UnitFactory(code="DNUM", acronym="DN")
    return ServiceFamilyFactory(name="Cours", locale=Locale.objects.get(language_code="fr"))


def run(tmp_path: Path, content: str | bytes, *options: str) -> str:
    """Import a file; return what the command says, and what it refuses."""
    file = tmp_path / "services.csv"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    from io import StringIO

    said = StringIO()
    try:
        call_command("import_services", str(file), *options, stdout=said)
    except CommandError as error:
        return said.getvalue() + str(error)
    return said.getvalue()


def services() -> dict[str, ServicePage]:
    return {page.slug: page for page in ServicePage.objects.all()}


WHOLE = f"""{HEAD}
moodle;Cours en ligne;Vos cours.;Cours;https://cours.test.example/;etudiants|Personnels;;DNUM;fr;Moodle, LMS
paie;Bulletins de paie;;;https://paie.test.example/;personnels;réservé;dn;;
"""


def test_a_dry_run_says_what_would_be_done_and_does_nothing(lists: ServiceFamily, tmp_path: Path) -> None:
    before = (Page.objects.count(), Entry.objects.count())

    assert "2 would be made, 0 would be changed, 0 already so, 0 refused" in run(tmp_path, WHOLE)
    assert "2 would be made" in run(tmp_path, WHOLE, "--dry-run", "--publish")
    assert (Page.objects.count(), Entry.objects.count()) == before


def test_what_is_published_is_found_by_those_it_is_for(
    lists: ServiceFamily, tmp_path: Path, client: Client, sign_in: Any, staff: Audience
) -> None:
    assert "2 made, 0 changed, 0 already so, 0 refused" in run(tmp_path, WHOLE, "--write", "--publish")

    moodle, paie = services()["moodle"], services()["paie"]
    assert (moodle.title, moodle.summary, moodle.family) == ("Cours en ligne", "Vos cours.", lists)
    assert moodle.launch_url == "https://cours.test.example/"
    assert moodle.unit.code == paie.unit.code == "DNUM"
    assert {audience.slug for audience in moodle.audiences.all()} == {"etudiants", "personnels"}
    assert (moodle.access, paie.access) == (Access.RECOMMENDED, Access.RESERVED)
    assert titles(client.get("/services/")) == ["Cours en ligne"]
    assert "Bulletins de paie" in titles(sign_in([staff]).get("/services/"))
    assert client.get("/services/paie/").status_code == 404


def test_without_publish_it_is_a_draft_that_a_second_run_publishes(
    lists: ServiceFamily, tmp_path: Path, client: Client
) -> None:
    run(tmp_path, WHOLE, "--write")
    assert not any(page.live for page in services().values())
    assert client.get("/services/moodle/").status_code == 404
    assert "0 made, 0 changed, 2 already so" in run(tmp_path, WHOLE, "--write")

    assert "0 made, 2 changed, 0 already so" in run(tmp_path, WHOLE, "--write", "--publish")
    changed = WHOLE.replace("Vos cours.", "Tous vos cours.")
    assert "0 made, 1 changed, 1 already so" in run(tmp_path, changed, "--write")
    assert services()["moodle"].summary == "Vos cours."
    run(tmp_path, changed, "--write", "--publish")
    assert services()["moodle"].summary == "Tous vos cours."


def test_a_second_run_changes_nothing_and_what_is_no_longer_in_the_file_stays(
    lists: ServiceFamily, tmp_path: Path
) -> None:
    run(tmp_path, WHOLE, "--write", "--publish")
    revisions = services()["moodle"].revisions.count()

    assert "0 made, 0 changed, 2 already so" in run(tmp_path, WHOLE, "--write", "--publish")
    assert services()["moodle"].revisions.count() == revisions
    assert "0 made, 1 changed" in run(tmp_path, "code;title\nmoodle;ARCHE\n", "--write", "--publish")
    found = services()
    assert set(found) == {"moodle", "paie"}
    # A column that the file does not have changes nothing.
    assert (found["moodle"].title, found["moodle"].summary, found["moodle"].family) == ("ARCHE", "Vos cours.", lists)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("x;T;;;javascript:alert(1);;;;;", "url:"),
        ("x;T;;;data:text/html,<script>;;;;;", "url:"),
        ("x;T;;;file:///etc/passwd;;;;;", "url:"),
        ("x;;;;;;;;;", "title:"),
        (";T;;;;;;;;", "code: it is empty"),
        ("a b/c;T;;;;;;;;", "code:"),
        ("../x;T;;;;;;;;", "code:"),
        (f"x;{'T' * 300};;;;;;;;", "title:"),
        ("x;T;;Nulle part;;;;;;", "family: “nulle part” is not known here; known: cours"),
        ("x;T;;;;martiens;;;;", "audiences: “martiens”"),
        ("x;T;;;;;secret;;;", "access: “secret”"),
        ("x;T;;;;;réservé;;;", "audiences: a reserved service needs one"),
        ("x;T;;;;;;NOPE;;", "unit: “nope”"),
        ("x;T;;;;;;;de;", "language: “de”"),
        ("x;T;;;;;;;en;", "language: there is no catalogue"),
        ("x;T\x00;;;;;;;;", "title: there is a character"),
        ("x;T;;;;;;;;;;trop", "there are more cells than columns"),
    ],
)
def test_a_row_that_cannot_be_is_refused_with_its_line_and_the_others_are_written(
    lists: ServiceFamily, tmp_path: Path, row: str, why: str
) -> None:
    said = run(tmp_path, f"{HEAD}\n\n{row}\nbon;Un bon;;;;;;;;\n", "--write", "--publish")

    assert "1 made, 0 changed, 0 already so, 1 refused" in said
    assert f"line 3: {why}" in said
    assert set(services()) == {"bon"}
    assert not Entry.objects.filter(title__startswith="T").exists()


def test_a_line_is_that_of_the_file_even_after_a_cell_of_several(lists: ServiceFamily, tmp_path: Path) -> None:
    said = run(tmp_path, 'code,title,summary\na,A,"une\ndeux\ntrois"\nb,,\na,Encore,\n', "--write")

    assert "line 5: title:" in said
    assert "line 6: code: “a” stands on line 2 already" in said


@pytest.mark.parametrize(
    ("encoding", "separator"), [("utf-8", ";"), ("utf-8-sig", ";"), ("cp1252", ";"), ("utf-16", "\t"), ("utf-8", ",")]
)
def test_files_as_spreadsheets_write_them_are_read(
    lists: ServiceFamily, tmp_path: Path, encoding: str, separator: str
) -> None:
    text = "Code;Title;Summary;\r\nbib;Bibliothèque : l’été;Où aller ?;\r\n;;;\r\n".replace(";", separator)

    assert "1 made" in run(tmp_path, text.encode(encoding), "--write", "--publish")
    assert services()["bib"].title == "Bibliothèque : l’été"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b"title\nA\n", "missing columns: code"),
        (b"code;title;colour\n", "unknown columns: colour"),
        (b"code;title;title\n", "stand twice: title"),
        (b'code;title\na;"b\n', "cannot be read"),
        (b"\x81\x8d\x8f\x90", "no encoding"),
    ],
)
def test_a_file_that_is_no_table_of_services_is_refused_whole(
    lists: ServiceFamily, tmp_path: Path, content: bytes, why: str
) -> None:
    assert why in run(tmp_path, content, "--write")
    assert services() == {}


def test_a_row_in_another_language_is_the_translation_of_its_code(
    lists: ServiceFamily, catalogue: Page, english_home: HomePage, tmp_path: Path
) -> None:
    catalogue.specific.copy_for_translation(english_home.locale).save_revision().publish()
    text = f"{HEAD}\nmoodle;Online courses;Your courses.;;https://cours.test.example/en;;;;en;\n{WHOLE.partition(chr(10))[2]}"

    assert "3 made" in run(tmp_path, text, "--write", "--publish")
    assert "3 already so" in run(tmp_path, text, "--write", "--publish")
    french = ServicePage.objects.get(slug="moodle", locale__language_code="fr")
    english = french.get_translation(english_home.locale)
    assert (english.slug, english.title, english.live) == ("moodle", "Online courses", True)


def test_a_page_that_somebody_is_changing_or_that_is_locked_is_left_alone(
    lists: ServiceFamily, catalogue: Page, tmp_path: Path, django_user_model: Any
) -> None:
    editor = django_user_model.objects.create(username="editor")
    drafted = ServicePageFactory(parent=catalogue, slug="moodle", title="Ancien")
    drafted.title = "Un brouillon"
    drafted.save_revision(user=editor)
    locked = ServicePageFactory(parent=catalogue, slug="paie", title="Verrouillé")
    Page.objects.filter(pk=locked.pk).update(locked=True)

    said = run(tmp_path, WHOLE, "--write", "--publish")

    assert "line 2: somebody is changing this page" in said
    assert "line 3: this page is locked" in said
    assert {page.title for page in services().values()} == {"Ancien", "Verrouillé"}


def test_how_a_service_goes_may_be_said_and_is_said_once(lists: ServiceFamily, tmp_path: Path) -> None:
    text = "code;title;state;state_message\nmoodle;Cours;indisponible;Panne électrique\n"

    assert "state: the service is a draft" in run(tmp_path, text, "--write")
    run(tmp_path, text, "--write", "--publish")
    run(tmp_path, text, "--write", "--publish")
    assert [state.message for state in ServiceState.objects.all()] == ["Panne électrique"]
    run(tmp_path, text.replace("indisponible;Panne électrique", "normal;"), "--write", "--publish")
    assert ServiceState.objects.current_of(services()["moodle"].translation_key) is None
