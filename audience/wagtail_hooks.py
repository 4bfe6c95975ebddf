"""The admin screens of audiences and rules, and the right to see as others."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import display
from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail_modeladmin.options import ModelAdmin, ModelAdminGroup, modeladmin_register

from audience import admin_views
from audience.models import Audience, Rule


class AudienceAdmin(ModelAdmin):
    model = Audience
    menu_label = _("Audiences")
    menu_icon = "group"
    list_display = ("named", "kind", "broader", "no_longer_offered", "kept_quiet")
    list_filter = ("kind", "retired")
    list_select_related = ("broader",)
    search_fields = ("name", "name_en", "slug")
    add_to_settings_menu = False

    @display(description=_("name"), ordering="name")
    def named(self, audience: Audience) -> str:
        return audience.label

    @display(description=_("sensitive"), ordering="sensitive")
    def kept_quiet(self, audience: Audience) -> str:
        return str(_("yes")) if audience.sensitive else ""

    @display(description=_("retired"), ordering="retired")
    def no_longer_offered(self, audience: Audience) -> str:
        # Words: the marks of Django's own admin, which the portal does not have, would be broken images.
        return str(_("yes")) if audience.retired else ""


class RuleAdmin(ModelAdmin):
    model = Rule
    menu_label = _("Rules")
    menu_icon = "list-ul"
    list_display = ("audience", "sentence")
    list_filter = ("audience__kind",)
    search_fields = ("audience__name", "audience__slug", "conditions__values")

    def get_queryset(self, request: Any) -> QuerySet[Rule]:
        rules: QuerySet[Rule] = super().get_queryset(request)
        return rules.select_related("audience").prefetch_related("conditions")


class TryClaimsItem(MenuItem):
    def is_shown(self, request: Any) -> bool:
        return bool(request.user.has_perm("audience.change_rule"))


@modeladmin_register
class AudienceGroup(ModelAdminGroup):
    menu_label = _("Audiences")
    menu_icon = "group"
    menu_order = 250
    items = (AudienceAdmin, RuleAdmin)

    def get_submenu_items(self) -> list[MenuItem]:
        items: list[MenuItem] = super().get_submenu_items()
        return [*items, TryClaimsItem(_("Try claims"), reverse("try_claims"), icon_name="key", order=900)]


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return [
        path("audiences/sentence/", admin_views.sentence, name="audience_sentence"),
        path("audiences/count/", admin_views.rule_count, name="rule_count"),
        path("audiences/try/", admin_views.try_claims, name="try_claims"),
    ]


@hooks.register("register_permissions")
def see_as_permission() -> QuerySet[Permission]:
    return Permission.objects.filter(content_type__app_label="audience", codename="see_as")


@hooks.register("insert_global_admin_css")
def admin_styles() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("admin/audience.css"))


@hooks.register("insert_editor_js")
def editor_script() -> SafeString:
    return format_html('<script src="{}"></script>', static("admin/audience.js"))
