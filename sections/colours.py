"""The identity colours that a section may wear: named, each with its tokens in static/css/tokens.css.

They are those of French academic dress and of stones, chosen so that text on them and shapes beside them can be read
in light and in dark (tests/sections/test_colours.py measures it). They stand on the section's band and frieze only.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Colour(models.TextChoices):
    SAPIN = "sapin", _("Fir green, the portal's own")
    AMARANTE = "amarante", _("Amaranth")
    JONQUILLE = "jonquille", _("Daffodil")
    ECARLATE = "ecarlate", _("Scarlet")
    GROSEILLE = "groseille", _("Redcurrant")
    VIOLETTE = "violette", _("Violet")
    OUTREMER = "outremer", _("Ultramarine")
    LAGON = "lagon", _("Lagoon")
    BRIQUE = "brique", _("Brick")
    ARDOISE = "ardoise", _("Slate")


def colours() -> list[tuple[str, Any]]:
    """Return the colours to choose from; a function, so that another one needs no migration."""
    return Colour.choices
