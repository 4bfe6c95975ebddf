"""Sign-in, return from the provider, sign-out, and the reader's account."""

from __future__ import annotations

import logging
import secrets
import time
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import auth, messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe
from mozilla_django_oidc.utils import absolutify, generate_code_challenge

from accounts.attempts import Attempt, local_address
from accounts.errors import Reason, SignInError
from accounts.models import User
from accounts.oidc import OIDCBackend, SignedIn
from accounts.provider import provider
from accounts.services import held_on, kept_attributes
from audience import claims
from audience.claims import Attributes
from audience.holdings import erase, holdings
from audience.middleware import PortalRequest, reader_of
from audience.models import Audience
from audience.services import explain
from search.entries import entries_for
from search.identity import names_in, portal_settings

logger = logging.getLogger(__name__)

BACKEND = "accounts.oidc.OIDCBackend"
ID_TOKEN = "oidc_id_token"  # noqa: S105  # a session key
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
def begin(request: PortalRequest) -> HttpResponse:
    """Send the reader to the provider; one who is already signed in goes straight to the page they asked for."""
    destination = local_address(request, request.GET.get("next"))
    if request.user.is_authenticated:
        return _send_on(request, destination)
    attempt = Attempt.begin(destination)
    try:
        address = provider().authorization
    except SignInError as error:
        return _failed(request, error, destination=destination)
    query = {
        "response_type": "code",
        "scope": settings.OIDC_RP_SCOPES,
        "client_id": settings.OIDC_RP_CLIENT_ID,
        "redirect_uri": absolutify(request, reverse("oidc_authentication_callback")),
        "state": attempt.state,
        "nonce": attempt.nonce,
        "code_challenge": generate_code_challenge(attempt.code_verifier, "S256"),
        "code_challenge_method": "S256",
        "ui_locales": _language(destination),
        **getattr(settings, "OIDC_AUTH_REQUEST_EXTRA_PARAMS", {}),
    }
    response = HttpResponseRedirect(f"{address}{'&' if '?' in address else '?'}{urlencode(query)}")
    attempt.keep(request, response)
    return response


@never_cache
@require_GET
def complete(request: PortalRequest) -> HttpResponse:
    """Sign in whom the provider sends back, and return to the page this tab came from. Every failure is a page."""
    attempt = Attempt.of(request)
    destination = attempt.next if attempt else local_address(request, None)
    response: HttpResponse
    try:
        signed_in = _signed_in(request, attempt)
    except SignInError as error:
        response = _failed(request, error, destination=destination)
    else:
        _open_session(request, signed_in)
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
    # A provider that names itself must be the one the reader was sent to (RFC 9207).
    if request.GET.get("iss") not in {None, provider().issuer}:
        raise SignInError(Reason.UNTRUSTED, "answer of another issuer")
    code = request.GET.get("code")
    if not code:
        raise SignInError(Reason.UNTRUSTED, "no code")
    return OIDCBackend().complete(request, code=code, nonce=attempt.nonce, code_verifier=attempt.code_verifier)


def _open_session(request: PortalRequest, signed_in: SignedIn) -> None:
    # Who signs in again in another tab keeps the session: a new key would lose the forms open elsewhere.
    if request.user != signed_in.user:
        auth.login(request, signed_in.user, backend=BACKEND)
    request.session[ID_TOKEN] = signed_in.id_token


def _send_on(request: PortalRequest, destination: str) -> HttpResponse:
    """Send a signed-in reader to `destination`; if it sends them back here twice, it wants a right: say so, once."""
    now = int(time.time())
    address, since, times = request.session.get(SENT_BACK, ("", 0, 0))
    if address == destination and now - since < 10:
        if times >= 2:
            del request.session[SENT_BACK]
            return render(request, "accounts/no_access.html", status=403)
        request.session[SENT_BACK] = (address, since, times + 1)
    else:
        request.session[SENT_BACK] = (destination, now, 1)
    return HttpResponseRedirect(destination)


def _failed(request: HttpRequest, error: SignInError, *, destination: str) -> HttpResponse:
    """Say in the language of the page asked for why nobody is signed in, with a reference that the log also has."""
    reference = secrets.token_hex(4).upper()
    logger.warning("sign-in failed: %s (%s), reference %s", error.reason.value, error.detail, reference)
    with translation.override(_language(destination)):
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


