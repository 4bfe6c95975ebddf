"""The documents of the demonstration: their text becomes PDF files, in a collection of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.core.files.base import ContentFile
from wagtail.models import Collection

from audience.models import Access, Audience
from content.models import PortalDocument
from directory.models import Unit
from home.demonstration.files import Item, read

COLLECTION = "Documents de l’université"
ENCODING = "windows-1252"  # of the fonts every PDF reader has: all of French, œ, ’ and – among it
REPLACED = str.maketrans(
    {"\u202f": "\u00a0", "\u2011": "-", "\u2212": "–", "→": ":", "≥": "au moins ", "≤": "au plus "}
)


def load_documents(
    documents: dict[str, int], *, units: Mapping[str, Unit], audiences: Mapping[str, Audience]
) -> Iterator[str]:
    """Make the documents that are missing, and note the ids of all in `documents`, by slug; yields each title."""
    root = Collection.get_first_root_node()
    collection = root.get_children().filter(name=COLLECTION).first() or root.add_child(name=COLLECTION)
    for item in read("documents*.toml", "document"):
        slug = item["slug"]
        # Storage may have put letters after the name, if a file was left there by another database.
        kept = PortalDocument.objects.filter(file__regex=rf"^documents/{re.escape(slug)}(_\w+)?\.pdf$").first()
        documents[slug] = kept.pk if kept else _make(item, collection, units, audiences).pk
        yield item["title"]


def _make(
    item: Item, collection: Collection, units: Mapping[str, Unit], audiences: Mapping[str, Audience]
) -> PortalDocument:
    unit = units[item["unit"]] if item.get("unit") else None
    # Reserved for nobody until its audiences are written.
    document = PortalDocument(title=item["title"], collection=collection, unit=unit, access=Access.RESERVED)
    document.language = item.get("language", "fr")
    document.file.save(f"{item['slug']}.pdf", ContentFile(as_pdf(item, author=unit.name if unit else "")), save=False)
    document.file_size = document.file.size
    document.save()
    document.audiences.set([audiences[slug] for slug in item.get("audiences", [])])
    document.access = Access(item.get("access", "recommended"))
    document.save()
    return document


def as_pdf(item: Item, *, author: str = "") -> bytes:
    """Return a document of the files as PDF: its title, its summary, its sections, each with a bookmark."""
    from fpdf import FPDF  # only the demonstration needs it: it is not among what production installs

    def plain(text: str) -> str:
        return text.translate(REPLACED).encode(ENCODING, "replace").decode(ENCODING)

    class Paper(FPDF):
        def footer(self) -> None:
            self.set_y(-15)
            self.set_font("helvetica", size=8)
            self.cell(0, 5, plain(f"{item['title']} · {self.page_no()}/{{nb}}"), align="C")

    paper = Paper(format="A4")
    paper.core_fonts_encoding = ENCODING
    paper.set_title(plain(item["title"]))
    paper.set_author(plain(author))
    paper.set_lang(item.get("language", "fr"))
    paper.set_margins(25, 22)
    paper.set_auto_page_break(True, margin=25)
    paper.add_page()

    def write(text: str, *, size: float, style: Any = "", after: float = 2) -> None:
        paper.set_font("times" if not style else "helvetica", style=style, size=size)
        paper.multi_cell(0, size * 0.48, plain(text), align="L", new_x="LMARGIN", new_y="NEXT")
        paper.ln(after)

    write(item["title"], size=20, style="B")
    write(" · ".join(part for part in (author, item.get("summary", "")) if part), size=10, style="I", after=6)
    for section in item.get("sections", []):
        paper.start_section(plain(section["heading"]))
        write(section["heading"], size=13, style="B", after=1)
        for paragraph in section["paragraphs"]:
            write(paragraph, size=11)
        paper.ln(2)
    return bytes(paper.output())
