"""The reader's account: who the portal thinks they are, why they see what they see, their sessions and their data."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import auth, messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.alumni import consent, may_answer, user_of_letter
from accounts.models import User
from accounts.services import held_on, kept_attributes
from accounts.sessions import end, open_sessions
from audience import claims
from audience.claims import Attributes
from audience.holdings import erase, holdings
from audience.middleware import PortalRequest, reader_of
from audience.models import Audience, Condition
from audience.names import sort_key
from audience.services import explain
from search.entries import entries_for
from search.identity import names_in, portal_settings

MOST_USES = 12  # audiences named beside an attribute


def in_own_view(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Show nothing of the reader's own while they see the portal as others do: their screen may be shown to others."""

    @wraps(view)
    def guarded(request: PortalRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.reader.seen_as:
            return view(request, *args, **kwargs)
        said = _("Your account is not shown while you see the portal as others do. Go back to your own view first.")
        return render(request, "403.html", {"reason": said}, status=403)

    return guarded


@never_cache
@require_safe
@login_required
@in_own_view
def account(request: PortalRequest) -> HttpResponse:
    """Show what the portal knows of the reader, and which audiences follow."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101  # login_required
    attributes = kept_attributes(user)
    uses = uses_of_attributes()

    def rows(values: dict[str, list[str]]) -> list[tuple[str, str, str]]:
        return [(claims.label(name), ", ".join(said), uses.get(name, "")) for name, said in sorted(values.items())]

    return render(
        request,
        "accounts/account.html",
        {
            "name": user.get_full_name(),
            "email": user.email,
            "person": rows(attributes.person),
            "positions": [rows(position) for position in attributes.positions],
            "graduate": may_answer(user),
            "consent": getattr(user, "alumni_consent", None),
            "reasons": explain(attributes),
            "groups": user.groups.order_by("name"),
            "erasable": [(name, holding.label) for name, holding in sorted(holdings.items()) if holding.erase],
        },
    )


def uses_of_attributes() -> dict[str, str]:
    """Return, for each attribute that rules read, the audiences that they decide of: why it is kept."""
    audiences: dict[str, set[str]] = defaultdict(set)
    for condition in Condition.objects.select_related("rule__audience"):
        # That a sensitive audience looks at an attribute is told to those who are in it, where it is explained.
        if not condition.rule.audience.sensitive:
            audiences[condition.attribute].add(condition.rule.audience.label)
    return {name: ", ".join(sorted(labels, key=sort_key)[:MOST_USES]) for name, labels in audiences.items()}


@never_cache
@require_POST
@login_required
def consent_here(request: PortalRequest) -> HttpResponse:
    """Take a signed-in graduate's answer: keep the account for a year, or erase it."""
    assert isinstance(request.user, User)  # noqa: S101  # login_required
    if not may_answer(request.user):
        raise Http404
    return _answered(request, _take(request, request.user))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def consent_by_letter(request: PortalRequest, key: str) -> HttpResponse:
    """Put the question to a graduate who followed the letter, without signing in, and take the answer."""
    user = user_of_letter(key)
    if user is None:
        raise Http404
    return _answered(request, _take(request, user) if request.method == "POST" else "")


def _take(request: PortalRequest, user: User) -> str:
    """Do what `user` answers; return it, “asked” if it is to be said once more, or nothing if it is no answer."""
    match request.POST.get("answer"):
        case "keep":
            consent(user, now=timezone.now())
            return "keep"
        case "erase":
            return "asked"  # once more, since it cannot be undone
        case "erase-for-good":
            if request.user.is_authenticated and request.user.pk == user.pk:
                auth.logout(request)
                request.reader = SimpleLazyObject(lambda: reader_of(request))  # type: ignore[assignment]
            end(open_sessions(user))
            user.delete()
            return "erase"
    return ""


def _answered(request: PortalRequest, answered: str) -> HttpResponse:
    return render(request, "accounts/consent.html", {"answered": answered})


@never_cache
@require_safe
@login_required
@in_own_view
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


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@in_own_view
def my_sessions(request: PortalRequest) -> HttpResponse:
    """Show where the reader is signed in, and end one of the other sessions or all of them."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101  # login_required
    here = request.session.session_key
    found = open_sessions(user)
    others = [session for session in found if session.session_key != here]
    if request.method == "POST":
        asked = request.POST.get("end", "")
        count = end(session for session in others if asked in {"others", str(session.pk)})
        if count:
            messages.success(
                request, ngettext("%(count)d session ended.", "%(count)d sessions ended.", count) % {"count": count}
            )
        return redirect("account_sessions")
    context = {"sessions": [(session, session.session_key == here) for session in found], "others": len(others)}
    return render(request, "accounts/sessions.html", context)
