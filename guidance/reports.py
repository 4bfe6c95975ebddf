"""The report on how useful guidance is, of the pages that its reader may edit."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import django_filters
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, NumberColumn, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.models import Page
from wagtail.permissions import policy_registry

from guidance.answers import Answer, Reason, counts
from guidance.models import GuidancePage

EDITS = ["change", "publish"]
MOST_WORDS = 200


def may_see_reports(user: Any) -> bool:
    return bool(policy_registry.get_by_type(Page).user_has_any_permission(user, EDITS))


def editable_guidance(user: Any) -> Any:
    """Return the guidance pages that `user` may edit or publish."""
    pages = policy_registry.get_by_type(Page).instances_user_has_any_permission_for(user, EDITS)
    return GuidancePage.objects.filter(pk__in=pages.values("pk"))


class UsefulnessFilterSet(WagtailFilterSet):
    period = django_filters.DateFromToRangeFilter(
        label=gettext_lazy("Answers of"), method="as_it_is", widget=DateRangePickerWidget
    )
    overdue = django_filters.BooleanFilter(label=gettext_lazy("To be reviewed"), method="of_review")

    class Meta:
        model = GuidancePage
        fields: list[str] = []

    def as_it_is(self, pages: Any, name: str, value: Any) -> Any:
        return pages  # the period says which answers are counted, not which pages are listed

    def of_review(self, pages: Any, name: str, value: bool) -> Any:
        past = {"review_on__lt": timezone.localdate()}
        return pages.filter(**past) if value else pages.exclude(**past)


def _share(page: Any) -> str:
    return f"{round(100 * page.yes / (page.yes + page.no))} %" if page.yes + page.no else ""


def reasons_of(page: Any) -> str:
    """Return why a page was of no use, the most frequent reason first."""
    said = sorted(((getattr(page, value), str(label)) for value, label in Reason.choices), reverse=True)
    return ", ".join(f"{label} ({number})" for number, label in said if number)


def _review(page: Any) -> str:
    if not page.review_on:
        return ""
    day = date_format(page.review_on, "SHORT_DATE_FORMAT")
    return _("Overdue since %(day)s") % {"day": day} if page.is_overdue else day


class UsefulnessView(ReportView):
    """Counts and reasons, page by page, the least useful first."""

    model = GuidancePage
    page_title = gettext_lazy("Usefulness of guidance")
    verbose_name_plural = gettext_lazy("guidance pages")
    header_icon = "help"
    filterset_class = UsefulnessFilterSet
    index_url_name = "guidance_usefulness"
    index_results_url_name = "guidance_usefulness_results"
    default_ordering = "-no"
    any_permission_required = EDITS
    columns = [
        TitleColumn(
            "title",
            label=gettext_lazy("Guidance"),
            sort_key="title",
            get_url=lambda page: reverse("guidance_answers", args=[page.pk]),
        ),
        NumberColumn("yes", label=gettext_lazy("Useful"), sort_key="yes"),
        NumberColumn("no", label=gettext_lazy("Not useful"), sort_key="no"),
        Column("share", label=gettext_lazy("Share"), accessor=_share),
        Column("reasons", label=gettext_lazy("Why not"), accessor=reasons_of),
        Column("review", label=gettext_lazy("Review"), accessor=_review, sort_key="review_on"),
    ]
    list_export = ["title", "yes", "no", *Reason.values, "checked_on", "review_on"]
    export_headings = {
        "yes": gettext_lazy("Useful"),
        "no": gettext_lazy("Not useful"),
        **dict(Reason.choices),
    }
    export_filename = "guidance-usefulness"

    @cached_property
    def permission_policy(self) -> Any:
        return policy_registry.get_by_type(Page)

    def period(self) -> tuple[datetime | None, datetime | None]:
        asked = self.filters.form.cleaned_data.get("period") if self.filters and self.filters.is_valid() else None
        return (asked.start, asked.stop) if asked else (None, None)

    def get_base_queryset(self) -> Any:
        start, stop = self.period()
        pages = editable_guidance(self.request.user).defer("body", "steps")
        return pages.annotate(**counts(start=start, stop=stop))

    def get_queryset(self) -> Any:
        # ReportView filters after this.
        return self.order_queryset(self.get_base_queryset())


def answers(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what readers said of one page, to who may edit it; to others there is no such address."""
    if not may_see_reports(request.user):
        raise Http404
    page = get_object_or_404(editable_guidance(request.user).annotate(**counts()), pk=pk)
    said = Answer.objects.filter(page=page.pk).exclude(reason="", words="")
    context = {"page": page, "answers": said[:MOST_WORDS], "reasons": reasons_of(page)}
    return TemplateResponse(request, "guidance/admin/answers.html", context)
