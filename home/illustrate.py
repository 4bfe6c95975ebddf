"""Draw the portal's illustrations: paving of arches, discs and steps, seeded by a unit's code and a slug.

The same code and slug always give the same drawing, as SVG text or, since an image library keeps pixels, as PNG.
Faculties wear the colours of French academic dress; a code that is not known here borrows a palette, always the same.
"""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from zlib import crc32

from PIL import Image, ImageDraw

SIDE = 100  # of a square, in units of the drawing
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Palette:
    """Five colours, from the ground to the rare spark."""

    ground: str
    soft: str
    main: str
    deep: str
    spark: str


PALETTES = {
    "U01": Palette("#f3e6e4", "#e3b3bf", "#9b2a55", "#4a1230", "#e3a63c"),  # sciences: amarante
    "U02": Palette("#f8f0d8", "#f0d58a", "#dda81f", "#5d4108", "#1d5a50"),  # lettres: jonquille
    "U03": Palette("#f8e7df", "#efb7a3", "#c23a22", "#5f1710", "#27485a"),  # droit: écarlate
    "U04": Palette("#f6e4e6", "#e7a6b0", "#b3203f", "#42102a", "#5fa39a"),  # santé: groseille
    "I10": Palette("#e6edf0", "#a9c5d1", "#2b6a86", "#123a4d", "#e08b3a"),
    "E20": Palette("#e9eaee", "#b4bccd", "#46598c", "#1e2a4a", "#d9b23c"),
    "I11": Palette("#eaf0e2", "#bcd3a3", "#5c8a3a", "#2b4719", "#d5643a"),
    "BU": Palette("#f3ebdf", "#d9bd97", "#9a6233", "#47290f", "#2e6f68"),
    "UNI": Palette("#e7eeea", "#a9cbbf", "#1c6a5c", "#0b3a33", "#e3a63c"),
    "VIE": Palette("#f6ebe1", "#f0bf98", "#d8743a", "#5a2a16", "#1f6a70"),
}
MOTIFS = {
    "U01": ("arc", "arc", "quarter", "dot", "quarter"),
    "U02": ("arch", "stripes", "arch", "quarter", "stripes"),
    "U03": ("steps", "arch", "steps", "triangle", "stripes"),
    "U04": ("petal", "petal", "dot", "quarter"),
    "I10": ("triangle", "steps", "quarter", "triangle"),
    "E20": ("stripes", "arc", "triangle", "quarter"),
    "I11": ("petal", "quarter", "dot", "arch"),
    "BU": ("stripes", "arch", "stripes", "quarter"),
    "UNI": ("arch", "quarter", "steps", "arch"),
    "VIE": ("dot", "quarter", "petal", "arc"),
}
HEROES = {
    "U01": ("orbit", "disc", "orbit"),
    "U02": ("portal", "disc"),
    "U03": ("portal", "hill"),
    "U04": ("flower", "disc"),
    "I10": ("hill", "orbit"),
    "E20": ("orbit", "disc", "orbit"),
    "I11": ("flower", "hill"),
    "BU": ("portal", "disc"),
    "UNI": ("portal", "sun", "hill"),
    "VIE": ("sun", "disc", "flower"),
}


@dataclass(frozen=True, slots=True)
class Shape:
    """A filled outline: `path` for SVG, and the same as a polygon for pixels."""

    fill: str
    path: str
    points: tuple[Point, ...]


def _turn(cx: float, cy: float, radius: float, start: float, end: float) -> list[Point]:
    """Return points along a circle from `start` to `end`, in degrees, clockwise from the right as screens count."""
    count = max(8, int(abs(end - start) / 4))
    angles = [math.radians(start + (end - start) * i / count) for i in range(count + 1)]
    return [(cx + radius * math.cos(a), cy + radius * math.sin(a)) for a in angles]


def _rect(x: float, y: float, w: float, h: float, fill: str) -> Shape:
    return Shape(fill, f"M{x:g} {y:g}h{w:g}v{h:g}h-{w:g}z", ((x, y), (x + w, y), (x + w, y + h), (x, y + h)))


