"""Fill an empty, migrated database with the sheets of a collection, as published pages open to all. Prints JSON.

    python -m bench.sheets FOLDER

FOLDER is what bench.relevance takes. Pages and entries are written in bulk, as bench.seed does.
"""

from __future__ import annotations

import argparse
import html
import json
import random
import sys
from pathlib import Path
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import transaction  # noqa: E402
from django.utils import timezone, translation  # noqa: E402
from wagtail.models import Page  # noqa: E402

from audience.version import touch  # noqa: E402
from bench import people  # noqa: E402
from bench.plan import Tree  # noqa: E402
from bench.relevance import sheets  # noqa: E402
from bench.seed import Pool, Writer, batches, compare, homes, index_pages, index_text  # noqa: E402
from content.models import StandardPage  # noqa: E402
from content.text import body_text, heading_text  # noqa: E402
from search.models import Entry  # noqa: E402

BELOW_ONE = 100  # sheets below one page


def body_of(sheet: dict[str, Any]) -> tuple[str, str, str]:
    """Return what the sheet says as a page's body: as stored, its headings, its text."""
    blocks = [{"type": "heading", "value": {"text": heading[:250]}} for heading in sheet["headings"]]
    said = "".join(f"<p>{html.escape(line)}</p>" for line in sheet["body"].splitlines() if line.strip())
    blocks.append({"type": "text", "value": said})  # type: ignore[dict-item]
    raw = json.dumps(blocks)
    stream = StandardPage._meta.get_field("body").to_python(raw)
    return raw, heading_text(stream), body_text(stream)


def seed(folder: Path) -> dict[str, Any]:
    """Write the sheets; return how many entries there are."""
    rng = random.Random(7)
    with transaction.atomic():
        house = people.found_house()
        writer, above = Writer(Pool(rng, house, 1000)), homes()
        tree = Tree(above, size=0, rng=rng, units=len(house.units), combinations=1)
        parent = None
        for number, sheet in enumerate(sheets(folder)):
            if number % BELOW_ONE == 0:
                parent = tree.add(StandardPage, above["fr"], title=f"Fiches {number}", slug=f"fiches-{number}")
            sketch = tree.add(StandardPage, parent, title=sheet["title"][:250], slug=f"fiche-{number}")  # type: ignore[arg-type]
            sketch.own = {"summary": (sheet["description"] or "")[:300]}
            sketch.body = body_of(sheet)  # type: ignore[assignment]  # drawn already
        for some in batches(tree.sketches):
            writer.pages(some)
        for some in batches(tree.sketches):
            writer.entries(some)
        for home in above.values():
            Page.objects.filter(pk=home.pk).update(numchild=home.children)
        index_text([sketch.entry for sketch in tree.sketches])
        index_pages()
        touch()
    compare([sketch.pk for sketch in rng.sample(tree.sketches, 3)])
    return {"entries": Entry.objects.count()}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    given = parser.parse_args()
    timezone.activate(settings.TIME_ZONE)
    translation.activate(settings.LANGUAGE_CODE)
    json.dump(seed(given.folder), sys.stdout)
