"""Write to who answers for a page, or to the institution."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from audience.middleware import PortalRequest
from home.contact import limits
from home.contact.forms import ContactForm, new_token
from home.contact.letters import send
from home.contact.messages import Destination, Message, destination
from search.chrome import Chrome
from search.entries import entry_at
from search.identity import PortalIdentity
from search.models import Entry
from search.words import clean

LONGEST_ADDRESS = 300


@never_cache
@require_http_methods(["GET", "POST"])
def contact(request: PortalRequest) -> HttpResponse:
    """Show the form; `from` is the address of the page concerned. One that the reader may not see is as none."""
    given = clean((request.GET if request.method == "GET" else request.POST).get("from", ""))[:LONGEST_ADDRESS]
    page, portal = entry_at(given, reader=request.reader), PortalIdentity(request, Chrome(request))
    to, status = destination(page, said=portal.said), 200
    if request.method == "POST" and to.email:
        form = ContactForm(request.POST, has_address=bool(own_address(request)))
        if form.is_valid():
            if limits.may_send(request):
                return _send(request, form, page=page, given=given, to=to, portal=portal)
            form.add_error(None, _("Several messages were sent from here within an hour. Wait for the next hour."))
            status = 429
        else:
            status = 422
    else:
        form = ContactForm(initial=_known_of(request), has_address=bool(own_address(request)))
    context = {"form": form, "to": to, "page_concerned": page, "given": given, "token": new_token()}
    response = render(request, "home/contact/form.html", context, status=status)
    if status == 429:
        response["Retry-After"] = str(limits.HOUR)
    return response


@never_cache
@require_safe
def sent(request: PortalRequest) -> HttpResponse:
    """Say that the message has left, or will."""
    return render(request, "home/contact/sent.html", {"later": "later" in request.GET})


def own_address(request: PortalRequest) -> str:
    """Return the address that the reader is signed in with; none in See as."""
    user = request.user
    return user.email if isinstance(user, User) and not request.reader.seen_as else ""


def _known_of(request: PortalRequest) -> dict[str, Any]:
    user = request.user
    if not isinstance(user, User) or request.reader.seen_as:
        return {}
    return {"name": user.get_full_name(), "email": user.email}


def _send(
    request: PortalRequest,
    form: ContactForm,
    *,
    page: Entry | None,
    given: str,
    to: Destination,
    portal: PortalIdentity,
) -> HttpResponse:
    said = form.cleaned_data
    left = True
    if limits.is_first(said["token"]):
        message = Message(
            name=said["name"],
            email=said["email"],
            subject=said["subject"],
            text=said["message"],
            language=request.reader.language,
            portal=portal.name,
            page_title=page.title if page else "",
            page_url=request.build_absolute_uri(page.url) if page else "",
            given="" if page else given,
        )
        left = send(message.letter(to))
        if said.get("copy"):
            send(message.copy(own_address(request)))
        limits.count(request)
    response = HttpResponse(status=303)
    response["Location"] = reverse("contact_sent") + ("" if left else "?later")
    return response