def _quarter(x: float, y: float, s: float, corner: int, fill: str) -> Shape:
    """Return a quarter of a disc in the square at (x, y): its centre is one of the corners, counted clockwise."""
    cx, cy = ((x, y), (x + s, y), (x + s, y + s), (x, y + s))[corner % 4]
    arc = _turn(cx, cy, s, 90 * (corner % 4), 90 * (corner % 4) + 90)
    (ax, ay), (bx, by) = arc[0], arc[-1]
    return Shape(fill, f"M{cx:g} {cy:g}L{ax:g} {ay:g}A{s:g} {s:g} 0 0 1 {bx:g} {by:g}z", ((cx, cy), *arc))


def _disc(cx: float, cy: float, r: float, fill: str) -> Shape:
    path = f"M{cx - r:g} {cy:g}a{r:g} {r:g} 0 0 1 {2 * r:g} 0a{r:g} {r:g} 0 0 1-{2 * r:g} 0z"
    return Shape(fill, path, tuple(_turn(cx, cy, r, 180, 540)))


def _half(cx: float, cy: float, r: float, fill: str, *, above: bool) -> Shape:
    arc = _turn(cx, cy, r, 180, 360 if above else 0)
    return Shape(fill, f"M{cx - r:g} {cy:g}a{r:g} {r:g} 0 0 {1 if above else 0} {2 * r:g} 0z", tuple(arc))


def _arch(x: float, y: float, w: float, h: float, fill: str) -> Shape:
    r = w / 2
    path = f"M{x:g} {y + h:g}v-{h - r:g}a{r:g} {r:g} 0 0 1 {w:g} 0v{h - r:g}z"
    return Shape(fill, path, ((x, y + h), *_turn(x + r, y + r, r, 180, 360), (x + w, y + h)))


def _petal(x: float, y: float, s: float, rising: bool, fill: str) -> Shape:
    """Return the leaf where two quarters of a disc meet, along one diagonal of the square."""
    if rising:
        (ax, ay), (bx, by) = (x, y + s), (x + s, y)
        outline = _turn(x + s, y + s, s, 180, 270) + _turn(x, y, s, 0, 90)
    else:
        (ax, ay), (bx, by) = (x, y), (x + s, y + s)
        outline = _turn(x, y + s, s, 270, 360) + _turn(x + s, y, s, 90, 180)
    path = f"M{ax:g} {ay:g}A{s:g} {s:g} 0 0 1 {bx:g} {by:g}A{s:g} {s:g} 0 0 1 {ax:g} {ay:g}z"
    return Shape(fill, path, tuple(outline))


def _polygon(points: list[Point], fill: str) -> Shape:
    return Shape(fill, "M" + "L".join(f"{x:g} {y:g}" for x, y in points) + "z", tuple(points))


