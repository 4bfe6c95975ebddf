"""Sections: a department's home."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel

from audience.middleware import PortalRequest
from audience.models import Audience
from audience.reader import Reader
from content.entry import EntryData, Kind
from content.fields import StreamField
from content.models import PortalPage
from content.panels import AudienceChecks
from news.categories import ANNOUNCEMENTS
from search.compiled import Fixed
from search.entries import entries_for, read_worded
from search.querysets import EntryQuerySet, places_of
from sections.admin_forms import SectionForm
from sections.blocks import QuickLinksBlock
from sections.colours import Colour, colours

NEWS, PINNED, ANNOUNCED = 5, 3, 4


class SectionsIndexPage(PortalPage):
    """All sections."""

    parent_page_types = ["home.HomePage"]
    subpage_types = ["sections.SectionPage"]

    class Meta:
        verbose_name = _("list of sections")
        verbose_name_plural = _("lists of sections")

    def entry(self, **more: Any) -> EntryData:
        return super().entry(kind=Kind.SECTIONS, **more)

    def get_context(self, request: PortalRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        language = request.reader.language
        sections = entries_for(request.reader).of_kind(Kind.SECTION).gathered_under(self, language=language).by_title()
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | {"entries": sections.page(request.GET.get("page"), size=60)}


class SectionPage(PortalPage):
    """A department's home, with its own news, agenda, guidance, services and pages under it."""

    colour = models.CharField(
        _("identity colour"),
        max_length=12,
        choices=colours,
        default=Colour.SAPIN,
        help_text=_("Worn by the band and the frieze at the head of the section."),
    )
    desk_name = models.CharField(_("name of the welcome desk"), max_length=120, blank=True)
    desk_place = models.CharField(_("place"), max_length=160, blank=True)
    desk_hours = models.CharField(_("opening hours"), max_length=160, blank=True)
    desk_phone = models.CharField(_("telephone"), max_length=40, blank=True)
    desk_email = models.EmailField(_("e-mail"), blank=True)
    quick_links = StreamField(QuickLinksBlock(), blank=True, verbose_name=_("quick links"))
    direct_publication = models.BooleanField(
        _("announcements are published directly"),
        default=False,
        help_text=_("Whoever may add pages here publishes announcements at once. Otherwise they are proofread first."),
    )
    announcement_audiences = ParentalManyToManyField(
        Audience,
        blank=True,
        related_name="+",
        verbose_name=_("audiences of announcements"),
        help_text=_("Offered first to whoever writes an announcement here. If none, those of the section."),
    )

    content_panels = [
        *PortalPage.content_panels,
        FieldPanel("colour"),
        MultiFieldPanel(
            [
                FieldPanel("desk_name"),
                FieldPanel("desk_place"),
                FieldPanel("desk_hours"),
                FieldRowPanel([FieldPanel("desk_phone"), FieldPanel("desk_email")]),
            ],
            heading=_("Welcome desk"),
        ),
        FieldPanel("quick_links"),
        FieldPanel("body"),
    ]
    settings_panels = [
        *PortalPage.settings_panels,
        MultiFieldPanel(
            [FieldPanel("direct_publication"), FieldPanel("announcement_audiences", widget=AudienceChecks)],
            heading=pgettext_lazy("several", "Announcements"),
        ),
    ]
    base_form_class = SectionForm
    parent_page_types = ["sections.SectionsIndexPage"]
    subpage_types = [
        "content.StandardPage",
        "news.NewsIndexPage",
        "events.AgendaPage",
        "guidance.GuidanceIndexPage",
        "services.CataloguePage",
    ]

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")

    @property
    def contact_line(self) -> str:
        """Whom to ask, in one line, for what the section announces."""
        desk = " · ".join(part for part in (self.desk_name, self.desk_phone, self.desk_email) if part)
        return (self.contact or desk)[:200]

    def entry(self, **more: Any) -> EntryData:
        said: dict[str, Any] = {
            "kind": Kind.SECTION,
            "extra": {"colour": self.colour},
            "identifiers": tuple(part for part in (self.desk_phone, self.desk_email) if part),
        }
        return super().entry(**{**said, **more})

    def get_context(self, request: PortalRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        reader = request.reader
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        here, there = places_of(self, language=reader.language)
        depth = Fixed(self.depth + 1)
        read = read_worded(
            lists_of_section, choose=dict, plan_once=False, reader=reader, here=here, there=there, menu_depth=depth
        )
        newest = [entry for entry in read["news"] if entry not in read["pinned"]]
        lists = [entry for entry in read["section_menu"] if entry.kind == Kind.NEWS_INDEX]
        return context | {
            **read,
            "news": [*read["pinned"], *newest][:NEWS],
            "announcements_url": f"{lists[0].url}?category={ANNOUNCEMENTS}" if lists else "",
        }


def lists_of_section(*, reader: Reader, here: str, there: str, menu_depth: Fixed) -> dict[str, EntryQuerySet]:
    """Return what the home of a section lists: what stands at its place (see `gathered_at`).

    Services and guidance in the order of its editors, not of titles, which would be of all that it has.
    """
    entries = entries_for(reader).gathered_at((here, there), language=reader.language)
    news = entries.of_kind(Kind.NEWS)
    menu = entries_for(reader).below(here).filter(depth=menu_depth.value, in_menu=True)
    return {
        "pinned": news.pinned(reader.at)[:PINNED],
        "news": news.newest_first()[:NEWS],
        "announcements": entries.of_kind(Kind.ANNOUNCEMENT).newest_first()[:ANNOUNCED],
        "events": entries.of_kind(Kind.EVENT).upcoming(reader.at)[:5],
        "services": entries.of_kind(Kind.SERVICE).in_tree_order()[:8],
        "guides": entries.of_kind(Kind.GUIDANCE).in_tree_order()[:6],
        "section_menu": menu.in_tree_order(),
    }
