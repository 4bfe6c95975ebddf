"""Whose portal it is: names, address and the links at its foot, edited in the admin."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

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
    footer = StreamField([("column", ColumnBlock())], blank=True, verbose_name=_("columns of the foot"))
    legal = StreamField([("link", LinkBlock())], blank=True, verbose_name=_("legal links"))

    panels = [
        FieldPanel("name"),
        FieldPanel("institution"),
        FieldPanel("address"),
        FieldPanel("help_page"),
        FieldPanel("footer"),
        FieldPanel("legal"),
    ]

    class Meta:
        verbose_name = _("portal and institution")
