"""What every request gets, whoever asks: an id, and the admin its own content security policy."""

import re
import uuid
from collections.abc import Callable

from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from audience.version import forget_kept
from portal.logs import request_id

Handler = Callable[[HttpRequest], HttpResponse]

# Wagtail's admin writes inline scripts and styles without a nonce; only its own screens are allowed them.
ADMIN_POLICY = {
    "default-src": [SELF],
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "connect-src": [SELF],
    "frame-src": [SELF],
    "object-src": [NONE],
    "base-uri": [NONE],
    "form-action": [SELF],
    "frame-ancestors": [SELF],
}


class RequestIdMiddleware:
    """Name each request, in its log lines and in its answer, so that a reader can quote it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        name = given if re.fullmatch(r"[A-Za-z0-9_-]{8,64}", given) else uuid.uuid4().hex
        request.request_id = name  # type: ignore[attr-defined]  # for the pages of failures
        token = request_id.set(name)
        try:
            response = self.get_response(request)
        finally:
            request_id.reset(token)
        response["X-Request-ID"] = name
        return response


class OwnFormsMiddleware:
    """Know the portal's own forms on pages that tell nobody where one comes from.

    On a page whose policy is “no-referrer” browsers send a form with the origin “null”, and the check refuses it.
    Where they say themselves that it comes from here, which no page can make them say, it is the portal's own.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.headers.get("Origin") == "null" and request.headers.get("Sec-Fetch-Site") == "same-origin":
            request.META["HTTP_ORIGIN"] = f"{request.scheme}://{request.get_host()}"
        return self.get_response(request)


class AdminPolicyMiddleware:
    """Replace the portal's content security policy by the admin's on the admin's own screens."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path_info.startswith("/admin/"):
            response._csp_replace = ADMIN_POLICY  # type: ignore[attr-defined]  # read by django-csp
        return response


class AdminTransactionMiddleware:
    """Make each change in the admin one transaction: privacy and what follows from it are written together or not."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST" or not request.path_info.startswith("/admin/"):
            return self.get_response(request)
        with transaction.atomic():
            response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
                forget_kept()
        return response
