"""The icons of the portal: the picture that the institution gave, or an arch in its accent colour."""

from __future__ import annotations

import logging
import re
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from PIL import Image, ImageDraw

from content.accent import Accent, toned

log = logging.getLogger(__name__)

OWN_ACCENT, WHITE = "#0b5a4d", "#ffffff"
# By name: the side in pixels, the ground ("" is none), and the share of the side that the drawing takes.
SIZES = {"32": 32, "192": 192, "512": 512, "maskable": 512, "apple": 180}
FRONT = Path(settings.BASE_DIR) / "static" / "img" / "front.svg"
PAINTED = re.compile(r"#(?!e3a63c)[0-9a-f]{6}")
FINER = 4  # drawn so many times larger, then reduced: smooth edges
TALL, WIDE = 42, 38  # of the arch, in its own units (static/favicon.svg)
ARCH = "M0 42V19a19 19 0 0 1 38 0v23z"
DOOR = "M7 42V20a12 12 0 0 1 24 0v22h-3V20a9 9 0 0 0-18 0v22zM14 42V21a5 5 0 0 1 10 0v21z"


def svg(accent: str, dark: str = "") -> str:
    """Return the arch as a drawing, for tabs of browsers: it follows the theme."""
    colours = Accent.of(accent or OWN_ACCENT, dark)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-2 0 42 42">'
        f"<style>@media (prefers-color-scheme:dark){{.arch{{fill:{colours.dark}}}}}</style>"
        f'<path class="arch" fill="{colours.light}" d="{ARCH}"/><path fill="#fff" d="{DOOR}"/></svg>'
    )


@lru_cache(maxsize=4)
def front(accent: str) -> str:
    """Return the picture of the public home in the colours of `accent`; the warm one of it stays."""
    drawn = FRONT.read_text(encoding="utf-8")
    return PAINTED.sub(lambda found: toned(found[0], own=OWN_ACCENT, accent=accent), drawn)


@lru_cache(maxsize=32)
def png(name: str, *, given: str, accent: str) -> bytes:
    """Return the icon `name` of SIZES; `given` is the stored picture, empty for the arch."""
    side = SIZES[name]
    full = name in {"maskable", "apple"}  # what the telephone cuts to its own shape has no see-through corner
    picture = _stored(given) if given else None
    if picture is None:
        colours = Accent.of(accent or OWN_ACCENT)
        ground, ink, hole = (colours.light, WHITE, colours.light) if full else ("", colours.light, WHITE)
        picture = _arch(side, ground, ink, hole, share=0.56 if full else 1.0)
    elif full:
        inside = round(side * (0.72 if name == "maskable" else 0.86))
        page = Image.new("RGBA", (side, side), WHITE)
        smaller = picture.resize((inside, inside), Image.Resampling.LANCZOS)
        page.alpha_composite(smaller, ((side - inside) // 2, (side - inside) // 2))
        picture = page
    made = BytesIO()
    picture.resize((side, side), Image.Resampling.LANCZOS).save(made, "PNG", optimize=True)
    return made.getvalue()


def _stored(name: str) -> Image.Image | None:
    try:
        with default_storage.open(name) as file:
            return Image.open(file, formats=("PNG",)).convert("RGBA")
    except (OSError, ValueError):
        log.warning("icon away: %s", name)
        return None


def _arch(side: int, ground: str, ink: str, hole: str, *, share: float) -> Image.Image:
    """Draw the arch, as tall as this share of the side, in the middle or standing at the foot."""
    whole = side * FINER
    unit = whole * share / TALL
    left, top = (whole - WIDE * unit) / 2, (whole - TALL * unit) / 2
    page = Image.new("RGBA", (whole, whole), ground or (0, 0, 0, 0))
    draw = ImageDraw.Draw(page)

    def vault(x: float, y: float, width: float, colour: str) -> None:
        """Draw an opening with a round top, from `y` down to the foot."""
        radius = width / 2
        box = [left + x * unit, top + y * unit, left + (x + width) * unit, top + (y + width) * unit]
        draw.pieslice(box, 180, 360, fill=colour)
        draw.rectangle([box[0], top + (y + radius) * unit, box[2], top + TALL * unit], fill=colour)

    for x, y, width, colour in ((0, 0, 38, ink), (7, 8, 24, hole), (10, 11, 18, ink), (14, 16, 10, hole)):
        vault(x, y, width, colour)
    return page
