"""Sign-in, return from the provider, and sign-out."""

from __future__ import annotations

import logging
import secrets
import time
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import auth, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe
from mozilla_django_oidc.utils import absolutify

from accounts import recheck, sessions
from accounts.asking import asked_of_provider, language_of, with_query
from accounts.attempts import Attempt, local_address
from accounts.errors import Reason, SignInError
from accounts.oidc import OIDCBackend, SignedIn
from accounts.provider import in_one_exchange, provider
from audience.middleware import PortalRequest, reader_of
from audience.models import digest

logger = logging.getLogger(__name__)

BACKEND = "accounts.oidc.OIDCBackend"
ID_TOKEN = "oidc_id_token"  # noqa: S105  # a session key
LONGEST_HINT = 4000  # characters
SENT_BACK = "sent_back"
# What a provider answers when the reader, or its own rules, let nobody through (OpenID Connect Core 1.0, 3.1.2.6).
REFUSALS = {
    "access_denied",
    "account_selection_required",
    "consent_required",
    "interaction_required",
    "login_required",
}


@never_cache
@require_safe
@in_one_exchange
def begin(request: PortalRequest) -> HttpResponse:
    """Send the reader to the provider; one who is already signed in goes straight to the page they asked for."""
    destination = local_address(request, request.GET.get("next"))
    if request.user.is_authenticated:
        return _send_on(request, destination)
    try:
        attempt, address = asked_of_provider(request, destination)
    except SignInError as error:
        return _failed(request, error, destination=destination)
    response = HttpResponseRedirect(address)
    attempt.keep(request, response)
    return response


@never_cache
@require_GET
@in_one_exchange
def complete(request: PortalRequest) -> HttpResponse:
    """Sign in whom the provider sends back, and return to the page this tab came from. Every failure is a page."""
    attempt = Attempt.of(request)
    destination = attempt.next if attempt else local_address(request, None)
    response: HttpResponse
    try:
        signed_in = _signed_in(request, attempt)
    except SignInError as error:
        if attempt and attempt.silent:
            response = _not_confirmed(request, error, destination=destination)
        else:
            response = _failed(request, error, destination=destination)
    else:
        silent = bool(attempt and attempt.silent)
        _open_session(request, signed_in, silent=silent, destination=destination)
        response = HttpResponseRedirect(destination)
    if attempt:
        attempt.forget(response)
    return response


def _signed_in(request: HttpRequest, attempt: Attempt | None) -> SignedIn:
    if attempt is None:
        raise SignInError(Reason.EXPIRED, "unknown state")
    if error := request.GET.get("error"):
        if error in REFUSALS:
            raise SignInError(Reason.REFUSED, error)
        raise SignInError(Reason.UNAVAILABLE, "provider error")
    known = provider()
    # The answer must be that of the provider the reader was sent to, and of the one that the portal knows now; one
    # that says it names itself always does (RFC 9207).
    answered = request.GET.get("iss", None if known.names_itself else known.issuer)
    if answered != known.issuer or attempt.issuer != known.issuer:
        raise SignInError(Reason.UNTRUSTED, "answer of another issuer")
    code = request.GET.get("code")
    if not code:
        raise SignInError(Reason.UNTRUSTED, "no code")
    return OIDCBackend().complete(request, code=code, nonce=attempt.nonce, code_verifier=attempt.code_verifier)


def _open_session(request: PortalRequest, signed_in: SignedIn, *, silent: bool, destination: str) -> None:
    if silent and request.user.is_authenticated and request.user != signed_in.user:
        # Someone else has signed in at the provider in this browser: whoever was here is not.
        _end_here(request, destination=destination)
        return
    # Who signs in again in another tab keeps the session: a new key would lose the forms open elsewhere.
    if request.user != signed_in.user:
        auth.login(request, signed_in.user, backend=BACKEND)
    request.session[ID_TOKEN] = signed_in.id_token
    sessions.note(request, signed_in)
    recheck.checked(request)


def _not_confirmed(request: PortalRequest, error: SignInError, *, destination: str) -> HttpResponse:
    """Go on after a silent check that confirmed nothing: only a provider that says no ends a session."""
    if error.reason in {Reason.REFUSED, Reason.CLOSED}:
        if request.user.is_authenticated:
            _end_here(request, destination=destination)
    else:
        logger.warning("silent check failed: %s (%s)", error.reason.value, error.detail)
        recheck.postponed(request)
    return HttpResponseRedirect(destination)


def _end_here(request: PortalRequest, *, destination: str) -> None:
    sessions.forget(request)
    auth.logout(request)
    with translation.override(language_of(destination)):
        said = _("You have been signed out: your session at the university’s sign-in service is over.")
    messages.info(request, said)


def _send_on(request: PortalRequest, destination: str) -> HttpResponse:
    """Send a signed-in reader to `destination`; if it sends them back here twice, it wants a right: say so, once."""
    now, asked = int(time.time()), digest(destination)  # what is opened is not kept, not even here
    address, since, times = request.session.get(SENT_BACK, ("", 0, 0))
    if address == asked and now - since < 10:
        if times >= 2:
            del request.session[SENT_BACK]
            return render(request, "accounts/no_access.html", status=403)
        request.session[SENT_BACK] = (asked, since, times + 1)
    else:
        request.session[SENT_BACK] = (asked, now, 1)
    return HttpResponseRedirect(destination)


def _failed(request: HttpRequest, error: SignInError, *, destination: str) -> HttpResponse:
    """Say in the language of the page asked for why nobody is signed in, with a reference that the log also has."""
    reference = secrets.token_hex(4).upper()
    logger.warning("sign-in failed: %s (%s), reference %s", error.reason.value, error.detail, reference)
    with translation.override(language_of(destination)):
        return render(
            request,
            "accounts/sign_in_failed.html",
            {
                "title": error.reason.label,
                "explanation": error.explanation,
                "reference": reference,
                "retry_url": f"{reverse('oidc_authentication_init')}?{urlencode({'next': destination})}",
            },
            status=error.status,
        )


@never_cache
@require_POST
@in_one_exchange
def sign_out(request: PortalRequest) -> HttpResponse:
    """End the session here, then at the provider when it has a way to."""
    hint = request.session.get(ID_TOKEN)
    sessions.forget(request)
    auth.logout(request)
    request.reader = SimpleLazyObject(lambda: reader_of(request))  # type: ignore[assignment]
    home = settings.LOGOUT_REDIRECT_URL
    try:
        address = provider().end_session if hint else ""
    except SignInError:  # the provider is away: the session here is over all the same
        address = ""
    if not hint or not address:
        return HttpResponseRedirect(home)
    query = {
        # A token full of claims would make an address that servers refuse: the provider then asks before it ends.
        **({"id_token_hint": hint} if len(hint) <= LONGEST_HINT else {}),
        "client_id": settings.OIDC_RP_CLIENT_ID,
        "post_logout_redirect_uri": absolutify(request, home),
    }
    address = with_query(address, query)
    # A redirect would be refused by browsers: the page's policy lets a form end on the portal only (CSP, form-action).
    response = render(request, "accounts/signed_out.html", {"provider_url": address})
    response["Refresh"] = f"0; url={address}"
    return response
