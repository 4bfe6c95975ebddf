"""Audiences, the rules that say who belongs to them, and the readers the portal has met."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.choices import CallableChoiceIterator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel

from audience import claims
from audience.forms import UsableAudiencesForm
from audience.names import Named
from audience.panels import CountPanel


class Kind(models.TextChoices):
    """What an audience is about. Tags of one kind are alternatives; kinds add up."""

    STATUS = "statut", _("Status")
    UNIT = "composante", _("Unit")
    CAMPUS = "campus", _("Campus")
    PROGRAMME = "formation", _("Programme")
    LEVEL = "niveau", _("Level")
    GROUP = "group", _("Group")
    OTHER = "other", _("Other")


class Access(models.TextChoices):
    """What an editor means by the audiences of a page."""

    RECOMMENDED = "recommended", _("Recommended to these readers; everyone may read")
    RESERVED = "reserved", _("Reserved for these readers; nobody else sees that it exists")


class AudienceQuerySet(models.QuerySet["Audience"]):
    def in_use(self) -> AudienceQuerySet:
        """Keep those editors may still pick."""
        return self.filter(retired=False)

    def open_to_all(self) -> AudienceQuerySet:
        """Leave out the sensitive ones."""
        return self.filter(sensitive=False)

    def usable_by(self, user: Any, *, kept: Iterable[int] = ()) -> AudienceQuerySet:
        """Leave out the sensitive ones of other units than the user's, but for those in `kept`; no user is of none."""
        of_user = Group.objects.filter(user=user) if getattr(user, "pk", None) else Group.objects.none()
        return self.filter(
            models.Q(sensitive=False) | models.Q(used_by__in=of_user) | models.Q(pk__in=list(kept))
        ).distinct()


class Audience(Named, models.Model):  # type: ignore[django-manager-missing]  # Rule's manager is modelcluster's
    """A tag that editors pick: who a page is for. Retired, never deleted while used."""

    slug = models.SlugField(_("identifier"), max_length=80, unique=True)
    name = models.CharField(_("name in French"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.STATUS)
    broader = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="narrower",
        verbose_name=_("belongs to"),
        help_text=_("Whoever is in this audience is also in that one: L1 belongs to Licence, Licence to Students."),
    )
    retired = models.BooleanField(
        _("retired"), default=False, help_text=_("No longer offered to editors; pages that carry it keep it.")
    )

    sensitive = models.BooleanField(
        _("sensitive"),
        default=False,
        help_text=_(
            "Disability, health, social aid, union: never shown in a profile, counted, logged or exported, and used by "
            "the group below alone."
        ),
    )
    used_by = models.ForeignKey(
        Group,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("used by"),
        help_text=_("The group of the editors of its unit, for a sensitive audience."),
    )

    objects = AudienceQuerySet.as_manager()

    base_form_class = UsableAudiencesForm
    panels = [
        FieldPanel("name"),
        FieldPanel("name_en"),
        FieldPanel("slug"),
        FieldPanel("kind"),
        FieldPanel("broader"),
        FieldPanel("retired"),
        MultiFieldPanel([FieldPanel("sensitive"), FieldPanel("used_by")], heading=_("Who may use it")),
    ]

    class Meta:
        verbose_name = _("audience")
        verbose_name_plural = _("audiences")
        ordering = ["kind", "name"]
        permissions = [("see_as", _("Can see the portal as any audience, at any date"))]

    def __str__(self) -> str:
        return f"{self.label} ({_('retired')})" if self.retired else self.label

    def clean(self) -> None:
        if self.sensitive and self.used_by_id is None:
            raise ValidationError({"used_by": _("Say who may use a sensitive audience.")})
        ancestor = self.broader
        while ancestor is not None:
            if ancestor.pk == self.pk:
                raise ValidationError({"broader": _("An audience cannot belong to itself.")})
            ancestor = ancestor.broader


class Rule(ClusterableModel):
    """Who belongs to an audience: all of its conditions must hold. Several rules of one audience are alternatives."""

    audience = models.ForeignKey(Audience, on_delete=models.CASCADE, related_name="rules", verbose_name=_("audience"))

    panels = [
        FieldPanel("audience"),
        MultiFieldPanel(
            [InlinePanel("conditions", label=_("condition"), min_num=1), CountPanel()],
            heading=_("All of these must hold"),
        ),
    ]

    class Meta:
        verbose_name = _("rule")
        verbose_name_plural = _("rules")
        ordering = ["audience__kind", "audience__name", "pk"]

    def __str__(self) -> str:
        return f"{self.audience.label} : {self.sentence}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the rule with its conditions in one transaction: with some of them only, it would match more readers."""
        with transaction.atomic():
            super().save(*args, **kwargs)

    @property
    def sentence(self) -> str:
        """What the rule asks, in words."""
        conditions = [str(condition) for condition in self.conditions.all()]
        return f" {_('and')} ".join(conditions) if conditions else str(_("no condition: nobody"))