def _language(destination: str) -> str:
    path = urlsplit(destination).path
    return translation.get_language_from_path(path) or settings.LANGUAGE_CODE


@never_cache
@require_POST
def sign_out(request: PortalRequest) -> HttpResponse:
    """End the session here, then at the provider when it has a way to."""
    hint = request.session.get(ID_TOKEN)
    auth.logout(request)
    request.reader = SimpleLazyObject(lambda: reader_of(request))  # type: ignore[assignment]
    home = settings.LOGOUT_REDIRECT_URL
    try:
        address = provider().end_session if hint else ""
    except SignInError:  # the provider is away: the session here is over all the same
        address = ""
    if not address:
        return HttpResponseRedirect(home)
    query = {
        "id_token_hint": hint,
        "client_id": settings.OIDC_RP_CLIENT_ID,
        "post_logout_redirect_uri": absolutify(request, home),
    }
    address = f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"
    # A redirect would be refused by browsers: the page's policy lets a form end on the portal only (CSP, form-action).
    response = render(request, "accounts/signed_out.html", {"provider_url": address})
    response["Refresh"] = f"0; url={address}"
    return response


@never_cache
@require_safe
@login_required
def account(request: PortalRequest) -> HttpResponse:
    """Show what the portal knows of the reader, and which audiences follow."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101  # login_required
    attributes = kept_attributes(user)
    positions = [
        [(claims.label(name), ", ".join(values)) for name, values in sorted(position.items())]
        for position in attributes.positions
    ]
    return render(
        request,
        "accounts/account.html",
        {
            "name": user.get_full_name(),
            "email": user.email,
            "person": [(claims.label(name), ", ".join(values)) for name, values in sorted(attributes.person.items())],
            "positions": positions,
            "reasons": explain(attributes),
            "groups": user.groups.order_by("name"),
            "erasable": [(name, holding.label) for name, holding in sorted(holdings.items()) if holding.erase],
        },
    )


@never_cache
@require_safe
@login_required
def my_data(request: PortalRequest) -> HttpResponse:
    """Give what the portal holds on the reader as a JSON file."""
    assert isinstance(request.user, User)  # noqa: S101  # login_required
    response = JsonResponse(held_on(request.user), json_dumps_params={"ensure_ascii": False, "indent": 2})
    name = slugify(names_in(request.reader.language, portal_settings(request.content_version)).name)
    response["Content-Disposition"] = f'attachment; filename="{name or "portal"}-{timezone.localdate():%Y-%m-%d}.json"'
    patch_vary_headers(response, ["Cookie"])
    return response


@never_cache
@require_POST
@login_required
def erase_data(request: PortalRequest) -> HttpResponse:
    """Erase one thing that the portal holds on the reader and that is theirs to erase."""
    if not erase(request.user, request.POST.get("what", "")):
        raise Http404
    messages.success(request, _("Erased."))
    return redirect("account")


@never_cache
@require_safe
@login_required
def why(request: PortalRequest, pk: int) -> HttpResponse:
    """Say why an entry is shown to the reader: the audiences it is for, and the rules that put them there."""
    entry = entries_for(request.reader).select_related("recommendation").filter(pk=pk).first()
    if entry is None:
        raise Http404
    asked = {
        int(atom.partition(":")[2])
        for clause in (entry.recommendation.clauses if entry.recommendation else [])
        for atom in clause
    }
    mine = asked & request.reader.audiences if entry.recommendation_id in request.reader.recommended else set()
    # Seen as another audience, the claims are not theirs: only the audiences are said.
    user = request.user
    assert isinstance(user, User)  # noqa: S101  # login_required
    attributes = Attributes() if request.reader.seen_as else kept_attributes(user)
    reasons = [reason for reason in explain(attributes) if reason.audience.pk in mine]
    said = {reason.audience.pk for reason in reasons}
    others = [audience.label for audience in Audience.objects.filter(pk__in=mine - said)]
    return render(request, "accounts/why.html", {"entry": entry, "reasons": reasons, "others": others})
