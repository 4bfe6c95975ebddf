"""One form, on a phone: how does this service go?"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from audience.middleware import PortalRequest
from search.entries import entries_for
from services.models import Level, ServicePage, ServiceState
from services.states import may_set_state, set_state


class StateForm(forms.Form):
    """The state to say now."""

    level = forms.ChoiceField(label=gettext_lazy("State"), choices=Level.choices, widget=forms.RadioSelect)
    message = forms.CharField(
        label=gettext_lazy("What readers should know"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("What does not work, what still does, when you will say more."),
    )
    until = forms.DateTimeField(
        label=gettext_lazy("Expected end"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        help_text=gettext_lazy("The state ends by itself then. Leave empty if nobody knows."),
    )

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        until = said.get("until")
        if until and until <= timezone.now():
            self.add_error("until", _("This moment has passed: give one to come, or leave it empty."))
        if said.get("level") not in {Level.NORMAL, None} and not said.get("message"):
            self.add_error("message", _("Say in a few words what does not work."))
        return said


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def state(request: PortalRequest, key: UUID) -> HttpResponse:
    """Say how a service goes. To who may not, there is no such address."""
    pages = list(ServicePage.objects.filter(translation_key=key).order_by("path"))
    language = request.reader.language
    page = next((page for page in pages if page.locale.language_code == language), pages[0] if pages else None)
    if page is None or request.reader.seen_as or not may_set_state(request.user, page):
        raise Http404
    now = ServiceState.objects.current_of(key)
    first: dict[str, Any] = {"level": now.level if now else Level.NORMAL, "message": now.message if now else ""}
    first |= {"until": now.until} if now and now.until else {}
    form = StateForm(request.POST if request.method == "POST" else None, initial=first)
    if request.method == "POST" and form.is_valid():
        author = request.user if request.user.is_authenticated else None
        said = form.cleaned_data
        level = Level(said["level"])
        set_state(service=key, level=level, message=said["message"], until=said["until"], author=author)
        messages.success(request, _("“%(service)s”: %(state)s.") % {"service": page.title, "state": level.label})
        return redirect("service_state", key=key)
    history = ServiceState.objects.filter(service=key).select_related("author")[:20]
    seen = entries_for(request.reader).translations_of([key]).first()
    context = {"service": page, "form": form, "now": now, "history": history, "address": seen.url if seen else ""}
    return render(request, "services/state.html", context, status=200 if not form.errors else 422)
