"""The last accessibility audit, and what the law lets the portal declare from it.

Article 47 of the French law 2005-102, decree 2019-768: fully compliant when all applicable criteria of the RGAA are
met, partially from half of them, else not compliant; nor is a site without an audit that is still valid.
"""

from __future__ import annotations

from datetime import date
from decimal import ROUND_DOWN, Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.fields import RichTextField
from wagtail.snippets.models import register_snippet

VALID_YEARS = 3
CRITERIA = 106  # of the RGAA 4
FEATURES = ["bold", "ul", "ol", "link"]


class Conformity(models.TextChoices):
    """What the law calls the state of a site."""

    FULL = "full", _("fully compliant")
    PARTIAL = "partial", _("partially compliant")
    NONE = "none", _("not compliant")


def today() -> date:
    day: date = timezone.localdate()
    return day


class AccessibilityAuditQuerySet(models.QuerySet["AccessibilityAudit"]):
    def last(self) -> AccessibilityAudit | None:
        """Return the newest audit."""
        return self.order_by("-carried_out_on", "-pk").first()


@register_snippet
class AccessibilityAudit(models.Model):
    """One audit of the portal. The statement and the mention at the foot of pages follow the newest."""

    carried_out_on = models.DateField(_("date of the audit"), default=today)
    auditor = models.CharField(_("carried out by"), max_length=160)
    standard = models.CharField(_("standard"), max_length=40, default="RGAA 4.1.2")
    criteria_met = models.PositiveSmallIntegerField(_("criteria met"))
    criteria_applicable = models.PositiveSmallIntegerField(
        _("applicable criteria"), help_text=_("Those of the standard that concern something in the portal.")
    )
    non_conformities = RichTextField(_("what is not compliant"), features=FEATURES, blank=True)
    derogations = RichTextField(_("derogations for disproportionate burden"), features=FEATURES, blank=True)
    exemptions = RichTextField(_("content that the law leaves out"), features=FEATURES, blank=True)
    sample = models.TextField(_("pages checked"), blank=True, help_text=_("One a line."))
    tools = models.TextField(_("technologies, browsers and assistive tools"), blank=True, help_text=_("One a line."))

    objects = AccessibilityAuditQuerySet.as_manager()

    panels = [
        FieldRowPanel([FieldPanel("carried_out_on"), FieldPanel("auditor"), FieldPanel("standard")]),
        FieldRowPanel([FieldPanel("criteria_met"), FieldPanel("criteria_applicable")]),
        FieldPanel("non_conformities"),
        FieldPanel("derogations"),
        FieldPanel("exemptions"),
        FieldPanel("sample"),
        FieldPanel("tools"),
    ]

    class Meta:
        verbose_name = _("accessibility audit")
        verbose_name_plural = _("accessibility audits")
        ordering = ["-carried_out_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.carried_out_on:%Y-%m-%d}, {self.auditor}"

    def clean(self) -> None:
        wrong: dict[str, str | Promise] = {}
        if self.criteria_applicable is not None and not 0 < self.criteria_applicable <= CRITERIA:
            wrong["criteria_applicable"] = _("The RGAA has 106 criteria, and at least one of them applies.")
        if self.criteria_met is not None and self.criteria_met > (self.criteria_applicable or 0):
            wrong["criteria_met"] = _("No more criteria can be met than are applicable.")
        if self.carried_out_on and self.carried_out_on > today():
            wrong["carried_out_on"] = _("This audit is still to come.")
        if wrong:
            raise ValidationError(wrong)

    @property
    def rate(self) -> Decimal:
        """The share of applicable criteria that are met, in percent, never rounded up."""
        share = Decimal(100 * self.criteria_met) / Decimal(self.criteria_applicable or 1)
        return share.quantize(Decimal("0.1"), rounding=ROUND_DOWN)

    def is_valid(self, on: date) -> bool:
        """Return whether the audit may still be relied on, on a day."""
        then = self.carried_out_on
        return on <= _same_day(then, then.year + VALID_YEARS)

    def conformity(self, on: date) -> Conformity:
        """Return what may be declared from this audit, on a day."""
        if not self.is_valid(on) or not self.criteria_applicable:
            return Conformity.NONE
        if self.criteria_met >= self.criteria_applicable:
            return Conformity.FULL
        return Conformity.PARTIAL if 2 * self.criteria_met >= self.criteria_applicable else Conformity.NONE


def _same_day(day: date, year: int) -> date:
    try:
        return day.replace(year=year)
    except ValueError:  # 29 February
        return date(year, 3, 1)


def conformity(audit: AccessibilityAudit | None, *, on: date) -> Conformity:
    """Return what may be declared on a day; without an audit, that the portal is not compliant."""
    return audit.conformity(on) if audit else Conformity.NONE
