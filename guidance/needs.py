"""Needs: what readers come for, in their own words and in the editors' order."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from content.ordered import OrderedName


class Need(OrderedName):
    """A need that guidance answers: I enrol, I am ill during an exam, I go abroad."""

    panels = [
        FieldPanel("name", help_text=_("In the reader's words: I enrol, I am ill, I go abroad.")),
        FieldPanel("name_en"),
    ]

    class Meta(OrderedName.Meta):
        verbose_name = _("need")
        verbose_name_plural = _("needs")


class NeedViewSet(SnippetViewSet):
    model = Need
    icon = "help"
    sort_order_field = "order"
    list_display: list[Any] = ["name", "name_en"]


register_snippet(NeedViewSet)


def known_need(given: str) -> int:
    """Return the id of a need as an address gives it; of one that is not, 0."""
    number = int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0
    return number if number and Need.objects.filter(pk=number).exists() else 0
