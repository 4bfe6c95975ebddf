"""Claims as providers send them, read into attributes and positions.

Names are configuration (settings.PARVIS_CLAIMS, SUPANN defaults); a value may be a string or a list; SUPANN labels
(`{SUPANN}L1`) lose their braces; composites (`[cursusann={SUPANN}L1][affect=U01]`) give one position each.
Source: SUPANN 2019-11-22 schema and the federation's snake_case names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

LABELS = {
    "affiliation": _("Affiliation"),
    "unit": _("Unit"),
    "level": _("Level"),
    "formation": _("Programme"),
    "step": _("Stage of the programme"),
    "regime": _("Enrolment scheme"),
    "corps": _("Body of the civil service"),
    "role": _("Role"),
    "entitlement": _("Entitlement"),
    "group": _("Group"),
    "campus": _("Campus"),
}

# The keys of the two composites that say what belongs together, and the attribute each becomes.
ENROLMENT_KEYS = {
    "cursusann": "level",
    "affect": "unit",
    "regimeinsc": "regime",
    "diplome": "formation",
    "etape": "step",
}
POST_KEYS = {"affil": "affiliation", "affect": "unit", "corps": "corps"}
# What differs from one position to another; the rest is the person's.
POSITIONAL = ("unit", "level", "formation", "step", "regime", "corps", "campus", "role")
STUDENT = "student"
# Affiliations that say no more than "belongs here": they hold in every position.
GENERAL = {"member", "affiliate"}

# What a rule could ever ask: longer values, and more of them than anyone has, say nothing.
LONGEST, MOST = 2000, 500
LONGEST_PART = 255

# What no database keeps: NUL, and half of a surrogate pair. A value that holds one says nothing.
UNKEPT = re.compile("[\x00\ud800-\udfff]")

Values = dict[str, list[str]]


@dataclass(frozen=True)
class Attributes:
    """What claims say: `person` holds in every position, each of `positions` only in itself."""

    person: Values = field(default_factory=dict)
    positions: list[Values] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {"person": self.person, "positions": self.positions}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Attributes:
        return cls(person=dict(kept.get("person", {})), positions=list(kept.get("positions", [])))

    def merged(self) -> list[Values]:
        """Return each position with the person's attributes added; a reader without position has one, the person."""
        if not self.positions:
            return [dict(self.person)]
        merged = []
        for position in self.positions:
            together = {name: list(values) for name, values in self.person.items()}
            for name, values in position.items():
                together[name] = sorted({*together.get(name, []), *values})
            merged.append(together)
        return merged

    def values(self, name: str) -> list[str]:
        """Return all values of attribute `name`, whatever the position."""
        found = set(self.person.get(name, []))
        for position in self.positions:
            found.update(position.get(name, []))
        return sorted(found)

    def keeping(self, names: Iterable[str]) -> Attributes:
        """Return these attributes without those not in `names`."""
        kept = set(names)
        return Attributes(
            person={name: values for name, values in self.person.items() if name in kept},
            positions=[{n: v for n, v in position.items() if n in kept} for position in self.positions],
        )


def known_attributes() -> list[str]:
    """Return the names that rules may use."""
    return sorted(set(settings.PARVIS_CLAIMS) - {"enrolment", "post"})


def choices() -> list[tuple[str, str]]:
    """Return the attributes a rule may use, for a picker."""
    return [("", "—"), *((name, f"{label(name)} ({name})") for name in known_attributes())]


def label(attribute: str) -> str:
    return str(LABELS.get(attribute, attribute))


def _listed(value: object) -> list[str]:
    """Return a claim's value as strings: absent, one, or many; anything that is not text or number is dropped."""
    if value is None:
        return []
    items = value if isinstance(value, (list, tuple, set)) else [value]
    texts = [str(item).strip() for item in items if isinstance(item, (str, int, float)) and _is_short(item)]
    return [text for text in texts if text and not UNKEPT.search(text)][:MOST]


def _is_short(item: str | float) -> bool:
    # A number of thousands of digits cannot even be written out.
    return len(item) <= LONGEST if isinstance(item, str) else abs(item) < 10**LONGEST_PART


def unlabelled(value: str) -> str:
    """Return `L1` for `{SUPANN}L1`, and the last word of `{UAI:0751717J}L2B101`."""
    return re.sub(r"^\{[^{}]*\}", "", value.strip()).strip()


