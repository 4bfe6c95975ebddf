"""What the files of the demonstration say can be loaded: every type of block, every name they refer to."""

from __future__ import annotations

import re
import zlib
from pathlib import Path
from typing import Any

import pytest

from audience.models import Access
from content.blocks import BodyBlock
from content.models import PortalDocument, StandardPage
from content.text import body_text
from directory.models import Unit
from home.demonstration import bodies, documents, files
from home.demonstration.bodies import Known, UnknownReferenceError
from home.demonstration.documents import as_pdf, load_documents
from home.demonstration.pages import INDEXES
from search.models import Entry

KINDS = ("news", "announcement", "event", "guidance", "service", "page", "section")
KNOWN = Known({"aide": 1, "moodle": 2}, {"reglement": 3}, {"SCO": 4}, draw=lambda item: 5)
WRITTEN: list[dict[str, Any]] = [
    {"type": "text", "html": '<p><a href="page:aide">L’aide</a>, <a href="document:reglement">le règlement</a>.</p>'},
    {"type": "heading", "text": "Partie"},
    {"type": "heading", "text": "Dedans", "level": 3},
    {"type": "callout", "tone": "info", "title": "À savoir", "html": "<p>Oui.</p>"},
    {"type": "quote", "text": "Bonjour", "source": "Amina"},
    {"type": "code", "language": "Shell", "text": "\nls\n"},
    {"type": "steps", "items": [{"title": "Lire", "html": "<p>Bien.</p>", "link": "page:aide"}]},
    {"type": "accordion", "items": [{"title": "Où ?", "html": "<p>Ici.</p>"}]},
    {"type": "table", "caption": "Droits", "header": ["A", "B"], "rows": [["un", '<a href="page:aide">aide</a>']]},
    {"type": "image", "slug": "campus", "alternative": "Le campus", "caption": "Au nord"},
    {"type": "gallery", "items": [{"slug": "campus", "alternative": "", "caption": ""}, {"slug": "parvis"}]},
    {"type": "video", "url": "https://pod.valmont.example/video/1", "title": "Visite"},
    {"type": "pages", "slugs": ["aide"]},
    {"type": "documents", "slugs": ["reglement"]},
    {"type": "service", "slug": "moodle"},
    {"type": "contact", "unit": "SCO"},
    {"type": "contact", "name": "Accueil", "role": "Notes", "place": "A1", "hours": "9 h", "phone": "1", "email": ""},
    {"type": "dates", "title": "Calendrier", "items": [{"label": "Clôture", "in_days": 12, "time": "17:00"}]},
    {"type": "figures", "items": [{"value": "1 400", "label": "places de travail"}]},
    {"type": "map", "title": "Présidence", "address": "Valmont", "latitude": 48.85, "longitude": 2.35},
    *({"type": name} for name in ("legal", "cookies", "accessibility", "changes")),
]  # fmt: skip


def stream() -> Any:
    return StandardPage._meta.get_field("body").stream_block


def test_every_type_of_block_can_be_written_in_the_files() -> None:
    assert {block["type"] for block in WRITTEN} == set(BodyBlock().child_blocks)


@pytest.mark.django_db
def test_what_is_written_is_what_the_blocks_take() -> None:
    Unit.objects.create(pk=4, code="SCO", name="Scolarité")
    value = stream().to_python(bodies.blocks(WRITTEN, KNOWN))

    assert [child.block_type for child in value] == [block["type"] for block in WRITTEN]
    by_type = {child.block_type: child.value for child in value}
    assert '<a linktype="page" id="1">' in value[0].value.source
    assert '<a linktype="document" id="3">' in value[0].value.source
    assert (value[1].value["level"], value[2].value["level"]) == ("2", "3")
    assert list(value.raw_data)[6]["value"]["items"][0]["page"] == 1
    assert [column["block"].name for column in by_type["table"]["table"].columns] == ["text", "prose"]
    assert by_type["dates"]["items"][0]["starts_on"] >= files.day(12)
    assert by_type["dates"]["items"][0]["starts_on"].weekday() < 5
    assert by_type["dates"]["items"][0]["starts_at"].hour == 17
    assert "places de travail" in body_text(value)
    for child in value:
        if child.block_type not in {"image", "gallery", "pages", "documents", "service"}:  # of what is not there
            child.block.clean(child.value)


@pytest.mark.parametrize(
    "block",
    [
        {"type": "text", "html": '<p><a href="page:nulle-part">x</a></p>'},
        {"type": "text", "html": '<p><a href="document:nulle-part">x</a></p>'},
        {"type": "pages", "slugs": ["nulle-part"]},
        {"type": "documents", "slugs": ["nulle-part"]},
        {"type": "service", "slug": "nulle-part"},
        {"type": "contact", "unit": "XXX"},
        {"type": "steps", "items": [{"title": "a", "html": "", "link": "page:nulle-part"}]},
        {"type": "table", "caption": "", "header": ["a"], "rows": [['<a href="page:nulle-part">x</a>']]},
    ],
)
def test_a_name_that_no_file_has_is_an_error(block: dict[str, Any]) -> None:
    with pytest.raises(UnknownReferenceError):
        bodies.blocks([block], KNOWN)


