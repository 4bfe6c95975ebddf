"""Doors: a page for each sort of reader, named by what they come for, with what they open first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail import blocks
from wagtail.admin.panels import FieldPanel

from audience.demands import table
from audience.middleware import PortalRequest
from audience.models import Audience
from audience.profile import audiences_at
from audience.reader import Position, Reader
from audience.version import Version
from content.entry import EntryData, Kind
from content.fields import StreamField
from content.models import PortalPage
from content.panels import AudienceChecks
from search.entries import entries_for
from search.links import pages_for
from search.models import Entry

NEWS, DATES = 5, 5


class DoorPage(PortalPage):
    """Where one sort of reader comes in: students, teachers, alumni… A page, open to all that may see it."""

    services = StreamField(
        [("page", blocks.PageChooserBlock(page_type="services.ServicePage", label=_("Service")))],
        blank=True,
        verbose_name=_("services"),
        help_text=_("Those they open first. Each reader is shown those that are open to them."),
    )
    guides = StreamField(
        [("page", blocks.PageChooserBlock(page_type="guidance.GuidancePage", label=_("Guidance sheet")))],
        blank=True,
        verbose_name=_("guidance sheets"),
    )
    concerned = ParentalManyToManyField(
        Audience,
        blank=True,
        related_name="+",
        verbose_name=_("audiences concerned"),
        help_text=_("What is recommended to them, and open to the reader, is listed: news and dates."),
    )

    content_panels = [
        *PortalPage.content_panels,
        FieldPanel("services"),
        FieldPanel("guides"),
        FieldPanel("concerned", widget=AudienceChecks),
        FieldPanel("body"),
    ]
    parent_page_types = ["home.HomePage"]
    subpage_types: list[str] = []
    template = "home/door_page.html"

    class Meta:
        verbose_name = _("door")
        verbose_name_plural = _("doors")

    def entry(self, **more: Any) -> EntryData:
        said: dict[str, Any] = {"kind": Kind.DOOR}
        return super().entry(**{**said, **more})

    def get_context(self, request: PortalRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        reader = request.reader
        services, guides = ([child["value"] for child in chosen.raw_data] for chosen in (self.services, self.guides))
        known = pages_for([*services, *guides], reader=reader)
        mine = recommended_to(self.concerned.all(), version=request.content_version)
        theirs = entries_for(reader).listed_in(reader.language).filter(recommendation_id__in=mine)
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | {
            "services": _shown(services, known),
            "guides": _shown(guides, known),
            "news": list(theirs.of_kind(Kind.NEWS).newest_first()[:NEWS]),
            "dates": list(theirs.of_kind(Kind.EVENT).upcoming(reader.at)[:DATES]),
        }


def _shown(chosen: list[int], known: dict[int, Entry]) -> list[Entry]:
    """Return the entries of pages an editor chose, those the reader may see, in their order and each once."""
    return list(dict.fromkeys(known[pk] for pk in chosen if pk in known))


def recommended_to(audiences: Iterable[Audience], *, version: Version) -> tuple[int, ...]:
    """Return the recommendations that reach whoever is of one of these audiences: none for no audience.

    It says what concerns them, never what may be seen: that is the door's reader's own.
    """
    known = audiences_at(version)
    positions = tuple(_with_broader(one, known) for one in audiences)
    if not positions:
        return ()
    return table(version).seen_by(Reader(positions=positions, signed_in=True)).recommended


def _with_broader(audience: Audience, known: dict[int, Audience]) -> Position:
    found = {audience.pk}
    while audience.broader_id in known and audience.broader_id not in found:
        audience = known[audience.broader_id]
        found.add(audience.pk)
    return frozenset(found)
