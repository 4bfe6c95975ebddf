"""Answers that are the same for everyone: nothing here asks who is reading."""

from __future__ import annotations

import json

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.loader import get_template, render_to_string
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from audience.middleware import PortalRequest
from home import emergency
from home.alerts import version_of
from home.installable import icons
from home.installable.shell import home_in, icon_address, manifest, shell
from search.identity import look_of, names_in, portal_settings

FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "public, no-cache"
WORKER = "home/installable/worker.js"


def _answer(body: bytes | str, content_type: str, *, kept: bool) -> HttpResponse:
    response = HttpResponse(body, content_type=content_type)
    response["Cache-Control"] = FOR_EVER if kept else ASK_AGAIN
    return response


@require_safe
def accent(request: PortalRequest, version: str) -> HttpResponse:
    """Answer the institution's colours, at an address that changes with them; at an old one, those of now."""
    said = portal_settings(request.content_version)
    colours = said.colours
    kept = look_of(said).accent_url == request.path_info
    return _answer(colours.stylesheet() if colours else "", "text/css; charset=utf-8", kept=kept)


@require_safe
def icon(request: PortalRequest, name: str, version: str) -> HttpResponse:
    """Answer an icon of the portal."""
    said = portal_settings(request.content_version)
    kept = look_of(said).icon_version == version
    if name == "svg":
        return _answer(icons.svg(said.accent, said.accent_dark), "image/svg+xml", kept=kept)
    if name not in icons.SIZES:
        raise Http404
    return _answer(icons.png(name, given=said.icon.name or "", accent=said.accent), "image/png", kept=kept)


@require_safe
def front(request: PortalRequest, version: str) -> HttpResponse:
    """Answer the picture of the public home, in the institution's accent."""
    said = portal_settings(request.content_version)
    kept = look_of(said).front_url == request.path_info
    return _answer(icons.front(said.accent or icons.OWN_ACCENT), "image/svg+xml", kept=kept)


@require_safe
def favicon(request: PortalRequest) -> HttpResponse:
    """Lead what asks for an icon without having read a page to the one of now."""
    said = portal_settings(request.content_version)
    response = redirect(icon_address("32", look_of(said).icon_version))
    response["Cache-Control"] = "public, max-age=3600"
    return response


@require_safe
def web_manifest(request: PortalRequest, language: str) -> HttpResponse:
    """Answer the manifest of the portal in a language."""
    said = portal_settings(request.content_version)
    body = json.dumps(manifest(said, language=_known(language)), ensure_ascii=False, indent=1)
    return _answer(body, "application/manifest+json; charset=utf-8", kept=False)


@require_safe
def worker(request: PortalRequest) -> HttpResponse:
    """Answer the script that keeps the offline page, with what it is to keep."""
    source = get_template(WORKER).template.source  # type: ignore[attr-defined]  # Django's own templates have one
    told = json.dumps(shell(portal_settings(request.content_version), source=source))
    body = source.replace("/* shell */ {}", told.replace("</", "<\\/"))
    return _answer(body, "text/javascript; charset=utf-8", kept=False)


@require_safe
def offline(request: PortalRequest, language: str) -> HttpResponse:
    """Answer the page that is shown when the portal cannot be reached: whom to ask, and what is urgent."""
    code = _known(language)
    said = portal_settings(request.content_version)
    with translation.override(code):
        emergencies = emergency.known().said(code)
        names = names_in(code, said)
        context = {
            "emergencies": emergencies, "names": names, "said": said, "home": home_in(code), "at": timezone.localtime(),
            "house": look_of(said),
        }  # fmt: skip
        response = _answer(render_to_string("home/installable/offline.html", context), "text/html", kept=False)
        response["X-Version"] = version_of(list(emergencies))
    response["Content-Language"] = code
    return response


def _known(language: str) -> str:
    if language not in dict(settings.LANGUAGES):
        raise Http404
    return language
