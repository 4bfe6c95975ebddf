"""Back-channel sign-out: the provider says, server to server, that a session there is over, and it ends here too.

OpenID Connect Back-Channel Logout 1.0. Who sends it is not known, so that only what the token proves counts.
"""

from __future__ import annotations

import logging
import secrets
import time
from typing import Any

import jwt
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts.errors import Reason, SignInError
from accounts.oidc import OIDCBackend
from accounts.provider import in_one_exchange
from accounts.sessions import end_named, spend

logger = logging.getLogger(__name__)

EVENT = "http://schemas.openid.net/event/backchannel-logout"
OLDEST = 600  # seconds since it was made
LONGEST = 20_000  # characters


@never_cache
@csrf_exempt
@require_POST
@in_one_exchange
def backchannel(request: HttpRequest) -> JsonResponse:
    """End the sessions that a logout token names; refuse any other token, with a reference that the log also has."""
    try:
        said = verified(request.POST.get("logout_token", ""))
        if not spend(issuer=said["iss"], number=said["jti"]):
            raise SignInError(Reason.UNTRUSTED, "logout token already used")
    except SignInError as error:
        reference = secrets.token_hex(4).upper()
        logger.warning("back-channel sign-out refused: %s, reference %s", error.detail, reference)
        status = 503 if error.reason == Reason.UNAVAILABLE else 400
        return JsonResponse({"error": "invalid_request", "error_description": f"reference {reference}"}, status=status)
    ended = end_named(issuer=said["iss"], subject=said.get("sub", ""), sid=said.get("sid", ""))
    logger.info("back-channel sign-out: %s sessions ended", ended)
    return JsonResponse({})


def verified(token: str) -> dict[str, Any]:
    """Return what the logout token `token` says. Raises SignInError unless it is all true, for us, and of now."""
    if not token or len(token) > LONGEST:
        raise SignInError(Reason.UNTRUSTED, "no logout token")
    said = OIDCBackend().decode(token, require=["iss", "aud", "iat", "jti", "events"])
    kind = jwt.get_unverified_header(token).get("typ")
    # The type is not said by older providers; that of another kind of token is refused.
    if kind is not None and str(kind).lower() not in {"logout+jwt", "jwt"}:
        raise SignInError(Reason.UNTRUSTED, "logout token: type")
    events = said["events"]
    if not isinstance(events, dict) or not isinstance(events.get(EVENT), dict):
        raise SignInError(Reason.UNTRUSTED, "logout token: events")
    # An id_token must not pass for one.
    if "nonce" in said:
        raise SignInError(Reason.UNTRUSTED, "logout token: nonce")
    if said["iat"] < time.time() - OLDEST:
        raise SignInError(Reason.UNTRUSTED, "logout token: too old")
    names = {name: said[name] for name in ("sub", "sid") if name in said}
    if not names or not all(isinstance(name, str) and 0 < len(name) <= 255 for name in names.values()):
        raise SignInError(Reason.UNTRUSTED, "logout token: of nobody")
    if not isinstance(said["jti"], str) or not said["jti"]:
        raise SignInError(Reason.UNTRUSTED, "logout token: number")
    return said
