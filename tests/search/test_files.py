"""The text of documents is read in a process apart, found with its document, and never without it."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.core.files.base import ContentFile
from fpdf import FPDF
from wagtail.models import Collection, CollectionViewRestriction

from audience.models import Access, Audience
from search.files import FileText, read_document, text_of
from search.models import EntryText
from tests.factories import PortalDocumentFactory
from tests.search.test_engine import ask, reader_of, titles


def pdf(text: str) -> bytes:
    made = FPDF()
    made.add_page()
    made.set_font("Helvetica", size=12)
    made.multi_cell(0, 10, text)
    return bytes(made.output())


def packed(**parts: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, said in parts.items():
            archive.writestr(name, said)
    return file.getvalue()


def document(name: str, said: bytes, **fields: Any) -> Any:
    made = PortalDocumentFactory(title=name, file=ContentFile(said, name=name), **fields)
    read_document.func(made.pk)
    return made


WORD = '<w:document xmlns:w="x"><w:p><w:r><w:t>La zibe</w:t></w:r><w:r><w:t>line dort.</w:t></w:r></w:p></w:document>'
FILES = {
    "a.pdf": pdf("La zibeline dort."),
    "a.docx": packed(**{"word/document.xml": WORD}),
    "a.pptx": packed(**{"ppt/slides/slide1.xml": WORD.replace("w:document", "w:sld")}),
    "a.xlsx": packed(**{"xl/sharedStrings.xml": "<sst><si><t>La zibeline dort.</t></si></sst>"}),
    "a.odt": packed(**{"content.xml": "<o><p>La <span>zibeline</span> dort.</p></o>"}),
}


@pytest.mark.parametrize("name", FILES)
def test_the_text_of_each_sort_is_found_with_its_document(home: Any, name: str) -> None:
    document(name, FILES[name])

    assert titles("zibeline") == [name]
    assert "<mark>zibeline</mark>" in str(ask("zibeline dort").hits[0].excerpt)  # type: ignore[attr-defined]


BOMB = packed(**{"word/document.xml": "<d>" + " " * 90_000_000 + "</d>"})
HOSTILE = {
    "empty.pdf": b"",
    "not.pdf": b"%PDF-1.7 and then nothing that is one",
    "not.docx": b"PK\x03\x04 no archive",
    "bomb.docx": BOMB,
    "entities.docx": packed(**{"word/document.xml": '<!DOCTYPE d [<!ENTITY a "x">]><d>&a;</d>'}),
    "broken.odt": packed(**{"content.xml": "<o><p>half"}),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_or_broken_file_is_set_aside_with_its_reason(home: Any, name: str) -> None:
    made = document(name, HOSTILE[name])

    assert FileText.objects.get(document=made).error
    assert titles(name.partition(".")[0]) == [name]  # its title is found all the same


def test_the_text_is_for_whom_the_document_is_for(home: Any, staff: Audience) -> None:
    made = document("a.pdf", FILES["a.pdf"])
    made.access = Access.RESERVED
    made.save()
    made.audiences.set([staff])
    assert titles("zibeline") == []
    assert titles("zibeline", reader=reader_of([staff])) == ["a.pdf"]

    folder = Collection.get_first_root_node().add_child(name="Interne")
    inside = document("b.docx", FILES["a.docx"], collection=folder)
    assert titles("zibeline") == ["b.docx"]
    CollectionViewRestriction.objects.create(collection=folder, restriction_type="login")
    assert titles("zibeline") == []
    assert "b.docx" in titles("zibeline", reader=reader_of(signed_in=True))
    inside.delete()
    assert titles("zibeline", reader=reader_of(signed_in=True)) == []


def test_the_text_of_a_replaced_file_is_gone_at_once(home: Any) -> None:
    made = document("a.pdf", FILES["a.pdf"])
    made.file = ContentFile(pdf("Une hermine."), name="b.pdf")
    made.file_hash = ""
    made.save()

    assert titles("zibeline") == []
    read_document.func(made.pk)
    assert titles("hermine") == ["a.pdf"]
    made.title = "Nouveau titre"
    made.save()
    assert EntryText.objects.get(entry__title="Nouveau titre").file_text == "Une hermine."


def test_a_reader_that_does_not_end_is_stopped(home: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    from search import files

    endless = tmp_path / "endless.py"
    endless.write_text("while True: pass")
    monkeypatch.setattr(files, "READER", endless)
    monkeypatch.setattr(files, "SECONDS", 0.5)

    assert "time" in text_of(PortalDocumentFactory(file=ContentFile(b"x", name="x.pdf")))["error"]
