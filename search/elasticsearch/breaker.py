"""After some failures in a row nobody asks for a while; all workers know, by the cache."""

from __future__ import annotations

from django.core.cache import cache

FAILURES = 3
WITHIN = 10  # seconds
OPEN = 30  # seconds

_COUNT, _OPEN = "search-failures", "search-away"


def is_open() -> bool:
    """Whether Elasticsearch is left alone for now."""
    return bool(cache.get(_OPEN))


def failed() -> None:
    """Note that it did not answer. The third time in ten seconds, it is left alone for half a minute."""
    cache.add(_COUNT, 0, WITHIN)
    try:
        count = cache.incr(_COUNT)
    except (ValueError, TypeError):  # expired meanwhile, or a cache that keeps nothing
        return
    if count >= FAILURES:
        cache.set(_OPEN, True, OPEN)
        cache.delete(_COUNT)


def close() -> None:
    """Ask again: it answered, or was made anew."""
    cache.delete_many([_COUNT, _OPEN])
