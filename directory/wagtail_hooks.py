"""The admin screen of units."""

from django.utils.translation import gettext_lazy as _
from wagtail_modeladmin.options import ModelAdmin, modeladmin_register

from directory.models import Unit


class UnitAdmin(ModelAdmin):
    model = Unit
    menu_label = _("Units")
    menu_icon = "home"
    menu_order = 260
    list_display = ("name", "acronym", "code", "parent")
    list_select_related = ("parent",)
    search_fields = ("name", "acronym", "code")


modeladmin_register(UnitAdmin)
