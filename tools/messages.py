"""Collect the texts to translate, complete the English catalogue, compile all. `--check` says what is missing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
# A folder of locale/ is a language: `manage.py makemessages --locale de` makes one more.
CATALOGUES = {path.parts[-3]: path for path in sorted(ROOT.glob("locale/*/LC_MESSAGES/django.po"))}
# French counts zero with one. A language whose plurals are neither way says so here.
PLURALS = {"fr": "nplurals=2; plural=(n > 1);"}
TWO_PLURALS = "nplurals=2; plural=(n != 1);"
IGNORED = (".venv", ".demo", "tests", "bench", "tools", "node_modules", "staticfiles")


def collect() -> None:
    """Bring the catalogues in line with the code; English says what the code says."""
    ignored = [word for folder in IGNORED for word in ("--ignore", folder)]
    command = [sys.executable, "manage.py", "makemessages", "--no-obsolete", "--no-location", *ignored]
    for code in CATALOGUES:
        subprocess.run([*command, "--locale", code], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    for code, path in CATALOGUES.items():
        catalogue = polib.pofile(str(path), wrapwidth=118)
        if code == "en":
            _say_what_the_code_says(catalogue)
        catalogue.metadata["Plural-Forms"] = PLURALS.get(code, TWO_PLURALS)
        catalogue.save()


def _say_what_the_code_says(english: polib.POFile) -> None:
    for entry in english:
        entry.msgstr = "" if entry.msgid_plural else entry.msgid
        if entry.msgid_plural:
            entry.msgstr_plural = {0: entry.msgid, 1: entry.msgid_plural}
        entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]


def untranslated(path: Path) -> list[str]:
    return [entry.msgid for entry in polib.pofile(str(path)) if not entry.translated() or entry.fuzzy]


def compiled(path: Path) -> bytes:
    return bytes(polib.pofile(str(path)).to_binary())


def check() -> int:
    """Return how much is wrong: texts without translation, catalogues older than the code or not compiled."""
    before = {code: path.read_text(encoding="utf-8") for code, path in CATALOGUES.items()}
    missing: list[str] = []
    try:
        collect()
        for code, path in CATALOGUES.items():
            missing += [f"{code}: not translated: {text!r}" for text in untranslated(path)]
            if path.with_suffix(".mo").read_bytes() != compiled(path):
                missing.append(f"{code}: not compiled; run make messages")
    finally:
        for code, path in CATALOGUES.items():
            path.write_text(before[code], encoding="utf-8")
    print("\n".join(missing) or "All texts are translated.")
    return len(missing)


def main() -> None:
    if "--check" in sys.argv:
        sys.exit(1 if check() else 0)
    collect()
    for code, path in CATALOGUES.items():
        path.with_suffix(".mo").write_bytes(compiled(path))
        for text in untranslated(path):
            print(f"{code}: not translated: {text!r}")


if __name__ == "__main__":
    main()
