"""The service catalogue: what the university offers, where it opens, and whether it works now."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import TranslatableMixin
from wagtail.snippets.models import register_snippet

from audience.demands import table
from audience.middleware import PortalRequest
from audience.profile import audiences_at
from content.entry import EntryData, Kind
from content.fields import StreamField
from content.icons import ICON_CHOICES
from content.models import PortalPage
from search.entries import entries_for
from search.links import chosen_entries, in_the_language_of
from search.related import mentioning, related_to
from services.catalogue import Asked, Catalogue

MOST_LISTED, MOST_HELP = 500, 5


class ServiceFamilyQuerySet(models.QuerySet["ServiceFamily"]):
    def spoken_in(self, language: str) -> dict[str, tuple[int, str]]:
        """Return the id and the name of each family that has a version in `language`, by its translation key."""
        found = self.filter(locale__language_code=language).values_list("translation_key", "pk", "name")
        return {str(key): (pk, name) for key, pk, name in found}


@register_snippet
class ServiceFamily(TranslatableMixin, models.Model):
    """A family of services, in each language: the six of an ENT and research to begin with."""

    name = models.CharField(_("name"), max_length=80)
    icon = models.CharField(_("icon"), max_length=40, default="layout-grid", choices=ICON_CHOICES)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    panels = [FieldPanel("name"), FieldPanel("icon"), FieldPanel("order")]

    objects = ServiceFamilyQuerySet.as_manager()

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
        reader, version = request.reader, request.content_version
        services = entries_for(reader).of_kind(Kind.SERVICE).beside(self, language=reader.language)
        catalogue = Catalogue(
            services=list(services.by_title()[:MOST_LISTED]),
            asked=Asked.of(request.GET, reader=reader),
            reader=reader,
            audiences=audiences_at(version),
            demands=table(version).demands,
            families=ServiceFamily.objects.spoken_in(reader.language),
        )
        request.recognised = catalogue.is_known
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | {"catalogue": catalogue}


class ServicePage(PortalPage):
    """A service: what it is for, whom it serves, and where it opens."""

    launch_url = models.URLField(_("launch address"), blank=True)
    place = models.CharField(
        _("place"), max_length=160, blank=True, help_text=_("Where it is, for a service that has no address to open.")
    )
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

    help_pages = StreamField(
        [("page", blocks.PageChooserBlock(page_type="guidance.GuidancePage", label=_("Guidance sheet")))],
        blank=True,
        verbose_name=_("help"),
        help_text=_("The guidance sheets to read first. Those that link to this service follow by themselves."),
    )

    content_panels = [
        *PortalPage.content_panels,
        FieldPanel("launch_url"),
        FieldPanel("place"),
        FieldRowPanel([FieldPanel("family"), FieldPanel("icon")]),
        FieldPanel("keywords"),
        FieldRowPanel([FieldPanel("opens_on"), FieldPanel("closes_on")]),
        FieldPanel("operators"),
        FieldPanel("help_pages"),
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

    @property
    def service_key(self) -> UUID:
        """What its translations have in common, and its aliases: an alias has a translation key of its own."""
        key: UUID = self.alias_of.translation_key if self.alias_of_id else self.translation_key
        return key

    def entry(self, **more: Any) -> EntryData:
        family = self.family.get_translation_or_none(self.locale) or self.family if self.family else None
        state = ServiceState.objects.current_of(self.translation_key)
        retired = Retirement.objects.filter(service=self.service_key).first()
        said: dict[str, Any] = {
            # Of a kind of its own, it stands in no list of services any more.
            "kind": Kind.RETIRED if retired else Kind.SERVICE,
            "in_menu": self.show_in_menus and not retired,
            "identifiers": tuple(word.strip() for word in self.keywords.split(",") if word.strip()),
            "extra": {
                "launch_url": self.launch_url,
                "place": self.place,
                "icon": self.icon or (family.icon if family else ""),
                "family": family.name if family else "",
                "family_key": str(family.translation_key) if family else "",
                "family_id": family.pk if family else 0,
                "family_icon": family.icon if family else "",
                "family_order": family.order if family else 99,
                "opens_on": self.opens_on.isoformat() if self.opens_on else "",
                "closes_on": self.closes_on.isoformat() if self.closes_on else "",
                "state": state.as_extra() if state and not retired else None,
                "retired": retired.as_extra() if retired else None,
            },
        }
        return super().entry(**{**said, **more})

    def get_context(self, request: PortalRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        reader = request.reader
        chosen = chosen_entries([child["value"] for child in self.help_pages.raw_data], reader=reader)
        mention = mentioning(self, kind=Kind.GUIDANCE, reader=reader, limit=MOST_HELP)
        retired = Retirement.objects.filter(service=self.service_key).first()
        successor = None
        if retired and retired.successor:
            heirs = entries_for(reader).of_kind(Kind.SERVICE).translations_of([retired.successor])
            successor = in_the_language_of(reader, heirs).get(retired.successor)
        return context | {
            "related": [] if retired else related_to(self, reader=reader, alike="family_key"),
            "guides": list(dict.fromkeys([*chosen, *mention]))[:MOST_HELP],
            "retired": retired,
            "successor": successor,
        }


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


class Retirement(models.Model):
    """That a service is no more: apart from its page, like its state, so that no draft brings it back."""

    service = models.UUIDField(_("service"), unique=True, help_text=_("The translation key of its pages."))
    successor = models.UUIDField(_("successor"), null=True, blank=True, help_text=_("The translation key."))
    message = models.CharField(_("message"), max_length=300, blank=True)
    since = models.DateTimeField(_("since"), default=timezone.now)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("retirement of a service")
        verbose_name_plural = _("retirements of services")

    def __str__(self) -> str:
        return f"{self.service} ({self.since:%Y-%m-%d})"

    def as_extra(self) -> dict[str, str]:
        """Return what an entry says of it; the instant in ISO 8601, the successor by its translation key."""
        return {"since": self.since.isoformat(), "successor": str(self.successor or "")}
