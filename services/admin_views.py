"""Retire a service, or take its retirement back: a screen of the admin, for who may publish its page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail.admin.widgets import AdminPageChooser
from wagtail.log_actions import log

from services.models import Retirement, ServicePage
from services.retirement import SuccessorError, pages_of, restore, retire

RETIRED, RESTORED = "parvis.retire", "parvis.restore"


class RetirementForm(forms.Form):
    """By what a service is replaced, and what its readers should know."""

    successor = forms.ModelChoiceField(
        label=gettext_lazy("Replaced by"),
        queryset=ServicePage.objects.all(),
        required=False,
        widget=AdminPageChooser(target_models=[ServicePage]),
        help_text=gettext_lazy("Links to the retired service lead there, for readers who may see it. Empty: nothing."),
    )
    message = forms.CharField(
        label=gettext_lazy("What readers should know"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Why it is retired, what became of what they kept there, whom to ask."),
    )


@require_http_methods(["GET", "POST"])
def retirement(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the form, and do what it says in all languages at once."""
    page = get_object_or_404(ServicePage, pk=pk)
    if not page.permissions_for_user(request.user).can_publish():
        raise PermissionDenied
    now = Retirement.objects.filter(service=page.service_key).first()
    successor = pages_of(now.successor).first() if now and now.successor else None
    first = {"successor": successor, "message": now.message if now else ""}
    form = RetirementForm(request.POST if request.method == "POST" else None, initial=first)
    if request.method == "POST" and "restore" in request.POST:
        restore(service=page.service_key)
        log(instance=page, action=RESTORED, user=request.user)
        messages.success(request, _("“%(service)s” is in service again.") % {"service": page.title})
        return redirect("wagtailadmin_explore", page.get_parent().pk)
    if form.is_valid() and _retire(request, page, form):
        messages.success(request, _("“%(service)s” is retired.") % {"service": page.title})
        return redirect("wagtailadmin_explore", page.get_parent().pk)
    languages = [one.locale.get_display_name() for one in pages_of(page.service_key).select_related("locale")]
    context: dict[str, Any] = {"page": page, "form": form, "now": now, "languages": sorted(set(languages))}
    return render(request, "services/admin/retirement.html", context, status=422 if form.errors else 200)


def _retire(request: HttpRequest, page: ServicePage, form: RetirementForm) -> bool:
    """Return whether it was done; what is wrong is said in the form."""
    successor: ServicePage | None = form.cleaned_data["successor"]
    key = successor.service_key if successor else None
    author = request.user if request.user.is_authenticated else None
    try:
        retire(service=page.service_key, successor=key, message=form.cleaned_data["message"], author=author)
    except SuccessorError:
        form.add_error("successor", _("Choose another service, one that is in service."))
        return False
    log(instance=page, action=RETIRED, user=request.user, data={"successor": str(key or "")})
    return True
