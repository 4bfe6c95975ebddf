"""The way in when the provider is lost for long: off, and for superusers only (settings.PARVIS_BREAK_GLASS).

Nothing leads here: who may use it knows the address. Each try is in the log; five wrong ones close it for a while to
the network address they came from.
"""

from __future__ import annotations

import logging
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import auth
from django.contrib.auth.backends import ModelBackend
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.models import User
from audience.models import digest

logger = logging.getLogger(__name__)

BACKEND = "accounts.break_glass.BreakGlassBackend"
WRONG = "accounts.break_glass:wrong"
MOST_WRONG = 5
CLOSED_FOR = 15 * 60  # seconds


class BreakGlassBackend(ModelBackend):
    """Accept the password of an active superuser, while the setting is on, and nobody else's."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        if not settings.PARVIS_BREAK_GLASS:
            return None
        user = super().authenticate(request, username=username, password=password)
        return user if isinstance(user, User) and user.is_superuser else None


class BreakGlassForm(forms.Form):
    username = forms.CharField(label=gettext_lazy("User name"), max_length=150)
    password = forms.CharField(
        label=gettext_lazy("Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def break_glass(request: HttpRequest) -> HttpResponse:
    """Sign a superuser in with their password; there is no such page unless the setting is on."""
    if not settings.PARVIS_BREAK_GLASS:
        raise Http404
    tried = f"{WRONG}:{digest(_address(request))}"
    wrong = int(cache.get(tried, 0))
    if wrong >= MOST_WRONG:
        logger.error("break-glass sign-in: closed after %s wrong passwords", MOST_WRONG)
        said = _("Closed after too many wrong passwords. Try again in fifteen minutes.")
        return render(request, "accounts/break_glass.html", {"form": None, "said": said}, status=429)
    form = BreakGlassForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "accounts/break_glass.html", {"form": form}, status=400 if form.is_bound else 200)
    user = auth.authenticate(request, **form.cleaned_data)
    if user is None:
        cache.set(tried, wrong + 1, CLOSED_FOR)
        logger.error("break-glass sign-in: refused")
        said = _("This user name and password open nothing.")
        return render(request, "accounts/break_glass.html", {"form": form, "said": said}, status=403)
    auth.login(request, user, backend=BACKEND)
    logger.error("break-glass sign-in: account %s", user.pk)
    return HttpResponseRedirect(reverse("wagtailadmin_home"))


def _address(request: HttpRequest) -> str:
    """Return the network address that asks, as the web server in front gives it."""
    return str(request.META.get(settings.PARVIS_ADDRESS_HEADER or "REMOTE_ADDR", ""))
