"""The admin screen of alerts, and the right to publish an emergency."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.home import (
    RecentEditsPanel,
    UserObjectsInWorkflowModerationPanel,
    WorkflowObjectsToModeratePanel,
)
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet
from wagtail_modeladmin.helpers import PermissionHelper
from wagtail_modeladmin.options import ModelAdmin, modeladmin_register

from home import desk
from home.models import Alert, AlertLevel
from home.orders import HomeOrder
from home.views import PUBLISH_EMERGENCY
from sections.announcing import may_announce


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


# What the desk says in fewer words and with the same number of queries however much there is.
REPLACED = (WorkflowObjectsToModeratePanel, UserObjectsInWorkflowModerationPanel, RecentEditsPanel)


class DeskPanel(Component):
    """Where an editor's day begins."""

    order = 100
    template_name = "home/admin/desk.html"

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        user = parent_context["request"].user
        announces = may_announce(user)
        ending = desk.ending(user, announces=announces)
        return {
            "written": desk.may_write(user),
            "announces": announces,
            "emergencies": user.has_perm(PUBLISH_EMERGENCY),
            "lists": [
                ("to-review", "clipboard-list", _("To review"), desk.to_review(user), _("Nothing waits for you.")),
                ("drafts", "edit", _("My drafts"), desk.drafts(user), _("All that you wrote is published.")),
                ("ending", "calendar-alt", _("Announcements that end soon"), ending, _("None ends within a week.")),
                ("published", "success", _("What I published lately"), desk.published(user), _("Nothing these days.")),
            ],
        }


@hooks.register("construct_homepage_panels")
def desk_first(request: HttpRequest, panels: list[Any]) -> None:
    panels[:] = [DeskPanel(), *(panel for panel in panels if not isinstance(panel, REPLACED))]


@hooks.register("insert_global_admin_css")
def admin_colours() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("admin/brand.css"))


class HomeOrderViewSet(SnippetViewSet):
    """The orders of home: dragged into the order in which they follow each other for a reader of several statuses."""

    model = HomeOrder
    icon = "home"
    sort_order_field = "order"
    list_display: list[Any] = ["name", Column("for_whom", label=_("for whom")), Column("card_names", label=_("cards"))]

    def get_queryset(self, request: Any) -> QuerySet[HomeOrder]:
        return HomeOrder.objects.prefetch_related("audiences", "cards")


register_snippet(HomeOrderViewSet)
