"""After failures nobody asks for a while, then one look is taken for all; workers know of each other by the cache."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread

from django.core.cache import cache

FAILURES = 3  # refusals, which cost a reader nothing
WITHIN = 10  # seconds
LATE = 10  # seconds without asking after one answer that was late, for which a reader waited
OPEN = 30  # seconds without asking after several, or when it still fails
DOUBT = 600  # seconds until what failed is forgotten
LOOK = 5  # seconds between looks

_COUNT, _OPEN, _DOUBT, _LOOK = "search-failures", "search-away", "search-doubt", "search-look"


def is_open() -> bool:
    """Whether searches leave Elasticsearch alone for now."""
    return bool(cache.get(_DOUBT))


def lets_through(look: Callable[[], None]) -> bool:
    """Whether this search may ask Elasticsearch.

    After failures it may not, until `look`, which asks and says here what came of it, found that it answers: in a
    thread of its own, as no reader is to wait for what hangs.
    """
    known = cache.get_many([_OPEN, _DOUBT])
    if known and _OPEN not in known and cache.add(_LOOK, True, LOOK):
        Thread(target=look, daemon=True).start()
    return not known


def failed(*, late: bool) -> None:
    """Note that it did not answer; `late`: a reader waited for it. It is left alone at once, or the third time in ten
    seconds."""
    if is_open():
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
    if is_open():
        close()


def close() -> None:
    """Ask again: it answered, or was made anew."""
    cache.delete_many([_COUNT, _OPEN, _DOUBT, _LOOK])


def _leave_alone(seconds: int) -> None:
    cache.set(_DOUBT, True, DOUBT)
    cache.set(_OPEN, True, seconds)
    cache.delete_many([_COUNT, _LOOK])
