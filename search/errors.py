"""Errors in plain words. Every 404 is the same, whether or not there is a page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    # Nothing around the answer tells how far it got.
    request.page = request.entry = None  # type: ignore[attr-defined]
    return render(request, "404.html", status=404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    said = _("The form had been open for too long, or came from elsewhere. Go back, reload the page and send it again.")
    return render(request, "403.html", {"reason": said}, status=403)
