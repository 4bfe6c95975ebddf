"""Sessions in the database, as Django keeps them, read by a statement that is put into SQL once in a process."""

from __future__ import annotations

from datetime import datetime

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from search.compiled import compiled


class SessionStore(DatabaseStore):
    """Asked by every request of whoever is signed in."""

    def _get_session_from_db(self) -> Session | None:
        found = _current(self.session_key, timezone.now()) if self.session_key else []
        if not found:
            self._session_key = None  # Django's own: a key that is not there is not kept
            return None
        return found[0]


@compiled
def _current(key: str, now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)
