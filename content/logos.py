"""The logo and the icon that an institution gives, written anew before they are kept: nothing in them can act."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import PurePath
from typing import Any
from xml.etree import ElementTree

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from content.accent import digest

LARGEST_BYTES, LARGEST_SIDE, ICON_SIDE = 200_000, 4000, 512
SVG = "http://www.w3.org/2000/svg"
# What a drawing is made of. Everything else goes: scripts, links, frames, animations, pictures from elsewhere.
DRAWN = frozenset(
    re.findall(
        r"\S+",
        """
        svg g defs title desc path rect circle ellipse line polyline polygon text tspan use symbol style clipPath mask
        linearGradient radialGradient stop pattern
        """,
    )
)
ATTRIBUTES = frozenset(
    re.findall(
        r"\S+",
        """
        id class style viewBox width height x y x1 x2 y1 y2 cx cy r rx ry fx fy d points transform version dx dy
        preserveAspectRatio offset opacity visibility display overflow color fill fill-opacity fill-rule stroke
        stroke-width stroke-opacity stroke-linecap stroke-linejoin stroke-miterlimit stroke-dasharray stroke-dashoffset
        stop-color stop-opacity clip-path clip-rule clipPathUnits mask maskUnits maskContentUnits gradientUnits
        gradientTransform spreadMethod patternUnits patternContentUnits patternTransform font-family font-size
        font-weight font-style letter-spacing text-anchor dominant-baseline paint-order vector-effect
        """,
    )
)
HREF = "{http://www.w3.org/1999/xlink}href"
# In styles: an address that is not within the drawing, another sheet, an escape that could spell either.
REACHES_OUT = re.compile(r"@import|//|\\|expression|javascript:|url\(\s*[\"']?\s*(?!#|[\"']?#)", re.IGNORECASE)


def cleaned_svg(given: bytes) -> bytes:
    """Return a drawing with nothing in it that could act or ask for anything. Raises ValidationError if it is none."""
    try:
        root = fromstring(given)
    except (ElementTree.ParseError, DefusedXmlException, ValueError, LookupError):
        raise ValidationError(_("This file is not a drawing (SVG) that the portal can read.")) from None
    if root.tag != f"{{{SVG}}}svg":
        raise ValidationError(_("This file is not a drawing (SVG) that the portal can read."))
    _clean(root)
    ElementTree.register_namespace("", SVG)
    ElementTree.register_namespace("xlink", HREF[1:].partition("}")[0])
    made: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=False)
    return made


def _clean(element: ElementTree.Element) -> None:
    for child in list(element):
        space, _brace, name = str(child.tag).removeprefix("{").rpartition("}")
        css = "".join(child.itertext())
        if space != SVG or name not in DRAWN or (name == "style" and (len(child) or REACHES_OUT.search(css))):
            element.remove(child)
        else:
            _clean(child)
    for name, value in list(element.attrib.items()):
        known = value.startswith("#") if name in {"href", HREF} else name in ATTRIBUTES
        if not known or REACHES_OUT.search(value):
            del element.attrib[name]


def logo_file(given: Any) -> ContentFile[bytes]:
    """Return an uploaded logo as it may be kept, under a name made of what it holds. Raises ValidationError."""
    content = _bytes(given)
    if PurePath(str(given.name)).suffix.lower() == ".svg":
        clean = cleaned_svg(content)
        return ContentFile(clean, name=f"logo-{digest(clean)}.svg")
    picture = _picture(content)
    return _written(picture, name="logo")


def icon_file(given: Any) -> ContentFile[bytes]:
    """Return an uploaded icon as it may be kept: a square picture. Raises ValidationError."""
    picture = _picture(_bytes(given))
    if picture.width != picture.height or picture.width < ICON_SIDE:
        raise ValidationError(
            _("The icon is %(width)d × %(height)d pixels: give a square of at least %(side)d.")
            % {"width": picture.width, "height": picture.height, "side": ICON_SIDE}
        )
    return _written(picture.resize((ICON_SIDE, ICON_SIDE)), name="icon")


def _bytes(given: Any) -> bytes:
    if given.size > LARGEST_BYTES:
        raise ValidationError(
            _("This file is of %(size)d kB: give one of at most %(most)d kB, every page shows it.")
            % {"size": given.size // 1000, "most": LARGEST_BYTES // 1000}
        )
    given.seek(0)
    content: bytes = given.read()
    return content


def _picture(content: bytes) -> Image.Image:
    try:
        picture = Image.open(BytesIO(content), formats=("PNG", "WEBP", "JPEG"))
        if max(picture.size) <= LARGEST_SIDE:
            return picture.convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        pass
    raise ValidationError(
        _("The portal cannot read this picture: give an SVG, a PNG or a WebP of at most %(side)d pixels.")
        % {"side": LARGEST_SIDE}
    )


def _written(picture: Image.Image, *, name: str) -> ContentFile[bytes]:
    """Return the picture written anew: its pixels, and nothing else of the file."""
    made = BytesIO()
    picture.save(made, "PNG", optimize=True)
    return ContentFile(made.getvalue(), name=f"{name}-{digest(made.getvalue())}.png")
