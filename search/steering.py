"""What editors say of searches: words that mean the same, and the page that answers a question.

Both are applied when a search is made, whatever the engine: they hold at once, without a new index.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, PageChooserPanel

from audience.forms import OpenAudiencesForm
from audience.models import Audience
from audience.reader import Reader
from audience.version import Kept, Version, current_version, touch
from search.words import STOP_WORDS, clean, fold, stem

_WORD = re.compile(r"[^\W_]+")
MOST_WAYS = 4  # in which one question is asked
MOST_PROMOTED = 3


def key(text: str) -> tuple[str, ...]:
    """Return the words of `text` by which it is known again: folded, stemmed, without those that say nothing."""
    words = [fold(word) for word in _WORD.findall(clean(text))]
    return tuple(stem(word) for word in words if word not in STOP_WORDS) or tuple(words)


def phrases(text: str) -> list[str]:
    """Return the phrases of a field that takes several, parted by commas or lines."""
    return [phrase.strip() for phrase in re.split(r"[,;\n]", text) if phrase.strip()]


class Synonym(models.Model):
    """Words that mean others: `bu` is asked as `bibliothèque universitaire` too."""

    words = models.CharField(
        _("words typed"), max_length=120, unique=True, help_text=_("One word, or several together.")
    )
    others = models.TextField(
        _("mean"), help_text=_("Other words for the same, separated by commas. They are looked for as well.")
    )
    both_ways = models.BooleanField(
        _("both ways"), default=False, help_text=_("Whoever types the other words means these too.")
    )

    panels = [FieldPanel("words"), FieldPanel("others"), FieldPanel("both_ways")]

    class Meta:
        verbose_name = _("synonym")
        verbose_name_plural = _("synonyms")
        ordering = ["words"]

    def __str__(self) -> str:
        return f"{self.words} {'⇄' if self.both_ways else '→'} {', '.join(phrases(self.others))}"

    def clean(self) -> None:
        if not key(self.words):
            raise ValidationError({"words": _("There is no word in it.")})
        if not any(key(phrase) for phrase in phrases(self.others)):
            raise ValidationError({"others": _("There is no word in it.")})


class Promotion(ClusterableModel):
    """The page that answers a question, shown before all results to whom may see it."""

    questions = models.TextField(
        _("searches"),
        help_text=_("Searches it answers, separated by commas. Accents, plurals and articles do not matter."),
    )
    page = models.ForeignKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="+", verbose_name=_("page"))
    order = models.PositiveSmallIntegerField(_("order"), default=1, help_text=_("The lowest stands first."))
    starts_at = models.DateTimeField(_("from"), null=True, blank=True)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    audiences = ParentalManyToManyField(
        Audience,
        blank=True,
        related_name="+",
        limit_choices_to={"sensitive": False},
        verbose_name=_("for"),
        help_text=_("Shown to readers of one of these audiences; to everyone if there is none."),
    )
    owner = models.CharField(_("who answers for it"), max_length=120, blank=True)

    base_form_class = OpenAudiencesForm
    panels = [
        FieldPanel("questions"),
        PageChooserPanel("page"),
        FieldPanel("order"),
        MultiFieldPanel([FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")])], heading=_("When")),
        FieldPanel("audiences"),
        FieldPanel("owner"),
    ]

    class Meta:
        verbose_name = _("promoted result")
        verbose_name_plural = _("promoted results")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return ", ".join(phrases(self.questions)[:3])

    def clean(self) -> None:
        super().clean()
        if not any(key(phrase) for phrase in phrases(self.questions)):
            raise ValidationError({"questions": _("There is no word in it.")})
        if self.starts_at and self.ends_at and self.starts_at >= self.ends_at:
            raise ValidationError({"ends_at": _("It ends before it starts.")})


@dataclass(frozen=True)
class Promoted:
    """A promotion as searches read it."""

    questions: frozenset[tuple[str, ...]]
    translation_key: Any
    starts_at: datetime | None
    ends_at: datetime | None
    audiences: frozenset[int]

    def answers(self, asked: tuple[str, ...], reader: Reader) -> bool:
        started = self.starts_at is None or self.starts_at <= reader.at
        over = self.ends_at is not None and self.ends_at <= reader.at
        meant = not self.audiences or bool(self.audiences & reader.audiences)
        return asked in self.questions and started and not over and meant


@dataclass(frozen=True)
class Steering:
    """All that editors say, as a process keeps it."""

    synonyms: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = ()
    promotions: tuple[Promoted, ...] = ()

    def other_ways(self, text: str) -> tuple[str, ...]:
        """Return `text` with each known phrase in it replaced by what it means, MOST_WAYS - 1 at most."""
        words = _WORD.findall(clean(text))
        stems = [stem(fold(word)) for word in words]
        ways: dict[str, None] = {}
        for known, others in self.synonyms:
            for start in range(len(stems) - len(known) + 1):
                if tuple(stems[start : start + len(known)]) == known:
                    for other in others:
                        ways[" ".join([*words[:start], other, *words[start + len(known) :]])] = None
        return tuple(ways)[: MOST_WAYS - 1]

    def promoted(self, text: str, reader: Reader) -> list[Any]:
        """Return the translation keys of the pages that answer `text`, in their order."""
        asked = key(text)
        return [one.translation_key for one in self.promotions if one.answers(asked, reader)][:MOST_PROMOTED]


def _load() -> Steering:
    synonyms: list[tuple[tuple[str, ...], tuple[str, ...]]] = []
    for synonym in Synonym.objects.all():
        others = phrases(synonym.others)
        synonyms.append((_stems(synonym.words), tuple(others)))
        if synonym.both_ways:
            synonyms += [(_stems(other), (synonym.words,)) for other in others]
    promotions = [
        Promoted(
            questions=frozenset(key(phrase) for phrase in phrases(promotion.questions)),
            translation_key=promotion.page.translation_key,
            starts_at=promotion.starts_at,
            ends_at=promotion.ends_at,
            audiences=frozenset(audience.pk for audience in promotion.audiences.all()),
        )
        for promotion in Promotion.objects.select_related("page").prefetch_related("audiences")
        if promotion.ends_at is None or promotion.ends_at > timezone.now()
    ]
    return Steering(tuple(known for known in synonyms if known[0]), tuple(promotions))


def _stems(text: str) -> tuple[str, ...]:
    return tuple(stem(fold(word)) for word in _WORD.findall(clean(text)))


_kept = Kept(_load)


def steering(version: Version | None = None) -> Steering:
    """Return what editors say at `version`: no query, and two after a change; or now, which is one to ask."""
    return _kept.at(version or current_version())


def _changed(**kwargs: Any) -> None:
    touch(reference=True)


for _model in (Synonym, Promotion):
    post_save.connect(_changed, sender=_model)
    post_delete.connect(_changed, sender=_model)
m2m_changed.connect(_changed, sender=Promotion.audiences.through)
