"""Whose portal it is: names, address, what the law asks, where messages go, and the links at its foot."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from content.accent import Accent
from content.accessibility import AccessibilityAudit
from content.fields import StreamField
from content.portal_forms import PortalSettingsForm, accent_errors


def default_name() -> str:
    return str(settings.PARVIS_NAME)


def default_institution() -> str:
    return str(settings.PARVIS_INSTITUTION)


def languages() -> list[tuple[str, Any]]:
    return settings.LANGUAGES


def other_languages() -> list[tuple[str, Any]]:
    """Return the languages in which what is typed in the portal's first language may be said as well."""
    return [(code, name) for code, name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


class LinkBlock(blocks.StructBlock):
    """A link to a page of the portal, shown to whom the page is shown, or to another address."""

    page = blocks.PageChooserBlock(required=False, label=_("Page"))
    url = blocks.URLBlock(required=False, label=_("or address"))
    label = blocks.CharBlock(required=False, max_length=80, label=_("Words"), help_text=_("Else the page's title."))
    language = blocks.ChoiceBlock(
        choices=languages,
        required=False,
        label=_("Only in"),
        help_text=_("The language whose readers see it; none: all of them."),
    )

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if not cleaned.get("page") and not cleaned.get("url"):
            missing = ValidationError(_("Choose a page, or give an address."))
            raise blocks.StructBlockValidationError(block_errors={"url": missing})
        return cleaned

    class Meta:
        icon = "link"
        label = _("Link")


class ColumnBlock(blocks.StructBlock):
    title = blocks.CharBlock(max_length=60, label=_("Title"))
    title_en = blocks.CharBlock(max_length=60, required=False, label=_("Title in English"))
    links = blocks.ListBlock(LinkBlock(), label=_("Links"))

    class Meta:
        icon = "list-ul"
        label = _("Column")


class WordsBlock(blocks.StructBlock):
    """The names of the portal in another language than its first."""

    language = blocks.ChoiceBlock(choices=other_languages, label=_("Language"))
    name = blocks.CharBlock(required=False, max_length=60, label=_("Name of the portal"))
    institution = blocks.CharBlock(required=False, max_length=120, label=_("Institution"))
    foot = blocks.TextBlock(required=False, rows=2, label=_("Words at the foot"))

    class Meta:
        icon = "globe"
        label = _("In another language")


@register_setting(icon="home")
class PortalSettings(BaseGenericSetting):
    """The portal's own name, its institution, and its foot, for one language tree after another."""

    name = models.CharField(_("name of the portal"), max_length=60, default=default_name)
    institution = models.CharField(_("institution"), max_length=120, default=default_institution)
    short_name = models.CharField(
        _("short name"), max_length=14, blank=True, help_text=_("Under the icon, on a phone. Else the portal’s name.")
    )
    words = StreamField([("words", WordsBlock())], blank=True, verbose_name=_("names in other languages"))
    logo = models.FileField(
        _("logo"),
        upload_to="portal",
        blank=True,
        help_text=_("SVG, PNG or WebP, at most 200 kB: about 40 pixels high."),
    )
    logo_dark = models.FileField(
        _("logo in the dark theme"),
        upload_to="portal",
        blank=True,
        help_text=_("None: the logo stands on a light ground."),
    )
    icon = models.FileField(
        pgettext_lazy("of an application", "icon"),
        upload_to="portal",
        blank=True,
        help_text=_("A square PNG of at least 512 pixels. None: an arch in the accent colour."),
    )
    accent = models.CharField(
        _("accent colour"),
        max_length=7,
        blank=True,
        help_text=_("Of links and buttons, as #0b5a4d. Its contrast is measured; none: the portal’s own green."),
    )
    accent_dark = models.CharField(
        _("accent colour in the dark theme"),
        max_length=7,
        blank=True,
        help_text=_("None: a lighter one of the same hue."),
    )
    foot = models.TextField(_("words at the foot"), max_length=400, blank=True)
    quick_links = StreamField(
        [("link", LinkBlock())],
        blank=True,
        verbose_name=_("quick links"),
        help_text=_("What everybody opens every day: mail, courses, timetable. In the menu of every page."),
    )
    address = models.TextField(_("address and telephone"), blank=True)
    help_page = models.ForeignKey(
        "wagtailcore.Page", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("help")
    )
    contact_email = models.EmailField(
        _("address for messages"),
        blank=True,
        help_text=_("Messages of the contact form go there, unless the page’s unit has an address."),
    )
    legal_form = models.CharField(_("legal form"), max_length=160, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    director = models.CharField(_("publication director"), max_length=160, blank=True, help_text=_("Name and office."))
    host_name = models.CharField(_("host: name"), max_length=160, blank=True)
    host_address = models.TextField(_("host: address"), blank=True)
    host_phone = models.CharField(_("host: telephone"), max_length=40, blank=True)
    data_officer = models.CharField(
        _("data protection officer"), max_length=200, blank=True, help_text=_("Name and address, e-mail or both.")
    )
    accessibility_page = models.ForeignKey(
        "wagtailcore.Page",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("accessibility statement"),
        help_text=_("The page to which the mention at the foot of each page leads."),
    )
    footer = StreamField([("column", ColumnBlock())], blank=True, verbose_name=_("columns of the foot"))
    legal = StreamField([("link", LinkBlock())], blank=True, verbose_name=_("legal links"))

    # Set by what reads the settings for a page: the newest audit, and the translation keys of the pages linked.
    audit: AccessibilityAudit | None = None
    linked: tuple[UUID, ...] = ()

    base_form_class = PortalSettingsForm
    panels = [
        FieldRowPanel([FieldPanel("name"), FieldPanel("short_name")]),
        FieldPanel("institution"),
        FieldPanel("words"),
        FieldPanel("address"),
        FieldPanel("help_page"),
        FieldPanel("contact_email"),
    ]
    legal_panels = [
        MultiFieldPanel(
            [FieldPanel("legal_form"), FieldPanel("phone"), FieldPanel("director")],
            heading=_("Publisher"),
            help_text=_("With the institution and its address: what the French law on digital trust (LCEN) asks."),
        ),
        MultiFieldPanel(
            [FieldPanel("host_name"), FieldPanel("host_address"), FieldPanel("host_phone")], heading=_("Host")
        ),
        FieldPanel("data_officer"),
        FieldPanel("accessibility_page"),
    ]
    look_panels = [
        MultiFieldPanel([FieldPanel("logo"), FieldPanel("logo_dark"), FieldPanel("icon")], heading=_("Logo and icon")),
        MultiFieldPanel([FieldPanel("accent"), FieldPanel("accent_dark")], heading=_("Colour")),
    ]
    link_panels = [FieldPanel("quick_links")]
    foot_panels = [FieldPanel("foot"), FieldPanel("footer"), FieldPanel("legal")]
    edit_handler = TabbedInterface(
        [
            ObjectList(panels, heading=_("Portal and institution")),
            ObjectList(look_panels, heading=_("Look")),
            ObjectList(link_panels, heading=_("Quick links")),
            ObjectList(legal_panels, heading=_("Legal notice")),
            ObjectList(foot_panels, heading=_("Foot of pages")),
        ]
    )

    class Meta:
        verbose_name = _("portal and institution")

    def clean(self) -> None:
        super().clean()
        self.accent, self.accent_dark = self.accent.strip().lower(), self.accent_dark.strip().lower()
        if errors := accent_errors(self.accent, self.accent_dark):
            raise ValidationError(errors)

    @property
    def colours(self) -> Accent | None:
        """The institution's accent; None: that of tokens.css."""
        return Accent.of(self.accent, self.accent_dark) if self.accent else None
