"""Write the drawings that templates use: the sprite of icons, and the paving of the public front."""

from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

from django.core.management.base import BaseCommand, CommandError, CommandParser

from content.icons import NAMES
from home.illustrate import illustrate

STATIC = Path(__file__).resolve().parents[3] / "static"
SVG = "{http://www.w3.org/2000/svg}"


def symbol(name: str, drawing: bytes) -> str:
    """Return the icon `name` as a symbol: its shapes alone, since the stylesheet says how they are stroked."""
    shapes = []
    for shape in ElementTree.fromstring(drawing):  # noqa: S314  # from a pinned package, not from a reader
        attributes = "".join(f' {key}="{value}"' for key, value in shape.attrib.items())
        shapes.append(f"<{shape.tag.removeprefix(SVG)}{attributes}/>")
    return f'<symbol id="{name}" viewBox="0 0 24 24">{"".join(shapes)}</symbol>'


def sprite() -> str:
    """Return the sprite of every icon of the portal. Raises CommandError for a name that lucide does not have."""
    with ZipFile(BytesIO(files("lucide").joinpath("lucide.zip").read_bytes())) as drawings:
        known = set(drawings.namelist())
        unknown = [name for name in NAMES if f"{name}.svg" not in known]
        if unknown:
            raise CommandError(f"lucide has no icon named {', '.join(unknown)}")
        symbols = [symbol(name, drawings.read(f"{name}.svg")) for name in NAMES]
    return "\n".join(['<svg xmlns="http://www.w3.org/2000/svg">', *symbols, "</svg>", ""])


class Command(BaseCommand):
    help = "Write static/icons.svg and static/img/front.svg, or say with --check whether they are out of date."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail when a drawing is out of date")

    def handle(self, *args: Any, check: bool = False, **options: Any) -> None:
        wanted = {
            STATIC / "icons.svg": sprite(),
            STATIC / "img" / "front.svg": illustrate("UNI", "accueil", 5, 6) + "\n",
        }
        for target, drawing in wanted.items():
            if check:
                if not target.exists() or target.read_text(encoding="utf-8") != drawing:
                    raise CommandError(f"{target.name} is out of date: run manage.py build_icons")
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(drawing, encoding="utf-8")
            self.stdout.write(f"{target.relative_to(STATIC.parent)}: {len(drawing.encode()) / 1024:.1f} kB")
