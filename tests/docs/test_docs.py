"""Documents say what is there: their links lead somewhere, and no variable or command is left out or made up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
SETTINGS = ROOT / "site" / "portal" / "settings"
# A path in backticks: under one of the folders at the root, without a placeholder.
FOLDERS = sorted(path.name for path in ROOT.iterdir() if path.is_dir() and path.name.isidentifier())
CODE_PATH = re.compile(rf"`((?:{'|'.join(FOLDERS)})/[\w./-]*)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
# What a reader of these documents makes, and what is given to a page type that they invent.
NOT_YET = {"staticfiles/", "templates/news/call_page.html"}

each_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))


def anchors(document: Path) -> set[str]:
    """Return the anchors of the headings of `document`, as they are made from Markdown."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def targets(document: Path) -> Iterator[str]:
    """Yield what `document` links to in the repository."""
    for target in LINK.findall(document.read_text(encoding="utf-8")):
        if not target.startswith(("http://", "https://", "mailto:")):
            yield target


@each_document
def test_a_link_leads_to_a_file_and_to_a_heading_in_it(document):
    broken = []
    for target in targets(document):
        name, _, anchor = target.partition("#")
        path = (document.parent / name).resolve() if name else document
        if not path.exists() or (anchor and anchor not in anchors(path)):
            broken.append(target)
    assert not broken


@each_document
def test_a_path_of_the_code_is_there(document):
    named = set(CODE_PATH.findall(document.read_text(encoding="utf-8"))) - NOT_YET
    assert not sorted(path for path in named if not (ROOT / path).exists())


def test_a_document_that_the_code_sends_to_is_there():
    rooms = [path for path in ROOT.iterdir() if path.is_dir() and path.name.isidentifier() and path.name != "docs"]
    sources = [source for room in rooms for source in room.rglob("*.py")]
    named = {name for source in sources for name in re.findall(r"docs/[\w/-]+\.md", source.read_text(encoding="utf-8"))}

    assert named
    assert not sorted(name for name in named if not (ROOT / name).exists())


def variables(*names: str) -> set[str]:
    """Return the environment variables that these settings read."""
    text = "".join((SETTINGS / f"{name}.py").read_text(encoding="utf-8") for name in names)
    return set(re.findall(r"(?:env\.\w+\(|os\.getenv\(|os\.environ\.get\(|os\.environ\[)\s*\"(\w+)\"", text))


def told(text: str) -> set[str]:
    """Return the variables in the first column of a table."""
    rows = re.findall(r"^\| (`[^|]+) \|", text, re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`([A-Z][A-Z0-9_]+)`", row)}


def test_operators_are_told_of_every_variable_and_of_no_other():
    said = {name for page in ("operate", "search") for name in told((ROOT / f"docs/{page}.md").read_text("utf-8"))}
    read = variables("base", "production")

    assert read, "no variable was found in the settings: are they read in another way?"
    assert said - {"DJANGO_SETTINGS_MODULE"} == read


def test_operators_are_told_which_variables_are_required():
    text = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
    said = set(re.findall(r"^\| `(\w+)` \| \*Required\.\*", text, re.MULTILINE))
    production = (SETTINGS / "production.py").read_text(encoding="utf-8")

    assert said == set(re.findall(r"env\.required\(\"(\w+)\"\)", production))


@each_document
def test_a_make_target_exists(document):
    targets_there = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    text = document.read_text(encoding="utf-8")
    named = set(re.findall(r"(?:^|`)make ([a-z][a-z-]*)", text, re.MULTILINE))
    assert named <= targets_there


@each_document
def test_a_management_command_exists(document):
    named = set(re.findall(r"manage\.py ([a-z_]+)", document.read_text(encoding="utf-8")))
    assert named <= set(get_commands())


def test_readme_names_every_persona_and_no_other():
    personas = (ROOT / "home" / "demo" / "personas.toml").read_text(encoding="utf-8")
    known = set(re.findall(r"^\[\[persona\]\]\nsub = \"([^\"]+)\"", personas, re.MULTILINE))
    rows = re.findall(r"^\| `([\w.]+)` \|", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)

    assert set(rows) == known


def test_decisions_are_numbered_without_double_and_stay_short():
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [path.name[:4] for path in decisions]
    long = [path.name for path in decisions if len(path.read_text(encoding="utf-8").splitlines()) > 80]

    assert len(set(numbers)) == len(numbers)
    assert all(re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", path.name) for path in decisions)
    assert not long
