"""The accent colour of an institution: what is derived from it for both themes, and whether it can be read."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from hashlib import blake2b

from django.utils.translation import gettext_lazy as _

HEXADECIMAL = re.compile(r"#[0-9a-f]{6}", re.ASCII)
TEXT = 4.5  # WCAG 2.2, 1.4.3: the least contrast of text
Rgb = tuple[float, float, float]

# What the accent is put together with, as static/css/tokens.css has it: (light theme, dark theme).
GROUND, SURFACE = ("#f4f3ee", "#121614"), ("#ffffff", "#1a1f1d")
INKS = {"ink": ("#1a201e", "#eceae3"), "ink-soft": ("#454d49", "#c0c5c0"), "ink-faint": ("#5f6662", "#9ba39e")}
THEMES = (_("light theme"), _("dark theme"))
LIGHT, DARK = 0, 1
# Lightness (0 to 1) and the share of the accent's own colourfulness that each derived colour keeps.
DARK_ACCENT = (0.79, 0.85)
STRONG = ((0.33, 0.95), (0.88, 0.55))
SOFT = ((0.925, 0.18), (0.31, 0.4))
ON = ((1.0, 0.0), (0.235, 0.5))
DEEP, FOOT, DEEP_LINE = ((0.335, 0.9), (0.36, 0.8)), ((0.335, 0.9), (0.27, 0.6)), ((0.475, 0.7), (0.5, 0.7))
ON_DEEP_SOFT = (0.865, 0.25)


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _gamma(value: float) -> float:
    return 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055


def _channels(colour: str) -> Rgb:
    red, green, blue = (_linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    return red, green, blue


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour such as `#0b5a4d`."""
    red, green, blue = _channels(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def lch(colour: str) -> Rgb:
    """Return the lightness, colourfulness and hue of a colour, in OKLCH: equal steps look equal."""
    red, green, blue = _channels(colour)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    light = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return light, math.hypot(a, b), math.atan2(b, a)


def colour_of(light: float, chroma: float, hue: float) -> str:
    """Return the colour of this lightness and hue, as colourful as asked, or as a screen can show."""
    for step in range(21):
        less = chroma * (1 - step / 20)
        a, b = less * math.cos(hue), less * math.sin(hue)
        long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
        medium = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
        short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
        channels = (
            4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
            -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
            -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
        )
        if all(-0.0005 <= value <= 1.0005 for value in channels):
            break
    return "#" + "".join(f"{round(255 * _gamma(min(max(value, 0), 1))):02x}" for value in channels)


@dataclass(frozen=True)
class Failure:
    """Two colours that cannot be read on one another: the accent's names, the theme, and what was measured."""

    fore: str
    back: str
    theme: int
    measured: float


@dataclass(frozen=True)
class Accent:
    """An accent in the light theme and in the dark one; `tokens` are what the stylesheet declares of it."""

    light: str
    dark: str

    @classmethod
    def of(cls, light: str, dark: str = "") -> Accent:
        """Return the accent `light`, with a lighter one of the same hue in the dark theme unless one is given."""
        _lightness, chroma, hue = lch(light)
        lightness, share = DARK_ACCENT
        return cls(light, dark or colour_of(lightness, chroma * share, hue))

    def _derived(self, how: tuple[float, float], theme: int) -> str:
        _light, chroma, hue = lch((self.light, self.dark)[theme])
        return colour_of(how[0], chroma * how[1], hue)

    def _strong(self, theme: int) -> str:
        """Return the accent where it is pressed or on its own soft tone: never paler than the accent itself."""
        light, chroma, hue = lch((self.light, self.dark)[theme])
        lightness, share = STRONG[theme]
        further = min(lightness, light * 0.8) if theme == LIGHT else max(lightness, min(light + 0.08, 0.96))
        return colour_of(further, chroma * share, hue)

    @property
    def tokens(self) -> dict[str, tuple[str, str]]:
        """Return each token in both themes."""
        derived = {
            "accent-soft": SOFT,
            "on-accent": ON,
            "deep": DEEP,
            "foot": FOOT,
            "deep-line": DEEP_LINE,
            "on-deep-soft": (ON_DEEP_SOFT, ON_DEEP_SOFT),
        }
        return {
            "accent": (self.light, self.dark),
            "accent-strong": (self._strong(LIGHT), self._strong(DARK)),
            **{name: (self._derived(how[0], LIGHT), self._derived(how[1], DARK)) for name, how in derived.items()},
        }

    def failures(self) -> list[Failure]:
        """Return the pairs that the components put together and that cannot be read."""
        tokens = {**self.tokens, "ground": GROUND, "surface": SURFACE, **INKS, "on-deep": ("#ffffff", "#ffffff")}
        pairs = [("accent", "ground"), ("accent", "surface"), ("accent", "accent-soft")]
        pairs += [("on-accent", "accent"), ("on-accent", "accent-strong"), ("accent-strong", "accent-soft")]
        pairs += [(ink, "accent-soft") for ink in INKS]
        pairs += [(ink, ground) for ink in ("on-deep", "on-deep-soft") for ground in ("deep", "foot")]
        measured = [
            Failure(fore, back, theme, ratio(tokens[fore][theme], tokens[back][theme]))
            for theme in (LIGHT, DARK)
            for fore, back in pairs
        ]
        return [pair for pair in measured if pair.measured < TEXT]

    def stylesheet(self) -> str:
        """Return the sheet that follows the portal's own; browsers without light-dark() read the light theme."""
        light = ";".join(f"--{name}:{both[LIGHT]}" for name, both in self.tokens.items())
        both = ";".join(f"--{name}:light-dark({one},{other})" for name, (one, other) in self.tokens.items())
        return f":root{{{light}}}\n@supports (color:light-dark(#000,#fff)){{:root{{{both}}}}}\n"


def toned(colour: str, *, own: str, accent: str) -> str:
    """Return `colour`, which goes with the accent `own`, as it goes with `accent`: as light, and as near to its hue."""
    light, chroma, hue = lch(colour)
    _light, own_chroma, own_hue = lch(own)
    _light, new_chroma, new_hue = lch(accent)
    return colour_of(light, chroma * new_chroma / own_chroma, hue - own_hue + new_hue)


def readable(colour: str, theme: int) -> str:
    """Return the nearest colour of the same hue that can be read in `theme`; itself if it can."""
    light, chroma, hue = lch(colour)
    step = -0.01 if theme == LIGHT else 0.01
    for number in range(101):
        there = min(max(light + step * number, 0), 1)
        candidate = colour if number == 0 else colour_of(there, chroma, hue)
        accent = Accent.of(candidate) if theme == LIGHT else Accent(candidate, candidate)
        if not any(pair.theme == theme for pair in accent.failures()):
            return candidate
    return ""


def digest(*parts: bytes | str) -> str:
    """Return a short hash of contents, which an address may carry."""
    made = blake2b(digest_size=6)
    for part in parts:
        made.update(part.encode() if isinstance(part, str) else part)
        made.update(b"\0")
    return made.hexdigest()
