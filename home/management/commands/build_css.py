"""Write the one stylesheet that pages link, from the sources of static/css."""

import os
import re
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

CSS = Path(__file__).resolve().parents[3] / "static" / "css"
LAYERS = ("tokens", "base", "layout", "components", "print")

# Strings and addresses are kept as they are. A space means nothing beside {};,; elsewhere it may (calc, selectors).
_PIECE = re.compile(r"""(?P<comment>/\*.*?\*/)|(?P<kept>"[^"\n]*"|'[^'\n]*'|url\([^)]*\))|(?P<space>\s+)""", re.DOTALL)
_LOOSE = re.compile(r"\s*([{};,])\s*")
_LINK = re.compile(r"""url\("(\.[^"]+)"\)""")
_COLON = re.compile(r"([\w-]:)\s+")


def squeeze(css: str) -> str:
    """Return `css` without comments, needless white space, or a semicolon before a closing brace."""
    kept: list[str] = []

    def stand_in(piece: re.Match[str]) -> str:
        if piece["kept"]:
            kept.append(piece["kept"])
            return f"\0{len(kept) - 1}\0"
        return " "

    bare = _PIECE.sub(stand_in, css)
    bare = re.sub(r" +", " ", bare)
    bare = _COLON.sub(r"\1", _LOOSE.sub(r"\1", bare)).replace(";}", "}").strip()
    return re.sub("\0(\\d+)\0", lambda number: kept[int(number[1])], bare)


def read(source: Path) -> str:
    """Return a source squeezed, what it links to being told as seen from the one stylesheet."""

    def from_here(link: re.Match[str]) -> str:
        return f'url("{os.path.relpath(source.parent / link[1], CSS)}")'

    return _LINK.sub(from_here, squeeze(source.read_text(encoding="utf-8")))


def sources(layer: str) -> list[Path]:
    """Return the files of `layer`, in the order in which they are read."""
    return sorted((CSS / layer).glob("*.css")) if layer == "components" else [CSS / f"{layer}.css"]


def stylesheet() -> str:
    """Return the whole stylesheet: the order of the layers, then each layer."""
    parts = [f"@layer {','.join(LAYERS)};"]
    for layer in LAYERS:
        rules = "".join(read(source) for source in sources(layer))
        parts.append(f"@layer {layer}{{{rules}}}")
    return "\n".join(parts) + "\n"


class Command(BaseCommand):
    help = "Write static/css/portal.css from its sources, or say with --check whether it is out of date."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="write nothing; fail when the stylesheet is out of date"
        )

    def handle(self, *args: Any, check: bool = False, **options: Any) -> None:
        target, wanted = CSS / "portal.css", stylesheet()
        if check:
            if not target.exists() or target.read_text(encoding="utf-8") != wanted:
                raise CommandError("static/css/portal.css is out of date: run manage.py build_css")
            return
        target.write_text(wanted, encoding="utf-8")
        self.stdout.write(f"static/css/portal.css: {len(wanted.encode()) / 1024:.1f} kB")
