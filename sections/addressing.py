"""Whom an announcement may be for: the audiences of its section, and narrower ones, each with its known readers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audience.demands import Clauses, audience_clauses, count_readers, meets, meets_all
from audience.models import Access, Audience, Kind, KnownReader, count_sentence
from audience.reader import Reader, parse_positions
from audience.sensitive import any_sensitive, ask_sensitive
from audience.sentences import formula

EVERYONE = "everyone"  # the key of what everyone may read
MOST_YEARS_OF_PROGRAMMES = 200
KINDS = (Kind.STATUS, Kind.LEVEL, Kind.PROGRAMME, Kind.GROUP, Kind.OTHER, Kind.UNIT, Kind.CAMPUS)

Tags = frozenset[int]


@dataclass(frozen=True)
class Option:
    """One answer to “for whom?”. `key` is what the form sends; reserved for `audiences`, or recommended to them.

    `named` are those of the audiences that tell it from the others offered with it.
    """

    key: str
    audiences: tuple[Audience, ...]
    access: Access
    count: int
    named: tuple[Audience, ...] = ()
    counted: bool = True

    def means_the_same_as(self, other: Option) -> bool:
        return (self.access, set(self.audiences)) == (other.access, set(other.audiences))

    @property
    def label(self) -> str:
        # How many are in a sensitive audience is not told.
        told = self.counted and not any_sensitive(self.audiences)
        readers = count_sentence(self.count) if told else _("not counted")
        if self.access == Access.RESERVED:
            return f"{formula(self.named or self.audiences)} ({readers})"
        if not self.audiences:
            return _("Everyone (%(readers)s)") % {"readers": readers}
        return _("Everyone; recommended to %(who)s (%(readers)s)") % {
            "who": formula(self.audiences),
            "readers": readers,
        }


@dataclass(frozen=True)
class Group:
    """Options of one sort, as the list of choices shows them together."""

    label: str | Promise
    options: list[Option]


def key_of(tags: Iterable[int]) -> str:
    return "-".join(str(pk) for pk in sorted(tags))


def _by_label(options: list[Option]) -> list[Option]:
    return sorted(options, key=lambda option: option.label)


@dataclass(frozen=True)
class Addressing:
    """What can be chosen where the default audiences are `base` and `above` is demanded of every reader anyway."""

    base: tuple[Audience, ...]
    above: tuple[Clauses, ...]
    known: dict[int, Audience]

    @classmethod
    def load(cls, *, base: Iterable[Audience], above: Iterable[Clauses]) -> Addressing:
        return cls(base=tuple(base), above=tuple(above), known=Audience.objects.in_bulk())

    @cached_property
    def counted(self) -> bool:
        """Whether it is told how many of its readers are what: not where all of them are in a sensitive audience."""
        return not (any_sensitive(self.base) or ask_sensitive(self.above, known=self.known))

    @cached_property
    def groups(self) -> list[Group]:
        """Return the choices, each with its known readers: one query, for the distinct positions.

        The section's own audiences are always offered, narrower ones while some known reader is in them and that may be
        told.
        """
        counts, everyone = self._count()
        base = frozenset(audience.pk for audience in self.base)
        groups = []
        if base:
            groups.append(Group(gettext_lazy("All of them"), [self._option(base, counts[base])]))
        of_kind: dict[str, list[Option]] = {kind: [] for kind in KINDS}
        years: list[Option] = []
        for tags, count in counts.items() if self.counted else ():
            option = self._option(tags, count)
            if len(option.named) == 1:
                kind = option.named[0].kind
                # A campus or a unit in which all of them are says nothing more.
                if count < counts[base] or kind not in {Kind.CAMPUS, Kind.UNIT}:
                    of_kind[kind].append(option)
            elif option.named:
                programme = next(one.pk for one in option.named if one.kind == Kind.PROGRAMME)
                # Of a programme of one year, the year says nothing more.
                if count < counts[self._narrowed(base, programme) or base]:
                    years.append(option)
        groups += [Group(Kind(kind).label, _by_label(options)) for kind, options in of_kind.items() if options]
        if years:
            groups.append(Group(gettext_lazy("One year of a programme"), _by_label(years)[:MOST_YEARS_OF_PROGRAMMES]))
        number = counts[base] if base else everyone
        public = Option(EVERYONE, self.base, Access.RECOMMENDED, number, counted=self.counted)
        return [*groups, Group(gettext_lazy("Without reserving it"), [public])]

    def option_of(self, key: str) -> Option | None:
        """Return the choice that the form sends as `key`, if it is offered now."""
        return next((one for group in self.groups for one in group.options if one.key == key), None)

    def option_for(self, audiences: tuple[Audience, ...], *, access: str) -> Option:
        """Return the choice that these audiences make, offered or not."""
        demands = [*self.above, *([audience_clauses(audiences)] if audiences else [])]
        return Option("", audiences, Access(access), count_readers(*demands), counted=self.counted)

    def _option(self, tags: Tags, count: int) -> Option:
        base = {audience.pk for audience in self.base}
        audiences = tuple(self.known[pk] for pk in sorted(tags))
        named = tuple(one for one in audiences if one.pk not in base)
        return Option(key_of(tags), audiences, Access.RESERVED, count, named, counted=self.counted)

    def _count(self) -> tuple[Counter[Tags], int]:
        """Return how many known readers are in each choice, and how many there are that may read anything here."""
        counts: Counter[Tags] = Counter()
        everyone = 0
        clauses = audience_clauses(self.base) if self.base else ()
        for text, number in KnownReader.objects.by_positions():
            positions = parse_positions(text)
            reader = Reader(positions=positions, signed_in=True)
            if not meets_all(reader, self.above):
                continue
            everyone += number
            inside = [position for position in positions if meets(Reader(positions=(position,)), clauses)]
            for tags in {tags for position in inside for tags in self._choices_in(position)}:
                counts[tags] += number
        return counts, everyone

    def _choices_in(self, position: Tags) -> Iterator[Tags]:
        """Yield each choice that one position, within the base, is in."""
        base = frozenset(audience.pk for audience in self.base)
        yield base
        tags = [self.known[pk] for pk in position if pk in self.known and self._is_offered(self.known[pk])]
        for tag in tags:
            one = self._narrowed(base, tag.pk)
            if one is None:
                continue
            yield one
            if tag.kind == Kind.PROGRAMME:
                levels = [other for other in tags if other.kind == Kind.LEVEL]
                yield from (both for level in levels if (both := self._narrowed(one, level.pk)) is not None)

    @staticmethod
    def _is_offered(audience: Audience) -> bool:
        return not (audience.retired or audience.sensitive)

    def _narrowed(self, base: Tags, tag: int) -> Tags | None:
        """Return `base` made narrower by `tag`, or None if it would not be.

        Tags of one kind are alternatives: one more of a kind that the base has would widen it, unless it belongs to
        one of them, whose place it then takes. What all of a kind belong to already says nothing more.
        """
        if tag in base or any(self._is_said(tag, kind, base) for kind in {self.known[pk].kind for pk in base}):
            return None
        same_kind = {pk for pk in base if self.known[pk].kind == self.known[tag].kind}
        if same_kind and not same_kind.intersection(self._above(tag)):
            return None
        return (base - same_kind) | {tag}

    def _is_said(self, tag: int, kind: str, base: Tags) -> bool:
        """Return whether whoever is in one of the tags of `kind` in `base` is in `tag` anyway."""
        return all(tag in self._above(pk) for pk in base if self.known[pk].kind == kind)

    def _above(self, tag: int) -> Iterator[int]:
        current, seen = self.known[tag].broader_id, {tag}
        while current is not None and current not in seen:
            seen.add(current)
            yield current
            current = self.known[current].broader_id
