"""The home page, and the alerts that stand above pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, PageChooserPanel

from audience.middleware import PortalRequest
from audience.models import Access, Audience
from content.entry import EntryData, Kind
from content.models import DISCRETION, PortalPage
from content.panels import AudienceChecks, AudiencePanel
from content.records import Liveness, Recipients, Record
from home.doors import DoorPage
from home.favourites import Favourite
from home.forms import AlertForm
from home.orders import HomeCard, HomeOrder, HomeService, orders_for  # noqa: F401  # models of this room
from home.services import home_of

__all__ = ["Alert", "AlertLevel", "AlertPlace", "DoorPage", "Favourite", "HomePage"]


class HomePage(PortalPage):
    """The front door, in one language."""

    content_panels = [*PortalPage.content_panels, FieldPanel("body")]
    # Everything stands under home: it cannot be discreet.
    settings_panels = [panel for panel in PortalPage.settings_panels if panel is not DISCRETION]
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "content.StandardPage",
        "news.NewsIndexPage",
        "events.AgendaPage",
        "guidance.GuidanceIndexPage",
        "services.CataloguePage",
        "sections.SectionsIndexPage",
        "home.DoorPage",
    ]

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def entry(self, **more: Any) -> EntryData:
        return super().entry(kind=Kind.HOME, **more)

    def get_context(self, request: PortalRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | home_of(request.reader, orders=orders_for(request))


class AlertLevel(models.TextChoices):
    """How much an alert matters. An emergency is published by named persons alone, and cannot be hidden."""

    INFORMATION = "info", _("Information")
    WARNING = "warning", _("Warning")
    EMERGENCY = "emergency", _("Emergency")


class AlertQuerySet(models.QuerySet["Alert"]):
    def current(self) -> AlertQuerySet:
        """Keep those that are shown now."""
        now = timezone.now()
        return self.filter(starts_at__lte=now).filter(models.Q(ends_at=None) | models.Q(ends_at__gt=now))


class Alert(Record, ClusterableModel):
    """A few words above the pages of those they are for, from one instant to another."""

    level = models.CharField(_("level"), max_length=12, choices=AlertLevel.choices, default=AlertLevel.INFORMATION)
    title = models.CharField(_("title"), max_length=90)
    text = models.CharField(_("text"), max_length=300, help_text=_("What happens, what still works, what to do."))
    title_en = models.CharField(_("title in English"), max_length=90, blank=True)
    text_en = models.CharField(_("text in English"), max_length=300, blank=True)
    link = models.ForeignKey(
        "wagtailcore.Page", on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("page that says more"),
    )  # fmt: skip
    starts_at = models.DateTimeField(pgettext_lazy("an alert", "from"), default=timezone.now)
    ends_at = models.DateTimeField(pgettext_lazy("an alert", "until"), null=True, blank=True)
    access = models.CharField(_("access"), max_length=12, choices=Access.choices, default=Access.RECOMMENDED)
    audiences = ParentalManyToManyField(Audience, blank=True, related_name="+", verbose_name=_("audiences"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )

    objects = AlertQuerySet.as_manager()

    base_form_class = AlertForm
    panels = [
        FieldPanel("level", widget=forms.RadioSelect),
        FieldPanel("title"),
        FieldPanel("text", widget=forms.Textarea(attrs={"rows": 3})),
        MultiFieldPanel(
            [FieldPanel("title_en"), FieldPanel("text_en", widget=forms.Textarea(attrs={"rows": 3}))],
            heading=_("In English"),
        ),
        PageChooserPanel("link"),
        FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
        AudiencePanel(
            [FieldPanel("access", widget=forms.RadioSelect), FieldPanel("audiences", widget=AudienceChecks)],
            heading=_("Audiences"),
        ),
        InlinePanel(
            "places",
            label=_("page"),
            heading=_("Shown on these pages and below them"),
            help_text=_("None: on all pages."),
        ),
    ]

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        ordering = ["-starts_at", "-pk"]
        permissions = [("publish_emergency", _("Can publish an emergency, to everyone and at once"))]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the alert with its audiences in one transaction: without them, it would be for other readers."""
        with transaction.atomic():
            super().save(*args, **kwargs)

    def clean(self) -> None:
        if self.ends_at and self.starts_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": _("The alert would end before it begins.")})
        if self.ends_at is None and self.level != AlertLevel.EMERGENCY:
            raise ValidationError({"ends_at": _("Say until when: an alert that nobody ends is no longer read.")})
        if bool(self.title_en) != bool(self.text_en):
            raise ValidationError({"text_en": _("In English, give both the title and the text.")})

    def entry(self) -> EntryData:
        english = {"en": {"title": self.title_en, "text": self.text_en}} if self.title_en else {}
        return EntryData(
            kind=Kind.ALERT,
            title=self.title,
            summary=self.text,
            body=f"{self.title_en} {self.text_en}".strip(),
            published_at=self.starts_at,
            ends_at=self.ends_at,
            # Pages are named by their translation keys: an alert below a page is below its translations.
            extra={
                "level": self.level,
                "words": english,
                "link": str(self.link.translation_key) if self.link else "",
                "below": self._below(),
            },
        )

    def _below(self) -> list[str]:
        """Return the pages below which it stands; an emergency stands everywhere."""
        if self.level == AlertLevel.EMERGENCY:
            return []
        return sorted(str(place.page.translation_key) for place in self.places.select_related("page"))

    def entry_url(self) -> str:
        with translation.override(settings.LANGUAGE_CODE):
            return f"{reverse('alerts')}#alert-{self.pk}"

    def recipients(self) -> Recipients:
        return Recipients(self.access, tuple(self.audiences.all()))

    def liveness(self) -> Liveness:
        return Liveness(starts=self.starts_at, ends=self.ends_at)


class AlertPlace(models.Model):
    """A page on which an alert is shown, and below which."""

    alert = ParentalKey(Alert, on_delete=models.CASCADE, related_name="places")
    page = models.ForeignKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="+", verbose_name=_("page"))

    panels = [PageChooserPanel("page")]

    def __str__(self) -> str:
        return f"{self.alert_id}: {self.page_id}"
