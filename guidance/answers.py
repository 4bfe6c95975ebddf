"""“Was this useful?”: what readers answer, of whom nothing is kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

LONGEST_WORDS = 300
MOST_IN_AN_HOUR = 60  # of one page: beyond, it is not readers who answer
# What would say who wrote, or how to reach them: addresses, and numbers of six figures or more however they are parted.
TELLING = re.compile(r"\S+@\S+|\d(?:[\s.\-/]?\d){5,}")


class Reason(models.TextChoices):
    """Why a page was of no use."""

    UNCLEAR = "unclear", _("It is hard to understand")
    INCOMPLETE = "incomplete", _("What I look for is not there")
    WRONG = "wrong", _("It is out of date, or wrong")
    OTHER_CASE = "other_case", _("It is not about my situation")


class Answer(models.Model):
    """One answer. No account, address or session stands beside it, and its hour is all that is known of its time."""

    page = models.ForeignKey("guidance.GuidancePage", on_delete=models.CASCADE, related_name="answers")
    useful = models.BooleanField(_("useful"))
    reason = models.CharField(_("reason"), max_length=12, choices=Reason.choices, blank=True)
    words = models.CharField(_("in a few words"), max_length=LONGEST_WORDS, blank=True)
    hour = models.DateTimeField(_("hour"))

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["-hour", "-pk"]
        indexes = [models.Index(fields=["page", "hour"], name="answer_by_page")]

    def __str__(self) -> str:
        return str(_("Useful") if self.useful else _("Not useful"))


@dataclass(frozen=True)
class Said:
    """What a reader sent. `trapped`: the field that no reader sees was filled in, so it was no reader."""

    useful: bool
    reason: str = ""
    words: str = ""
    trapped: bool = False

    @classmethod
    def parse(cls, given: Mapping[str, str]) -> Self | None:
        """Return what a form says, or None when it answers nothing. Raises nothing."""
        useful, reason = given.get("useful", ""), given.get("reason", "")
        if useful not in {"yes", "no"}:
            return None
        said = cls(useful=useful == "yes", trapped=bool(given.get("website")))
        if said.useful:
            return said
        words = " ".join(str(given.get("words", ""))[: 2 * LONGEST_WORDS].replace("\0", "").split())
        return cls(
            useful=False,
            reason=reason if reason in Reason.values else "",
            words=TELLING.sub("…", words)[:LONGEST_WORDS].strip(),
            trapped=said.trapped,
        )


def keep_answer(page: int, said: Said, *, now: datetime) -> bool:
    """Keep an answer about the guidance page `page`; return False when there have been too many this hour."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    if Answer.objects.filter(page=page, hour=hour).count() >= MOST_IN_AN_HOUR:
        return False
    Answer.objects.create(page_id=page, useful=said.useful, reason=said.reason, words=said.words, hour=hour)
    return True


def counts(*, start: datetime | None = None, stop: datetime | None = None, of: str = "answers") -> dict[str, Any]:
    """Return what counts a page's answers of a time, as annotations: `yes`, `no`, and each reason by its name."""
    within = models.Q()
    if start:
        within &= models.Q(**{f"{of}__hour__gte": start})
    if stop:
        within &= models.Q(**{f"{of}__hour__lte": stop})
    asked: dict[str, models.Q] = {
        "yes": models.Q(**{f"{of}__useful": True}),
        "no": models.Q(**{f"{of}__useful": False}),
    }
    asked |= {value: models.Q(**{f"{of}__reason": value}) for value in Reason.values}
    return {name: models.Count(of, filter=within & said) for name, said in asked.items()}
