"""What could be better in pages, for those who may edit them."""

from __future__ import annotations

from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET
from wagtail.admin.filters import ContentTypeFilter, WagtailFilterSet
from wagtail.admin.views.reports import PageReportView
from wagtail.models import Page, get_page_content_types

from content.models import PageFlaw
from content.quality import Flaw, findings, is_written, now


@require_GET
def page_quality(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what could be better in the last draft of page `pk`."""
    page = get_object_or_404(Page, pk=pk)
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    draft = page.get_latest_revision_as_object()
    found = now(findings(draft)) if is_written(type(draft)) else []
    return render(request, "content/admin/quality_findings.html", {"findings": found})


def _holding() -> QuerySet[PageFlaw]:
    """Return the flaws that hold today."""
    return PageFlaw.objects.filter(Q(since=None) | Q(since__lt=timezone.localdate()))


class QualityFilterSet(WagtailFilterSet):
    flaw = django_filters.ChoiceFilter(label=_("What could be better"), choices=Flaw.choices, method="with_flaw")
    content_type = ContentTypeFilter(
        label=_("Type"), queryset=lambda request: get_page_content_types(include_base_page_type=False)
    )

    class Meta:
        model = Page
        fields = ["flaw", "content_type"]

    def with_flaw(self, pages: QuerySet[Page], name: str, value: str) -> QuerySet[Page]:
        return pages.filter(pk__in=_holding().filter(flaw=value).values("page"))


class QualityReport(PageReportView):
    """The live pages that an editor may edit and that could be better, as they were last saved."""

    page_title = _("Quality of pages")
    header_icon = "glasses"
    results_template_name = "content/admin/quality_report_results.html"
    filterset_class = QualityFilterSet
    index_url_name = "quality_report"
    index_results_url_name = "quality_report_results"
    any_permission_required = ["add", "change", "publish"]
    export_headings = {"said_flaws": _("What could be better"), "latest_revision_created_at": _("Updated")}
    list_export = ["title", "full_url", "said_flaws", "latest_revision_created_at"]

    def get_queryset(self) -> QuerySet[Page]:
        may = self.permission_policy.instances_user_has_permission_for(self.request.user, "change")
        self.queryset = (
            may.filter(live=True, pk__in=_holding().values("page"))
            .select_related("content_type", "locale")
            .prefetch_related(Prefetch("flaws", queryset=_holding(), to_attr="holding"))
            .order_by("latest_revision_created_at", "pk")
        )
        found: QuerySet[Page] = super().get_queryset()
        return found

    def decorate_paginated_queryset(self, object_list: Any) -> Any:
        order = list(Flaw)
        for page in object_list:
            page.holding.sort(key=lambda one: order.index(Flaw(one.flaw)))
            page.said_flaws = ", ".join(one.label for one in page.holding)
        return object_list
