"""The admin's screens for search: promoted results, synonyms, searches made, why this rank, what the index holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET
from elastic_transport import TransportError
from elasticsearch import ApiError, NotFoundError
from wagtail.models import Page
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from audience.demands import table
from audience.middleware import with_broader
from audience.models import Audience
from audience.reader import Reader
from search.elasticsearch.connection import client, live_alias
from search.elasticsearch.watching import condition
from search.explaining import explain
from search.journal import Search
from search.models import Entry, Unsendable
from search.query import LONGEST_TEXT
from search.steering import Promotion, Synonym, phrases

SHOWN = 50
DAYS = (7, 30, 90, 365)


class PromotionViewSet(SnippetViewSet):
    model = Promotion
    icon = "pick"
    menu_label = _("Promoted results")
    list_display: list[Any] = ["__str__", "page", "order", "starts_at", "ends_at", "owner"]
    search_fields = ("questions", "owner")


class SynonymViewSet(SnippetViewSet):
    model = Synonym
    icon = "resubmit"
    menu_label = _("Synonyms")
    list_display: list[Any] = ["words", "others", "both_ways"]
    search_fields = ("words", "others")


class SteeringGroup(SnippetViewSetGroup):
    items = (PromotionViewSet, SynonymViewSet)
    menu_label = _("Search")
    menu_icon = "search"
    add_to_admin_menu = True


register_snippet(SteeringGroup)


class ReportForm(forms.Form):
    days = forms.TypedChoiceField(
        label=_("Period"),
        coerce=int,
        required=False,
        initial=30,
        choices=[(days, _("%d days") % days) for days in DAYS],
    )
    readers = forms.ChoiceField(label=_("Readers"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = Search.objects.order_by("readers").values_list("readers", flat=True).distinct()[:100]
        field: Any = self.fields["readers"]
        field.choices = [("", _("all")), *((name, name) for name in known)]


@require_GET
@permission_required("search.view_search", raise_exception=True)
def report(request: HttpRequest) -> HttpResponse:
    """Show what was searched, what was not found, and what was found and not opened."""
    form = ReportForm(request.GET or None)
    asked = form.cleaned_data if form.is_valid() else {}
    days = asked.get("days") or 30
    first = timezone.localdate() - timedelta(days=days - 1)
    rows = Search.objects.filter(day__gte=first)
    if asked.get("readers"):
        rows = rows.filter(readers=asked["readers"])
    totals = rows.aggregate(
        every=Sum("number"), nothing=Sum("number", filter=Q(found=False)), spare=Sum("number", filter=Q(degraded=True))
    )
    context = {
        "form": form,
        "totals": totals,
        "most": _most(rows),
        "nothing": _most(rows.filter(found=False)),
        "unopened": [row for row in _most(rows.filter(found=True), limit=500) if not row["opened"]][:SHOWN],
        "bars": bars(rows, first, days),
        "aside": Unsendable.objects.select_related("entry").order_by("pk")[:SHOWN],
        "condition": condition(),
    }
    return render(request, "search/admin/report.html", context)


def _most(rows: QuerySet[Search], limit: int = SHOWN) -> list[dict[str, Any]]:
    sums: Any = rows.values("text", "language").annotate(times=Sum("number"), opened=Sum("clicked"))
    return list(sums.order_by("-times", "text")[:limit])


def bars(rows: QuerySet[Search], first: date, days: int) -> dict[str, Any]:
    """Return the plot of searches by day, those without a result apart: coordinates of rectangles."""
    found = dict(rows.filter(found=True).values_list("day").annotate(n=Sum("number")).order_by())
    nothing = dict(rows.filter(found=False).values_list("day").annotate(n=Sum("number")).order_by())
    every = [first + timedelta(days=number) for number in range(days)]
    highest = max([found.get(day, 0) + nothing.get(day, 0) for day in every], default=0) or 1
    width, height = 720, 120
    step = width / days
    drawn: list[dict[str, Any]] = []
    for number, day in enumerate(every):
        x, y = round(number * step, 2), float(height)
        for kind, counts in (("found", found), ("nothing", nothing)):
            tall = round(height * counts.get(day, 0) / highest, 2)
            y -= tall
            if tall:
                drawn.append({"x": x, "y": y, "width": round(step * 0.8, 2), "height": tall, "kind": kind})
    return {"drawn": drawn, "width": width, "height": height, "highest": highest, "first": first, "last": every[-1]}


class TryForm(forms.Form):
    q = forms.CharField(label=_("Search"), max_length=LONGEST_TEXT)
    audiences = forms.ModelMultipleChoiceField(
        label=_("As a reader of"),
        queryset=Audience.objects.none(),
        required=False,
        help_text=_("None: someone who is not signed in."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, required=False)
    also = forms.CharField(
        label=_("With this synonym"),
        max_length=300,
        required=False,
        help_text=_("The whole search in other words, separated by commas: tried here, saved nowhere."),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["audiences"]
        field.queryset = Audience.objects.in_use().usable_by(user)


@require_GET
def why(request: HttpRequest) -> HttpResponse:
    """Show what readers of some audiences would find, and why in this order."""
    rights = ("search.change_synonym", "search.change_promotion", "search.view_search")
    if not any(request.user.has_perm(right) for right in rights):
        raise PermissionDenied
    form = TryForm(request.GET if "q" in request.GET else None, user=request.user)
    said: dict[str, Any] = {}
    if form.is_valid():
        chosen: Sequence[Audience] = form.cleaned_data["audiences"]
        position = with_broader([audience.pk for audience in chosen])
        language = form.cleaned_data["language"] or settings.LANGUAGE_CODE
        reader = Reader(positions=(position,), signed_in=bool(position), language=language)
        with translation.override(language):
            also = tuple(phrases(form.cleaned_data["also"]))[:3]
            said = explain(form.cleaned_data["q"], reader=_seen_by(request, reader), also=also)
    return render(request, "search/admin/why.html", {"form": form, "said": said})


def _seen_by(request: HttpRequest, reader: Reader) -> Reader:
    """Return the reader with what they may see; without the right to see as, nothing the editor may not see."""
    seen = table().seen_by(reader)
    if request.user.has_perm("audience.see_as"):
        return seen
    own: Reader = request.reader  # type: ignore[attr-defined]
    return replace(seen, visible=tuple(sorted(set(seen.visible) & set(own.visible))))


@require_GET
def held(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what the index holds for a page."""
    page = get_object_or_404(Page, pk=pk)
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    entry = Entry.objects.of_page(page).select_related("text").first()
    context: dict[str, Any] = {"page": page, "entry": entry, "condition": condition()}
    if entry is not None:
        context["aside"] = Unsendable.objects.filter(entry=entry).first()
        context["document"] = _document(entry) if context["condition"].index == "ok" else None
    return render(request, "search/admin/held.html", context)


def _document(entry: Entry) -> dict[str, Any] | None:
    if settings.PARVIS_SEARCH_ENGINE != "elasticsearch":
        return None
    try:
        read = client().get(index=live_alias(), id=str(entry.pk))
    except NotFoundError:
        return {}
    except (ApiError, TransportError):
        return None
    return {"_version": read["_version"], **{name: str(value)[:1000] for name, value in read["_source"].items()}}
