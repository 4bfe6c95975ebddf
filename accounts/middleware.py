"""Who is signed in, and the gate of the admin."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers


class AccountMiddleware(AuthenticationMiddleware):
    """Set `request.user`, and keep the admin for those who may use it.

    Wagtail sends whoever lacks the right to the sign-in; they are signed in, and would come back for ever.
    """

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if not request.path.startswith(reverse("wagtailadmin_home")):
            return None
        if not request.user.is_authenticated or request.user.has_perm("wagtailadmin.access_admin"):
            return None
        if request.path in {reverse("wagtailadmin_login"), reverse("wagtailadmin_logout")}:
            return None
        response = render(request, "accounts/no_access.html", {"admin": True}, status=403)
        add_never_cache_headers(response)
        return response
