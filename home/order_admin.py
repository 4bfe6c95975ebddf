"""The admin screens of the orders of home."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from home.orders import HomeOrder


class HomeOrderViewSet(SnippetViewSet):
    """The orders of home: dragged into the order in which they follow each other for a reader of several statuses."""

    model = HomeOrder
    icon = "home"
    sort_order_field = "order"
    list_display: list[Any] = ["name", Column("for_whom", label=_("for whom")), Column("card_names", label=_("cards"))]

    def get_queryset(self, request: Any) -> QuerySet[HomeOrder]:
        return HomeOrder.objects.prefetch_related("audiences", "cards")


register_snippet(HomeOrderViewSet)
