"""What is down, what readers see, what remains to send: for health, metrics and the runbook's one command."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

from django.conf import settings
from elastic_transport import TransportError
from elasticsearch import ApiError

from search.elasticsearch import breaker
from search.elasticsearch.connection import client, live_alias
from search.elasticsearch.sending import remaining
from search.models import IndexState, Unsendable


@dataclass(frozen=True)
class Condition:
    """How search goes."""

    engine: str  # the one of the settings
    index: str  # ok, missing, away
    answers: str  # the engine that answers readers now
    remaining: int  # changes that remain to be sent
    set_aside: int  # entries the engine refuses
    filling: str  # the index a rebuild fills
    drift: dict[str, int] = field(default_factory=dict)  # what was lost when the worker last compared, by kind
    compared_at: str = ""

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


def left_to_do() -> dict[str, object]:
    """Return what remains to be sent, what was set aside, and what was lost when the worker last compared."""
    at = IndexState.objects.filter(pk=1).first() or IndexState()
    return {"remaining": remaining(), "set_aside": Unsendable.objects.count(), "drift": at.drift}


def condition() -> Condition:
    """Return how search goes now. Waits 0.7 s at most."""
    engine = str(settings.PARVIS_SEARCH_ENGINE)
    if engine != "elasticsearch":
        return Condition(engine, "ok", engine, 0, 0, "")
    try:
        index = "ok" if client().indices.exists_alias(name=live_alias()) else "missing"
    except (ApiError, TransportError):
        index = "away"
    answers = engine if index == "ok" and not breaker.is_open() else "database"
    at = IndexState.objects.filter(pk=1).first() or IndexState()
    compared = at.compared_at.isoformat() if at.compared_at else ""
    return Condition(engine, index, answers, remaining(), Unsendable.objects.count(), at.filling, at.drift, compared)
