"""What follows when a page is translated, and the report of the pages that are not."""

from __future__ import annotations

from typing import Any

import django_filters
from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.views.reports import PageReportView
from wagtail.models import GroupPagePermission, Locale, Page, WorkflowPage
from wagtail.signals import copy_for_translation_done


@receiver(copy_for_translation_done)
def same_editors(source_obj: Any, target_obj: Any, **kwargs: Any) -> None:
    """Let those who write, publish and review a page do so in its translation: they have just been sent there."""
    if not isinstance(target_obj, Page):
        return
    for right in GroupPagePermission.objects.filter(page=source_obj):
        GroupPagePermission.objects.get_or_create(page=target_obj, group=right.group, permission=right.permission)
    workflow = WorkflowPage.objects.filter(page=source_obj).first()
    if workflow:
        WorkflowPage.objects.get_or_create(page=target_obj, defaults={"workflow": workflow.workflow})


def _others(request: Any) -> QuerySet[Locale]:
    locales: QuerySet[Locale] = Locale.objects.exclude(language_code=settings.LANGUAGE_CODE)
    return locales


class TranslationFilters(WagtailFilterSet):
    language = django_filters.ModelChoiceFilter(label=_("Not translated into"), queryset=_others, method="without")

    class Meta:
        model = Page
        fields: list[str] = []

    def without(self, queryset: Any, name: str, locale: Locale) -> Any:
        twins = Page.objects.filter(translation_key=OuterRef("translation_key"), locale=locale)
        return queryset.filter(~Exists(twins))


class ToTranslateView(PageReportView):
    """The published pages of the portal's first language that the editor may change and that some language lacks."""

    page_title = _("Pages to translate")
    header_icon = "globe"
    index_url_name = "pages_to_translate"
    index_results_url_name = "pages_to_translate_results"
    filterset_class = TranslationFilters
    any_permission_required = ["add", "change", "publish"]

    def get_queryset(self) -> Any:
        mine = self.permission_policy.instances_user_has_permission_for(self.request.user, "change")
        lacking = Locale.objects.exclude(
            Exists(Page.objects.filter(translation_key=OuterRef(OuterRef("translation_key")), locale=OuterRef("pk")))
        )
        self.queryset = (
            mine.filter(locale__language_code=settings.LANGUAGE_CODE, live=True, depth__gt=1)
            .filter(Exists(lacking))
            .select_related("content_type")
            .prefetch_workflow_states()
            .annotate_approved_schedule()
            .order_by("path")
        )
        return super().get_queryset()
