"""After failures nobody asks for a while, then one search asks for all; workers know of each other by the cache."""

from __future__ import annotations

from django.core.cache import cache

FAILURES = 3  # refusals, which cost a reader nothing
WITHIN = 10  # seconds
LATE = 10  # seconds without asking after one answer that was late, for which a reader waited
OPEN = 30  # seconds without asking after several, or when it still fails
DOUBT = 600  # seconds until what failed is forgotten
PROBE = 5  # seconds between searches that ask while in doubt

_COUNT, _OPEN, _DOUBT, _PROBE = "search-failures", "search-away", "search-doubt", "search-probe"


def is_open() -> bool:
    """Whether Elasticsearch is left alone for now."""
    return bool(cache.get(_OPEN))


def lets_through() -> bool:
    """Whether this search may ask Elasticsearch: all may, none, or one of all after a failure."""
    known = cache.get_many([_OPEN, _DOUBT])
    if _OPEN in known:
        return False
    return _DOUBT not in known or cache.add(_PROBE, True, PROBE)


def failed(*, late: bool) -> None:
    """Note that it did not answer; `late`: a reader waited for it. It is left alone at once, or the third time in ten
    seconds."""
    if cache.get(_DOUBT):
        _leave_alone(OPEN)
    elif late:
        _leave_alone(LATE)
    else:
        cache.add(_COUNT, 0, WITHIN)
        try:
            count = cache.incr(_COUNT)
        except (ValueError, TypeError):  # expired meanwhile, or a cache that keeps nothing
            return
        if count >= FAILURES:
            _leave_alone(OPEN)


def answered() -> None:
    """Note that it answered: after a failure, all may ask again."""
    if cache.get(_DOUBT):
        close()


def close() -> None:
    """Ask again: it answered, or was made anew."""
    cache.delete_many([_COUNT, _OPEN, _DOUBT, _PROBE])


def _leave_alone(seconds: int) -> None:
    cache.set_many({_DOUBT: True}, DOUBT)
    cache.set(_OPEN, True, seconds)
    cache.delete_many([_COUNT, _PROBE])