def _square(motif: str, x: float, y: float, ground: str, ink: str, turn: int) -> list[Shape]:
    """Return one square of paving."""
    shapes = [_rect(x, y, SIDE, SIDE, ground)]
    if motif == "quarter":
        shapes.append(_quarter(x, y, SIDE, turn, ink))
    elif motif == "arc":
        for ring, fill in enumerate((ink, ground, ink, ground)):
            s = SIDE * (1 - 0.26 * ring)
            ox, oy = ((x, y), (x + SIDE - s, y), (x + SIDE - s, y + SIDE - s), (x, y + SIDE - s))[turn]
            shapes.append(_quarter(ox, oy, s, turn, fill))
    elif motif == "dot":
        shapes.append(_disc(x + SIDE / 2, y + SIDE / 2, SIDE * 0.3, ink))
    elif motif == "petal":
        shapes.append(_petal(x, y, SIDE, turn % 2 == 0, ink))
    elif motif == "arch":
        shapes.append(_arch(x + SIDE * 0.16, y + SIDE * 0.16, SIDE * 0.68, SIDE * 0.84, ink))
        shapes.append(_arch(x + SIDE * 0.34, y + SIDE * 0.42, SIDE * 0.32, SIDE * 0.58, ground))
    elif motif == "stripes":
        lines = range(0, SIDE, 25)
        shapes += [_rect(x, y + i, SIDE, 12, ink) if turn % 2 else _rect(x + i, y, 12, SIDE, ink) for i in lines]
    elif motif == "steps":
        stair: list[Point] = [(x, y + SIDE)]
        for i in range(4):
            height = y + (SIDE - 25 * (i + 1) if turn % 2 else 25 * i)
            stair += [(x + 25 * i, height), (x + 25 * (i + 1), height)]
        shapes.append(_polygon([*stair, (x + SIDE, y + SIDE)], ink))
    elif motif == "triangle":
        corners: list[Point] = [(x, y), (x + SIDE, y), (x + SIDE, y + SIDE), (x, y + SIDE)]
        shapes.append(_polygon([corners[turn - 1], corners[turn], corners[(turn + 1) % 4]], ink))
    return shapes


def _portal(_: random.Random, x: float, y: float, w: float, p: Palette) -> list[Shape]:
    return [
        _rect(x, y, w, w, p.deep),
        _arch(x + w * 0.1, y + w * 0.1, w * 0.8, w * 0.9, p.main),
        _arch(x + w * 0.22, y + w * 0.26, w * 0.56, w * 0.74, p.soft),
        _arch(x + w * 0.34, y + w * 0.44, w * 0.32, w * 0.56, p.ground),
    ]


def _sun(_: random.Random, x: float, y: float, w: float, p: Palette) -> list[Shape]:
    return [
        _rect(x, y, w, w, p.soft),
        _disc(x + w / 2, y + w / 2, w * 0.36, p.spark),
        _rect(x, y + w * 0.68, w, w * 0.32, p.main),
        _rect(x, y + w * 0.84, w, w * 0.16, p.deep),
    ]


def _orbit(rnd: random.Random, x: float, y: float, w: float, p: Palette) -> list[Shape]:
    shapes, corner = [_rect(x, y, w, w, p.ground)], rnd.randrange(4)
    for ring, fill in enumerate((p.main, p.ground, p.soft, p.deep)):
        s = w * (1 - 0.22 * ring)
        ox, oy = ((x, y), (x + w - s, y), (x + w - s, y + w - s), (x, y + w - s))[corner]
        shapes.append(_quarter(ox, oy, s, corner, fill))
    return shapes


def _two_halves(_: random.Random, x: float, y: float, w: float, p: Palette) -> list[Shape]:
    r, middle = w * 0.375, y + w / 2
    return [
        _rect(x, y, w, w, p.main),
        _half(x + r, middle, r, p.ground, above=True),
        _half(x + w - r, middle, r, p.deep, above=False),
    ]


def _flower(_: random.Random, x: float, y: float, w: float, p: Palette) -> list[Shape]:
    h = w / 2
    petals = [_petal(x + i * h, y + j * h, h, i != j, p.soft) for i in (0, 1) for j in (0, 1)]
    return [_rect(x, y, w, w, p.deep), *petals, _disc(x + h, y + h, w * 0.1, p.spark)]


def _hill(_: random.Random, x: float, y: float, w: float, p: Palette) -> list[Shape]:
    return [
        _rect(x, y, w, w, p.ground),
        _disc(x + w * 0.7, y + w * 0.3, w * 0.16, p.spark),
        _quarter(x, y, w, 3, p.main),
        _quarter(x + w * 0.35, y + w * 0.35, w * 0.65, 2, p.deep),
    ]


_HEROES: dict[str, Callable[[random.Random, float, float, float, Palette], list[Shape]]] = {
    "portal": _portal,
    "sun": _sun,
    "orbit": _orbit,
    "disc": _two_halves,
    "flower": _flower,
    "hill": _hill,
}


