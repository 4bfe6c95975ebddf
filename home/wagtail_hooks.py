"""The admin screen of alerts, and the right to publish an emergency."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.tables import Column
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet
from wagtail_modeladmin.helpers import PermissionHelper
from wagtail_modeladmin.options import ModelAdmin, modeladmin_register

from home.models import Alert, AlertLevel
from home.orders import HomeOrder
from home.views import PUBLISH_EMERGENCY


class AlertPermissions(PermissionHelper):
    """An emergency is ended where it is published, and kept; those who may publish one may delete it."""

    def user_can_edit_obj(self, user: Any, obj: Alert) -> bool:
        return bool(obj.level != AlertLevel.EMERGENCY and super().user_can_edit_obj(user, obj))

    def user_can_delete_obj(self, user: Any, obj: Alert) -> bool:
        may = obj.level != AlertLevel.EMERGENCY or user.has_perm(PUBLISH_EMERGENCY)
        return bool(may and super().user_can_delete_obj(user, obj))


class AlertAdmin(ModelAdmin):
    model = Alert
    menu_label = _("Alerts")
    menu_icon = "warning"
    menu_order = 240
    permission_helper_class = AlertPermissions
    list_display = ("title", "level", "starts_at", "ends_at", "access")
    list_filter = ("level", "access")
    search_fields = ("title", "text", "title_en", "text_en")


modeladmin_register(AlertAdmin)


@hooks.register("register_permissions")
def emergency_permission() -> QuerySet[Permission]:
    return Permission.objects.filter(content_type__app_label="home", codename="publish_emergency")


class HomeOrderViewSet(SnippetViewSet):
    """The orders of home: dragged into the order in which they follow each other for a reader of several statuses."""

    model = HomeOrder
    icon = "home"
    sort_order_field = "order"
    list_display: list[Any] = ["name", Column("for_whom", label=_("for whom")), Column("card_names", label=_("cards"))]

    def get_queryset(self, request: Any) -> QuerySet[HomeOrder]:
        return HomeOrder.objects.prefetch_related("audiences", "cards")


register_snippet(HomeOrderViewSet)
