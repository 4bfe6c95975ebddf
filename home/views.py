"""Alerts and their dismissal, emergencies, help, and the page of a failure."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirectBase
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from audience.middleware import PortalRequest
from audience.models import Access, KnownReader, count_sentence
from audience.sentences import understood
from content.entry import Kind
from home import emergency
from home.alerts import ShownAlert, shown, version_of
from home.forms import EVERYONE, EmergencyForm
from home.help import helpers_for, reference
from home.models import Alert, AlertLevel
from search.entries import entries_for
from search.models import StateLevel
from search.shared import HIDDEN, hidden_with

MOST_LISTED = 100
PUBLISH_EMERGENCY = "home.publish_emergency"


class SeeOther(HttpResponseRedirectBase):
    """What was sent is done: go on with a GET."""

    status_code = 303


@require_safe
def alerts(request: PortalRequest) -> HttpResponse:
    """List the alerts of now, those that were hidden too, and the services that do not go well."""
    reader = request.reader
    entries = entries_for(reader).listed_in(reader.language)
    found = shown(entries.of_kind(Kind.ALERT).newest_first()[:MOST_LISTED], reader=reader)
    unwell = entries.of_kind(Kind.SERVICE).in_state(*StateLevel.values, at=reader.at).by_title()[:MOST_LISTED]
    return render(request, "home/alerts.html", {"alerts": found, "services": [e for e in unwell if e.state]})


@require_POST
def hide(request: PortalRequest) -> HttpResponse:
    """Hide an alert from this browser until its text changes."""
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure())
    response = SeeOther(back if safe else "/")
    response.set_cookie(value=hidden_with(request, request.POST.get("key", "")), **HIDDEN)
    return response


@require_safe
def urgent(request: PortalRequest, language: str) -> HttpResponse:
    """Answer the pages that are open: the emergencies of their reader, as they are printed above every page."""
    if language not in emergency.LANGUAGES:
        raise Http404
    with translation.override(language):
        said = emergency.emergencies_for(request, language)
        version = version_of(said)
        etag = f'"{version}"'
        unchanged: HttpResponse | None = get_conditional_response(request, etag=etag)
        response = unchanged or HttpResponse(_printed(said))
    response["ETag"], response["X-Version"] = etag, version
    # What is for some readers only is asked again each time, and kept by nobody on the way.
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ["Cookie"])
    return response


def _printed(said: list[ShownAlert]) -> str:
    return render_to_string("components/emergencies.html", {"emergencies": said}) if said else ""


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def publish_emergency(request: PortalRequest) -> HttpResponse:
    """Publish an emergency or end one, in two steps. To who may not, there is no such address."""
    author = request.user
    if not isinstance(author, User) or request.reader.seen_as or not author.has_perm(PUBLISH_EMERGENCY):
        raise Http404
    sent = request.POST if request.method == "POST" else None
    if sent and ("end" in sent or "end-now" in sent):
        return _end(request, author)
    form = EmergencyForm(sent, reader=request.reader)
    if sent and "edit" not in sent and form.is_valid():
        if "publish" not in sent:
            context = {"form": form, "reach": reach(form), "said": form.cleaned_data}
            return render(request, "home/emergency_confirm.html", context)
        said = form.cleaned_data
        fields = {name: said[name] for name in ("title", "text", "title_en", "text_en", "audiences", "link", "until")}
        emergency.publish(**fields, access=form.chosen_access, author=author)
        messages.success(request, _("The emergency is published."))
        return redirect("emergency")
    going_on = Alert.objects.current().filter(level=AlertLevel.EMERGENCY)
    failed = bool(sent) and "edit" not in request.POST
    return render(request, "home/emergency.html", {"form": form, "going_on": going_on}, status=422 if failed else 200)


def _end(request: PortalRequest, author: User) -> HttpResponse:
    given = request.POST.get("end-now") or request.POST.get("end", "")
    alert = get_object_or_404(
        Alert, pk=int(given) if given.isdecimal() and len(given) < 10 else 0, level=AlertLevel.EMERGENCY
    )
    if "end-now" not in request.POST:
        return render(request, "home/emergency_end.html", {"alert": alert})
    emergency.end(alert, author=author)
    messages.success(request, _("The emergency is ended."))
    return redirect("emergency")


def reach(form: EmergencyForm) -> str:
    """Return whom an emergency reaches, and how many."""
    if form.cleaned_data["access"] == EVERYONE:
        known = count_sentence(KnownReader.objects.count())
        return _("Everyone who opens the portal, signed in or not: %(known)s, and visitors.") % {"known": known}
    return understood(access=Access(form.chosen_access), audiences=list(form.cleaned_data["audiences"]))


@require_safe
def help_with(request: PortalRequest) -> HttpResponse:
    """Say whom to ask about the page whose address is given: `from` its path, `ref` the request that failed."""
    address = request.GET.get("from", "")
    helpers = helpers_for(address, reader=request.reader)
    context = {"helpers": helpers, "from": address, "reference": reference(request.GET.get("ref", ""))}
    return render(request, "home/help.html", context)


def failed(request: HttpRequest) -> HttpResponse:
    """Say that the portal has failed, without asking anything that may have failed with it."""
    language = (translation.get_language() or "fr")[:2]
    name = getattr(request, "request_id", "")
    context: dict[str, Any] = {
        "emergencies": emergency.last_known().said(language),
        "reference": name,
        "help_url": f"{reverse('help')}?{urlencode({'from': request.path, 'ref': name})}",
    }
    return HttpResponse(render_to_string("500.html", context), status=500)