class Operator(models.TextChoices):
    """How a condition compares."""

    IN = "in", _("is one of")
    NOT_IN = "not_in", _("is none of")


class Condition(models.Model):
    """One test on one attribute of a position, e.g. `level` is one of L1, L2."""

    rule = ParentalKey(Rule, on_delete=models.CASCADE, related_name="conditions")
    attribute = models.CharField(_("attribute"), max_length=60)
    operator = models.CharField(_("comparison"), max_length=8, choices=Operator.choices, default=Operator.IN)
    values = models.CharField(
        _("values"), max_length=1000, help_text=_("Separated by commas, without braces: L1, L2. No value: nobody.")
    )

    panels = [
        FieldPanel("attribute", widget=forms.Select(choices=CallableChoiceIterator(claims.choices))),
        FieldPanel("operator"),
        FieldPanel("values"),
    ]

    def __str__(self) -> str:
        values = f" {_('or')} ".join(self.value_list)
        return f"{claims.label(self.attribute)} {self.get_operator_display()} {values}"

    @property
    def value_list(self) -> list[str]:
        return [value.strip() for value in self.values.split(",") if value.strip()]

    def clean(self) -> None:
        known = claims.known_attributes()
        if self.attribute and self.attribute not in known:
            raise ValidationError(
                {
                    "attribute": _("“%(name)s” is not an attribute the portal knows. Known: %(known)s.")
                    % {"name": self.attribute, "known": ", ".join(known)}
                }
            )
        if self.values and not self.value_list:
            raise ValidationError({"values": _("Give at least one value: a condition without value matches nobody.")})


class Demand(models.Model):
    """What one page asks: an AND of ORs over atoms, interned. Immutable: a page that asks otherwise points elsewhere.

    `clauses` is canonical JSON, e.g. `[["audience:3","audience:4"],["audience:9"]]`; an empty clause is met by nobody.
    """

    key = models.CharField(max_length=64, unique=True)
    clauses = models.JSONField()

    def __str__(self) -> str:
        return json.dumps(self.clauses)


class Visibility(models.Model):
    """A set of demands, each of which a reader must meet, interned. Immutable. `demands` is a sorted list of ids."""

    key = models.CharField(max_length=64, unique=True)
    demands = models.JSONField()

    def __str__(self) -> str:
        return json.dumps(self.demands)


class Change(models.Model):
    """One row for each transaction that changed what readers may see; see audience.version."""

    made_at = models.DateTimeField(auto_now_add=True)
    # Whether it concerns what each process keeps whole: demands, audiences, the portal's settings.
    reference = models.BooleanField(default=False)


class KnownReaderQuerySet(models.QuerySet["KnownReader"]):
    def by_positions(self) -> list[tuple[str, int]]:
        """Return each distinct `positions` text and the number of readers who have it: one row a signature."""
        return list(self.values_list("positions").annotate(number=models.Count("pk")).order_by())


class KnownReader(models.Model):
    """What the portal keeps of a reader it has met: attributes, and the audiences of each of their positions."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="known_reader")
    attributes = models.JSONField(default=dict)
    attributes_key = models.CharField(max_length=64, db_index=True, default="")
    # Canonical JSON, a list of positions, each a sorted list of audience ids; text, so that equal ones can be counted.
    positions = models.TextField(default="[[]]")
    units = models.JSONField(default=list)
    seen_at = models.DateTimeField(auto_now=True)

    objects = KnownReaderQuerySet.as_manager()

    class Meta:
        verbose_name = _("known reader")
        verbose_name_plural = _("known readers")

    def __str__(self) -> str:
        return f"{self.user_id}"


def digest(value: Any) -> str:
    """Return the key under which a JSON value is interned."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def count_sentence(readers: int) -> str:
    """Return “121 known readers”."""
    return ngettext("%(count)d known reader", "%(count)d known readers", readers) % {"count": readers}