def test_a_type_of_block_that_there_is_not_is_an_error() -> None:
    with pytest.raises(ValueError, match="unknown type"):
        bodies.blocks([{"type": "carousel"}], KNOWN)


def named(language: str) -> list[dict[str, Any]]:
    """Return all pages of a language, those within sections too."""
    tops = [item for kind in KINDS for item in files.read("*.toml", kind, language=language)]
    return [*tops, *(sub for item in tops for sub in item.get("pages", []))]


def test_every_file_refers_to_what_there_is() -> None:
    """Without a database: the ids are numbers of a list."""
    languages = ["fr", *(folder.name for folder in files.FOLDER.iterdir() if folder.is_dir())]
    pages = {language: named(language) for language in languages}
    slugs = {item["slug"] for items in pages.values() for item in items} | {slug for _n, _m, slug, *_ in INDEXES}
    found = [item for language in languages for item in files.read("documents*.toml", "document", language=language)]
    names = {"units": "unit", "audiences": "audience"}
    codes, audiences = (
        {item["code" if pattern == "units" else "slug"] for item in files.read(f"{pattern}.toml", key)}
        for pattern, key in names.items()
    )
    known = Known(
        dict.fromkeys(slugs, 1), {item["slug"]: 1 for item in found}, dict.fromkeys(codes, 1), draw=lambda item: 1
    )

    wrong: list[str] = []
    for item in [one for items in pages.values() for one in items]:
        for block in item.get("body", []):
            try:
                bodies.blocks([block], known)
            except (LookupError, ValueError) as error:
                wrong.append(f"{item['slug']}: {error!r}")
        try:
            bodies.steps(item.get("steps", []), known)
        except LookupError as error:
            wrong.append(f"{item['slug']}: {error!r}")
        if item.get("translates", item["slug"]) not in slugs:
            wrong.append(f"{item['slug']}: no page to translate")
    for item in [*found, *(one for items in pages.values() for one in items)]:
        wrong += [f"{item['slug']}: no audience {one!r}" for one in item.get("audiences", []) if one not in audiences]
        wrong += [
            f"{item['slug']}: no unit {item['unit']!r}" for _ in [0] if item.get("unit") and item["unit"] not in codes
        ]
    assert wrong == []


# Documents

DOCUMENT = {
    "slug": "reglement",
    "title": "Règlement des études",
    "summary": "L’œuvre de l’année : ce qu’il faut savoir – en bref.",
    "unit": "SCO",
    "audiences": [],
    "sections": [
        {"heading": "1. Où et quand", "paragraphs": ["Coût : 12\u202f€. Cœur « à l’œuvre », n° 2 – Ÿ ï ç à."]},
        {"heading": "2. " + "Très long " * 20, "paragraphs": ["Un paragraphe. " * 300]},
    ],
}  # fmt: skip


def text_of(pdf: bytes) -> str:
    """Return the text of the first page, as PDF readers copy it: uncompressed streams of windows-1252 bytes."""
    text = b""
    for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            page = zlib.decompress(packed)
        except zlib.error:
            continue
        text += b" ".join(re.findall(rb"\((.*?)(?<!\\)\)", page, re.DOTALL)) + b" "
    return text.replace(b"\\(", b"(").replace(b"\\)", b")").decode("windows-1252")


def test_a_document_becomes_a_file_whose_french_can_be_read() -> None:
    pdf = as_pdf(DOCUMENT, author="Scolarité centrale")

    assert pdf.startswith(b"%PDF-")
    assert b"/WinAnsiEncoding" in pdf
    assert b"/Lang" in pdf
    text = " ".join(text_of(pdf).split())
    for words in ("Règlement des études", "L’œuvre de l’année : ce qu’il faut savoir – en bref.", "Coût : 12 €."):
        assert words in text, text[:400]
    assert "Cœur « à l’œuvre », n° 2 – Ÿ ï ç à." in text


@pytest.mark.django_db
def test_documents_are_loaded_once_with_their_readers(
    monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path, staff: Any
) -> None:
    settings.PRIVATE_ROOT = tmp_path
    items = [DOCUMENT, {**DOCUMENT, "slug": "note", "title": "Note", "audiences": ["personnels"], "access": "reserved"}]
    monkeypatch.setattr(documents, "read", lambda *args: items)
    known = {"units": {"SCO": Unit.objects.create(code="SCO", name="Scolarité")}, "audiences": {"personnels": staff}}
    first: dict[str, int] = {}
    again: dict[str, int] = {}

    assert list(load_documents(first, **known)) == ["Règlement des études", "Note"]
    PortalDocument.objects.filter(pk=first["note"]).update(title="Renommée")
    list(load_documents(again, **known))

    assert first == again
    assert PortalDocument.objects.count() == 2
    note = PortalDocument.objects.get(pk=first["note"])
    assert (note.title, note.access, list(note.audiences.all())) == ("Renommée", Access.RESERVED, [staff])
    assert note.file.read(5) == b"%PDF-"
    entry = Entry.objects.get(object_id=first["note"], kind="document")
    assert entry.is_reserved
    assert entry.extra["size"] == note.file.size > 1_000
    assert not Entry.objects.get(object_id=first["reglement"], kind="document").is_reserved
