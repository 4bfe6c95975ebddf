"""Whose portal it is: names, address, what the law asks, where messages go, and the links at its foot."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from content.accessibility import AccessibilityAudit
from content.fields import StreamField


class LinkBlock(blocks.StructBlock):
    """A link to a page of the portal, shown to whom the page is shown, or to another address."""

    page = blocks.PageChooserBlock(required=False, label=_("Page"))
    url = blocks.URLBlock(required=False, label=_("or address"))
    label = blocks.CharBlock(required=False, max_length=80, label=_("Words"), help_text=_("Else the page's title."))

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


@register_setting(icon="home")
class PortalSettings(BaseGenericSetting):
    """The portal's own name, its institution, and its foot, for one language tree after another."""

    name = models.CharField(_("name of the portal"), max_length=60, default=settings.PARVIS_NAME)
    institution = models.CharField(_("institution"), max_length=120, default=settings.PARVIS_INSTITUTION)
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

    audit: AccessibilityAudit | None = None  # the newest, set by what reads the settings for a page

    panels = [
        FieldPanel("name"),
        FieldPanel("institution"),
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
    foot_panels = [FieldPanel("footer"), FieldPanel("legal")]
    edit_handler = TabbedInterface(
        [
            ObjectList(panels, heading=_("Portal and institution")),
            ObjectList(legal_panels, heading=_("Legal notice")),
            ObjectList(foot_panels, heading=_("Foot of pages")),
        ]
    )

    class Meta:
        verbose_name = _("portal and institution")
