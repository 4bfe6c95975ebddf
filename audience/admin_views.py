"""What the admin asks while audiences and rules are being written: who matches, and what claims give."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.contrib.auth.decorators import permission_required
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from audience import claims
from audience.models import Access, Audience, Condition, KnownReader, Operator, count_sentence
from audience.sensitive import telling_values
from audience.sentences import understood
from audience.services import explain, holds

MOST_VALUES = 30


@require_GET
def sentence(request: HttpRequest) -> JsonResponse:
    """Read back the audiences chosen in a page's form, with the number of known readers who match."""
    chosen = {pk for pk in request.GET.getlist("audiences") if pk.isdecimal() and len(pk) < 10}
    access = request.GET.get("access", "")
    audiences = list(Audience.objects.usable_by(request.user).filter(pk__in=chosen))
    return JsonResponse({"sentence": understood(access=access or Access.RECOMMENDED, audiences=audiences)})


@require_GET
@permission_required("audience.change_rule", raise_exception=True)
def rule_count(request: HttpRequest) -> JsonResponse:
    """Count the known readers who meet the conditions in a rule's form, and say which values each attribute has."""
    rows = zip(
        request.GET.getlist("attribute"), request.GET.getlist("operator"), request.GET.getlist("values"), strict=False
    )
    conditions = [
        Condition(attribute=attribute, operator=operator if operator in Operator.values else Operator.IN, values=values)
        for attribute, operator, values in rows
        if attribute
    ]
    telling = telling_values()
    if any((one.attribute, value.casefold()) in telling for one in conditions for value in one.value_list):
        return JsonResponse(
            {"sentence": _("Not counted: a sensitive audience is known by these values."), "values": {}}
        )
    complete = bool(conditions) and all(condition.value_list for condition in conditions)
    matching, met = 0, {condition.attribute: set[str]() for condition in conditions}
    kept = KnownReader.objects.values_list("attributes").annotate(number=Count("pk")).order_by()
    for attributes, number in kept:
        read = claims.Attributes.from_json(attributes)
        for name in met:
            met[name].update(value for value in read.values(name) if (name, value.casefold()) not in telling)
        if complete and any(all(holds(c, values) for c in conditions) for values in read.merged()):
            matching += number
    said = count_sentence(matching) if complete else _("A rule without complete conditions matches nobody.")
    return JsonResponse(
        {"sentence": said, "values": {name: sorted(found)[:MOST_VALUES] for name, found in met.items()}}
    )


class ClaimsForm(forms.Form):
    """Claims pasted as JSON, as the provider sends them."""

    claims = forms.CharField(
        label=gettext_lazy("Claims (JSON)"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
        help_text=gettext_lazy("As the provider sends them, for example in its test screen. Nothing is kept."),
    )

    def clean_claims(self) -> dict[str, object]:
        try:
            read = json.loads(self.cleaned_data["claims"])
        except json.JSONDecodeError as error:
            place = {"line": error.lineno, "column": error.colno}
            raise forms.ValidationError(_("This is not JSON: see line %(line)d, sign %(column)d.") % place) from None
        except RecursionError:
            raise forms.ValidationError(_("This is not JSON that a provider sends: too many brackets.")) from None
        if not isinstance(read, dict):
            raise forms.ValidationError(_("Claims are an object: { … }."))
        return read


@require_http_methods(["GET", "POST"])
@permission_required("audience.change_rule", raise_exception=True)
def try_claims(request: HttpRequest) -> HttpResponse:
    """Show which audiences follow from pasted claims, and by which rule."""
    form = ClaimsForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        read = claims.read(form.cleaned_data["claims"])
        usable = set(Audience.objects.usable_by(request.user).values_list("pk", flat=True))
        context |= {
            "read": True,
            "person": [(claims.label(name), ", ".join(values)) for name, values in sorted(read.person.items())],
            "positions": [
                [(claims.label(name), ", ".join(values)) for name, values in sorted(position.items())]
                for position in read.positions
            ],
            "reasons": [reason for reason in explain(read) if reason.audience.pk in usable],
        }
    return render(request, "audience/admin/try_claims.html", context)
