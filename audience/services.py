"""Who belongs where: rules evaluated at sign-in and when a rule changes, never in a request for a page."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from audience import claims
from audience.models import Audience, Condition, KnownReader, Operator, Rule, digest
from audience.names import sort_key
from audience.version import touch


def holds(condition: Condition, values: claims.Values) -> bool:
    """Return whether `condition` holds for one position's attributes. An absent attribute meets no comparison."""
    found = values.get(condition.attribute, [])
    asked = condition.value_list
    if not asked or not found:
        return False
    matched = any(value.casefold() == other.casefold() for value in found for other in asked)
    return matched if condition.operator == Operator.IN else not matched


@dataclass(frozen=True)
class Rulebook:
    """All rules and the hierarchy of audiences, read once for many readers."""

    rules: list[tuple[Rule, list[Condition]]]
    broader: dict[int, int | None]

    @classmethod
    def load(cls) -> Rulebook:
        rules = Rule.objects.select_related("audience").prefetch_related("conditions")
        return cls(
            rules=[(rule, list(rule.conditions.all())) for rule in rules],
            broader=dict(Audience.objects.values_list("pk", "broader_id")),
        )

    def with_broader(self, audiences: Iterable[int]) -> set[int]:
        found: set[int] = set()
        for audience in audiences:
            current: int | None = audience
            while current is not None and current not in found:
                found.add(current)
                current = self.broader.get(current)
        return found

    def matching(self, values: claims.Values) -> Iterator[Rule]:
        """Yield the rules one position meets. A rule without conditions matches nobody."""
        for rule, conditions in self.rules:
            if conditions and all(holds(condition, values) for condition in conditions):
                yield rule

    def positions(self, attributes: claims.Attributes) -> list[list[int]]:
        """Return the audience ids of each position, broader ones included, sorted and without doubles."""
        found = {
            tuple(sorted(self.with_broader(rule.audience_id for rule in self.matching(values))))
            for values in attributes.merged()
        }
        # A position within another says nothing more.
        kept = [p for p in found if not any(set(p) < set(other) for other in found)]
        return [list(position) for position in sorted(kept)]

    def attributes_used(self) -> set[str]:
        return {condition.attribute for _, conditions in self.rules for condition in conditions}


@transaction.atomic
def remember(user: AbstractBaseUser, claims_given: Mapping[str, object]) -> KnownReader:
    """Keep what `claims_given` say of `user` and the audiences that follow, replacing what was known."""
    rulebook = Rulebook.load()
    read = claims.read(claims_given)
    kept = read.keeping({*settings.PARVIS_KEPT_ATTRIBUTES, *rulebook.attributes_used()})
    attributes = kept.as_json()
    return KnownReader.objects.update_or_create(
        user_id=user.pk,
        defaults={
            "attributes": attributes,
            "attributes_key": digest(attributes),
            "positions": json.dumps(rulebook.positions(kept)),
            "units": kept.values("unit"),
        },
    )[0]


def evaluate_everyone() -> int:
    """Evaluate the rules again for every known reader; return how many moved.

    Readers with the same attributes are evaluated once and moved in one statement. Nothing is held while they are
    evaluated: who signs in meanwhile does so by the rules of then, and a change of the rules meanwhile brings another
    evaluation.
    """
    rulebook = Rulebook.load()
    known = KnownReader.objects.values_list("attributes_key", "positions", "attributes")
    moved: dict[str, list[str]] = defaultdict(list)
    seen: dict[str, str] = {}
    for key, positions, attributes in known.order_by("attributes_key").distinct():
        if key not in seen:
            seen[key] = json.dumps(rulebook.positions(claims.Attributes.from_json(attributes)))
        if seen[key] != positions:
            moved[seen[key]].append(key)
    count = 0
    for positions, keys in moved.items():
        for start in range(0, len(keys), 500):
            some = KnownReader.objects.filter(attributes_key__in=keys[start : start + 500])
            count += some.exclude(positions=positions).update(positions=positions)
    touch(reference=True)
    return count


@dataclass(frozen=True)
class Reason:
    """One audience a reader is in, and the rule that puts them there (None: it follows from a narrower one)."""

    audience: Audience
    rule: str


def explain(attributes: claims.Attributes) -> list[Reason]:
    """Return the audiences that follow from `attributes`, and by which rule or narrower audience."""
    rulebook = Rulebook.load()
    audiences = Audience.objects.in_bulk()
    reasons: dict[int, str] = {}
    for values in attributes.merged():
        for rule in rulebook.matching(values):
            reasons.setdefault(rule.audience_id, rule.sentence)
    for pk in list(reasons):
        for broader in rulebook.with_broader([pk]) - set(reasons):
            reasons[broader] = audiences[pk].label
    return sorted(
        (Reason(audience=audiences[pk], rule=sentence) for pk, sentence in reasons.items()),
        key=lambda reason: (reason.audience.kind, sort_key(reason.audience.label)),
    )