def _known(code: str) -> str:
    """Return `code`, or the code whose colours and motifs it borrows."""
    return code if code in PALETTES else sorted(PALETTES)[crc32(code.encode()) % len(PALETTES)]


def _place_heroes(rnd: random.Random, code: str, columns: int, rows: int) -> tuple[list[Shape], set[tuple[int, int]]]:
    """Return the large motifs, one for about eleven squares, and the squares they cover."""
    shapes: list[Shape] = []
    taken: set[tuple[int, int]] = set()
    if min(columns, rows) < 2:
        return shapes, taken
    for i in range(max(1, columns * rows // 11)):
        for _ in range(40):  # a place is sought at random; a crowded drawing goes without its last hero
            column, row = rnd.randrange(columns - 1), rnd.randrange(rows - 1)
            cells = {(column + a, row + b) for a in (0, 1) for b in (0, 1)}
            if not cells & taken:
                taken |= cells
                names = HEROES[code]
                hero = _HEROES[names[(i + rnd.randrange(9)) % len(names)]]
                shapes += hero(rnd, column * SIDE, row * SIDE, 2 * SIDE, PALETTES[code])
                break
    return shapes, taken


def _shapes(code: str, slug: str, columns: int, rows: int) -> list[Shape]:
    """Return the whole drawing, `columns` by `rows` squares of `SIDE`."""
    rnd = random.Random(f"{code}/{slug}/3")  # noqa: S311  # the same drawing every time
    code = _known(code)
    p = PALETTES[code]
    heroes, taken = _place_heroes(rnd, code, columns, rows)
    shapes = [_rect(0, 0, columns * SIDE, rows * SIDE, p.ground), *heroes]
    grounds: dict[tuple[int, int], str] = {}
    sparks = max(1, columns * rows // 14)
    for row in range(rows):
        for column in range(columns):
            if (column, row) in taken:
                continue
            near = {grounds.get((column - 1, row)), grounds.get((column, row - 1))}
            ground = rnd.choice(
                [c for c in (p.ground, p.ground, p.soft, p.main, p.deep) if c not in near] or [p.ground]
            )
            grounds[column, row] = ground
            if rnd.random() < 0.3:
                shapes.append(_rect(column * SIDE, row * SIDE, SIDE, SIDE, ground))
                continue
            pale = {p.ground, p.soft}  # these two do not tell apart, one on the other
            inks = [c for c in (p.ground, p.soft, p.main, p.deep) if c != ground and {c, ground} != pale]
            ink = rnd.choice([p.main, p.soft, p.deep] if ground == p.ground else inks)
            if sparks and ground != p.soft and rnd.random() < 0.16:
                ink, sparks = p.spark, sparks - 1
            shapes += _square(rnd.choice(MOTIFS[code]), column * SIDE, row * SIDE, ground, ink, rnd.randrange(4))
    return shapes


def illustrate(code: str, slug: str, columns: int, rows: int) -> str:
    """Return the drawing of `slug` for the unit `code` as SVG text: 3 by 2 squares for a card, 6 by 4 for a lead."""
    w, h = columns * SIDE, rows * SIDE
    paths = "".join(f'<path fill="{shape.fill}" d="{shape.path}"/>' for shape in _shapes(code, slug, columns, rows))
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" width="{w}" height="{h}">{paths}</svg>'


def illustrate_png(code: str, slug: str, columns: int, rows: int, *, width: int = 1200) -> bytes:
    """Return the same drawing as a PNG of `width` pixels, drawn at twice its size to soften edges, in 64 colours."""
    scale = 2 * width / (columns * SIDE)
    canvas = Image.new("RGB", (2 * width, round(rows * SIDE * scale)), PALETTES[_known(code)].ground)
    draw = ImageDraw.Draw(canvas)
    for shape in _shapes(code, slug, columns, rows):
        draw.polygon([(x * scale, y * scale) for x, y in shape.points], fill=shape.fill)
    out = BytesIO()
    canvas.reduce(2).quantize(64, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()
