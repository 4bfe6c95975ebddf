"""How many messages may be sent: counted in the cache alone, under what tells nothing of who sent them."""

from __future__ import annotations

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

HOUR = 3600
# For each browser, for each network address, and in all.
LIMITS = {"browser": 5, "address": 20, "all": 300}


def _keys(request: HttpRequest) -> dict[str, str]:
    browser = request.session.session_key or request.META.get("CSRF_COOKIE", "")
    given = request.META.get(settings.PARVIS_ADDRESS_HEADER) or request.META.get("REMOTE_ADDR", "")
    said = {"browser": browser, "address": given, "all": "all"}
    known = {name: value for name, value in said.items() if value}
    return {name: f"contact:{name}:{salted_hmac('home.contact', value).hexdigest()}" for name, value in known.items()}


def may_send(request: HttpRequest) -> bool:
    """Return whether one message more may be sent within this hour."""
    keys = _keys(request)
    counts = cache.get_many(list(keys.values()))
    return all(counts.get(key, 0) < LIMITS[name] for name, key in keys.items())


def count(request: HttpRequest) -> None:
    """Say that a message was sent."""
    for key in _keys(request).values():
        cache.add(key, 0, HOUR)
        try:
            cache.incr(key)
        except ValueError:  # no longer there, or nothing is kept at all
            continue


def is_first(token: str) -> bool:
    """Return whether a form is sent for the first time: sent twice, by a double click, it is one message."""
    return bool(cache.add(f"contact:sent:{salted_hmac('home.contact', token).hexdigest()}", True, 6 * HOUR))
