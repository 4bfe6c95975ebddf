"""The admin screen of the groups that claims give."""

from django.utils.translation import gettext_lazy as _
from wagtail_modeladmin.options import ModelAdmin, modeladmin_register

from accounts.models import GroupMapping


class GroupMappingAdmin(ModelAdmin):
    model = GroupMapping
    menu_label = _("Groups from claims")
    menu_icon = "group"
    add_to_settings_menu = True
    list_display = ["attribute", "value", "group"]
    list_select_related = ["group"]
    search_fields = ["value"]


modeladmin_register(GroupMappingAdmin)
