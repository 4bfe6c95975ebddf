"""The editors' guide, docs/edit.md, as screens of the admin: one for each of its parts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify

SOURCE = settings.BASE_DIR / "docs" / "edit.md"
LANGUAGE = "fr"
# The part of the guide that each type of page sends to; the others send to what every page has.
PARTS = {
    "newspage": "actualites",
    "newsindexpage": "actualites",
    "eventpage": "agenda",
    "agendapage": "agenda",
    "guidancepage": "guides",
    "guidanceindexpage": "guides",
    "servicepage": "services",
    "cataloguepage": "services",
}
EVERY_PAGE, AUDIENCES, TRANSLATING = "ce-que-toute-page-porte", "pour-qui-les-publics", "traduire"


@dataclass(frozen=True)
class Part:
    """A part of the guide; `html` is safe, made from the project's own file."""

    slug: str
    title: str
    html: SafeString


def parts() -> list[Part]:
    """Return the parts of the guide in their order; none when its file is not there."""
    try:
        return _parts(SOURCE.read_text(encoding="utf-8"))
    except OSError:
        return []


@lru_cache(maxsize=1)
def _parts(text: str) -> list[Part]:
    found = []
    for chunk in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        title, _, body = chunk.partition("\n")
        found.append(Part(slugify(title), title.strip(), mark_safe("\n".join(_blocks(body)))))  # noqa: S308  # escaped
    return found


def part_for(model_name: str) -> str:
    """Return the slug of the part that speaks of a type of page."""
    return PARTS.get(model_name, EVERY_PAGE)


def _blocks(body: str) -> Iterator[str]:
    """Yield HTML for what the guide is written with: headings, paragraphs, lists, quotations and tables."""
    for block in re.split(r"\n\s*\n", body.strip()):
        lines = block.splitlines()
        first = lines[0]
        if first.startswith("### "):
            yield f"<h2>{_inline(first[4:])}</h2>"
            lines = lines[1:]
        if not lines:
            continue
        if first.startswith("|"):
            yield _table(lines)
        elif first.startswith(">"):
            yield f"<blockquote><p>{_inline(' '.join(line.lstrip('> ') for line in lines))}</p></blockquote>"
        elif re.match(r"[-*] |\d+\. ", first):
            yield from _list(lines)
        else:
            yield f"<p>{_inline(' '.join(lines))}</p>"


def _list(lines: list[str]) -> Iterator[str]:
    """Yield a list; a line that begins otherwise goes on with the item before it."""
    items: list[str] = []
    for line in lines:
        marked = re.match(r"(?:[-*]|\d+\.) (.*)", line)
        if marked:
            items.append(marked[1])
        else:
            items[-1] += f" {line.strip()}"
    tag = "ol" if lines[0][0].isdigit() else "ul"
    yield f"<{tag}>{''.join(f'<li>{_inline(item)}</li>' for item in items)}</{tag}>"


def _table(lines: list[str]) -> str:
    rows = [[_inline(cell.strip()) for cell in line.strip("| ").split("|")] for line in lines]
    head = "".join(f'<th scope="col">{cell}</th>' for cell in rows[0])
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows[2:])
    return f'<table class="listing"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _inline(text: str) -> str:
    """Return one run of text as HTML: bold, italic, code; of a link, its words."""
    text = escape(text)
    text = re.sub(r"`([^`]+)`", r"<code>\1</code>", text)
    text = re.sub(r"\*\*([^*]+)\*\*", r"<b>\1</b>", text)
    text = re.sub(r"(?<!\*)\*([^*]+)\*(?!\*)", r"<i>\1</i>", text)
    return re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", text)