def composite(value: str) -> dict[str, str]:
    """Return the parts of a SUPANN composite: `[a=1][b={X}2]` gives {"a": "1", "b": "2"}. Others are dropped."""
    parts = re.findall(r"\[([a-z]+)=([^\[\]]*)\]", value)
    return {name: unlabelled(text) for name, text in parts if _says_something(text)}


def _says_something(part: str) -> bool:
    return bool(unlabelled(part)) and part.strip() != "{INCONNU}" and len(part) <= LONGEST_PART


def _named(claims: Mapping[str, object], attribute: str) -> list[str]:
    for name in settings.PARVIS_CLAIMS.get(attribute, []):
        if values := _listed(claims.get(name)):
            return values
    return []


def read(claims: Mapping[str, object]) -> Attributes:
    """Return the attributes in `claims`. Raises nothing: what cannot be read is absent, and absent matches nobody."""
    enrolments = [_position(text, ENROLMENT_KEYS) for text in _named(claims, "enrolment")]
    posts = [_position(text, POST_KEYS) for text in _named(claims, "post")]
    enrolments, posts = [e for e in enrolments if e], [p for p in posts if p]
    flat = {
        name: sorted({unlabelled(value) if name not in {"entitlement", "group"} else value for value in values})
        for name in known_attributes()
        if (values := [value for value in _named(claims, name) if len(value) <= LONGEST_PART])
    }
    if not enrolments and not posts:
        return _from_flat(flat)
    return _from_composites(flat, enrolments, posts)


def _position(text: str, keys: Mapping[str, str]) -> Values:
    return {keys[name]: [value] for name, value in composite(text).items() if name in keys}


def _from_composites(flat: Values, enrolments: list[Values], posts: list[Values]) -> Attributes:
    """Tie each affiliation to the positions it speaks of: a student elsewhere is no student of their employer."""
    affiliations = set(flat.get("affiliation", []))
    for enrolment in enrolments:
        enrolment.setdefault("affiliation", [STUDENT])
    employed = affiliations - {STUDENT} - GENERAL
    if len(posts) == 1 and employed:
        posts[0]["affiliation"] = sorted({*posts[0].get("affiliation", []), *employed})
    positions = enrolments + posts
    placed = {value for position in positions for value in position.get("affiliation", [])}
    # A flat attribute is tied to nothing: it is kept only where no composite could have said it.
    told = {name for position in positions for name in position}
    if enrolments and not posts and employed:
        units = [u for u in flat.get("unit", []) if all(u not in e.get("unit", []) for e in enrolments)]
        post: Values = {"affiliation": sorted(employed)}
        post |= {"unit": units} if len(units) == 1 else {}
        post |= {"corps": flat["corps"]} if "corps" in flat else {}
        positions.append(post)
        placed |= employed
        told |= {"corps"}
    person = {name: values for name, values in flat.items() if name not in POSITIONAL and name != "affiliation"}
    if general := sorted(affiliations & GENERAL):
        person["affiliation"] = general
    positions += [{"affiliation": [value]} for value in sorted(affiliations - placed - GENERAL)]
    for name in POSITIONAL:
        if name in flat and name not in told:
            if len(positions) == 1:
                positions[0][name] = flat[name]
            else:
                positions.append({name: flat[name]})
    return Attributes(person=person, positions=positions)


def _from_flat(flat: Values) -> Attributes:
    """Read attributes no composite ties together: several values of two of them could be crossed wrongly."""
    affiliations = set(flat.get("affiliation", []))
    person = {name: values for name, values in flat.items() if name not in POSITIONAL}
    here = {name: values for name, values in flat.items() if name in POSITIONAL}
    if STUDENT in affiliations and affiliations - {STUDENT} - GENERAL:
        # Who studies and works: nothing says which unit or level goes with which.
        person["affiliation"] = sorted(affiliations & GENERAL)
        here["affiliation"] = sorted(affiliations - GENERAL)
        return Attributes(person=person, positions=_each_alone(here))
    several = [name for name, values in here.items() if len(values) > 1]
    if not here:
        return Attributes(person=person)
    if not several:
        return Attributes(person=person, positions=[here])
    if len(several) == 1:
        return Attributes(person=person, positions=[{**here, several[0]: [value]} for value in here[several[0]]])
    return Attributes(person=person, positions=_each_alone(here))


def _each_alone(values: Values) -> list[Values]:
    return [{name: [value]} for name, found in values.items() for value in found]
