"""The service catalogue: what the university offers, where it opens, and whether it works now."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import TranslatableMixin
from wagtail.snippets.models import register_snippet

from audience.middleware import PortalRequest
from content.entry import EntryData, Kind
from content.icons import ICON_CHOICES
from content.models import PortalPage
from search.entries import entries_for
from search.models import Entry
from search.related import related_to


@register_snippet
class ServiceFamily(TranslatableMixin, models.Model):
    """A family of services, in each language: the six of an ENT and research to begin with."""

    name = models.CharField(_("name"), max_length=80)
    icon = models.CharField(_("icon"), max_length=40, default="layout-grid", choices=ICON_CHOICES)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    panels = [FieldPanel("name"), FieldPanel("icon"), FieldPanel("order")]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("service family")
        verbose_name_plural = _("service families")
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name


class CataloguePage(PortalPage):
    """The services of the portal, or of a section, by family."""

    parent_page_types = ["home.HomePage", "sections.SectionPage"]
    subpage_types = ["services.ServicePage"]

    class Meta:
        verbose_name = _("service catalogue")
        verbose_name_plural = _("service catalogues")

    def entry(self, **more: Any) -> EntryData:
        return super().entry(kind=Kind.CATALOGUE, **more)

    def get_context(self, request: PortalRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        services = list(
            entries_for(request.reader)
            .of_kind(Kind.SERVICE)
            .beside(self, language=request.reader.language)
            .by_title()[:500]
        )
        services.sort(key=lambda entry: (entry.extra.get("family_order", 0), _family_of(entry)))
        language = request.reader.language
        names = ServiceFamily.objects.filter(locale__language_code=language).values_list("translation_key", "name")
        spoken = {str(key): name for key, name in names}
        families = []
        for key, group in groupby(services, key=_family_of):
            entries = list(group)
            said = (spoken[key], language) if key in spoken else (entries[0].extra.get("family", ""), entries[0].spoken)
            families.append({"family": said[0], "language": said[1], "entries": entries})
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | {"families": families}


def _family_of(service: Entry) -> str:
    """Return what the translations of a family have in common."""
    return str(service.extra.get("family_key", ""))


class ServicePage(PortalPage):
    """A service: what it is for, whom it serves, and where it opens."""

    launch_url = models.URLField(_("launch address"), blank=True)
    keywords = models.CharField(_("keywords"), max_length=300, blank=True, help_text=_("Other names readers give it."))
    family = models.ForeignKey(
        ServiceFamily, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("family")
    )
    icon = models.CharField(_("icon"), max_length=40, blank=True, choices=ICON_CHOICES)
    opens_on = models.DateField(_("opens on"), null=True, blank=True)
    closes_on = models.DateField(_("closes on"), null=True, blank=True)
    operators = ParentalManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="+",
        verbose_name=_("operators"),
        help_text=_("Who may say at once that it is down or works again."),
    )

    content_panels = [
        *PortalPage.content_panels,
        FieldPanel("launch_url"),
        FieldRowPanel([FieldPanel("family"), FieldPanel("icon")]),
        FieldPanel("keywords"),
        FieldRowPanel([FieldPanel("opens_on"), FieldPanel("closes_on")]),
        FieldPanel("operators"),
        FieldPanel("body"),
    ]
    parent_page_types = ["services.CataloguePage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")

    def clean(self) -> None:
        super().clean()
        if self.opens_on and self.closes_on and self.closes_on < self.opens_on:
            raise ValidationError({"closes_on": _("The service would close before it opens.")})

    def entry(self, **more: Any) -> EntryData:
        family = self.family.get_translation_or_none(self.locale) or self.family if self.family else None
        state = ServiceState.objects.current_of(self.translation_key)
        said: dict[str, Any] = {
            "kind": Kind.SERVICE,
            "identifiers": tuple(word.strip() for word in self.keywords.split(",") if word.strip()),
            "extra": {
                "launch_url": self.launch_url,
                "icon": self.icon or (family.icon if family else ""),
                "family": family.name if family else "",
                "family_key": str(family.translation_key) if family else "",
                "family_icon": family.icon if family else "",
                "family_order": family.order if family else 99,
                "opens_on": self.opens_on.isoformat() if self.opens_on else "",
                "closes_on": self.closes_on.isoformat() if self.closes_on else "",
                "state": state.as_extra() if state else None,
            },
        }
        return super().entry(**{**said, **more})

    def get_context(self, request: PortalRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | {"related": related_to(self, reader=request.reader)}


class Level(models.TextChoices):
    """How a service goes."""

    NORMAL = "normal", _("Works normally")
    DEGRADED = "degraded", _("Degraded")
    MAINTENANCE = "maintenance", _("Under maintenance")
    DOWN = "down", _("Unavailable")


class ServiceStateQuerySet(models.QuerySet["ServiceState"]):
    def current(self) -> ServiceStateQuerySet:
        """Keep the states that hold now."""
        return self.filter(ended_at=None).filter(Q(until=None) | Q(until__gt=timezone.now()))

    def current_of(self, service: Any) -> ServiceState | None:
        """Return the state that holds now for the service of this translation key, if it is not simply normal."""
        state = self.current().filter(service=service).order_by("-since", "-pk").first()
        return state if state and state.level != Level.NORMAL else None


class ServiceState(models.Model):
    """How a service went from one instant to another: the history is these rows. Shared by translations."""

    service = models.UUIDField(_("service"), db_index=True, help_text=_("The translation key of its pages."))
    level = models.CharField(_("state"), max_length=12, choices=Level.choices)
    message = models.CharField(_("message"), max_length=300, blank=True)
    since = models.DateTimeField(_("since"), default=timezone.now)
    until = models.DateTimeField(_("expected end"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = ServiceStateQuerySet.as_manager()

    class Meta:
        verbose_name = _("service state")
        verbose_name_plural = _("service states")
        ordering = ["-since", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_level_display()} ({self.since:%Y-%m-%d %H:%M})"

    def as_extra(self) -> dict[str, str]:
        """Return what a card prints; instants in ISO 8601."""
        return {
            "level": self.level,
            "message": self.message,
            "since": self.since.isoformat(),
            "until": self.until.isoformat() if self.until else "",
        }
