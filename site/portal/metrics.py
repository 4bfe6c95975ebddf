"""Figures for what watches the portal, in Prometheus' format: for whoever has the key, and of nobody."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.conf import settings
from django.db import Error
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from portal import health
from search.elasticsearch.watching import condition
from search.models import Heartbeat

ENGINES = ("elasticsearch", "database")


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer the figures to who gives `Authorization: Bearer KEY`; without a key of the portal's there is nothing."""
    if not settings.PARVIS_METRICS_KEY:
        raise Http404
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not hmac.compare_digest(given.encode(), settings.PARVIS_METRICS_KEY.encode()):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Figures())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class _Figures(Collector):
    """All figures as they are now; one part that is away leaves the others."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        parts = health.parts()
        yield _labelled("parvis_part_up", "Whether a part answers as it should", "part", {
            part: float(state == "ok") for part, state in parts.items()
        })  # fmt: skip
        for some in (self._worker, self._search):
            try:
                yield from some()
            except Error:  # the database is away, and parvis_part_up says so
                continue

    def _worker(self) -> Iterable[GaugeMetricFamily]:
        last = Heartbeat.objects.order_by("-at").values_list("at", flat=True).first()
        yield _one("parvis_worker_last_round_timestamp_seconds", "When the worker last went round", _epoch(last))
        tasks = DBTaskResult.objects
        waiting, failed = (
            tasks.filter(status=status).count() for status in (TaskResultStatus.READY, TaskResultStatus.FAILED)
        )
        yield _one("parvis_tasks_waiting", "Background tasks that wait for the worker", waiting)
        yield _one("parvis_tasks_failed", "Background tasks that failed and are kept", failed)

    def _search(self) -> Iterable[GaugeMetricFamily]:
        how = condition()
        answers = {engine: float(engine == how.answers) for engine in ENGINES}
        yield _labelled("parvis_search_answers", "The engine that answers readers now", "engine", answers)
        if how.engine != "elasticsearch":
            return
        yield _one("parvis_search_remaining", "Changes that remain to be sent to Elasticsearch", how.remaining)
        yield _one("parvis_search_set_aside", "Entries that Elasticsearch refuses", how.set_aside)
        drift = {kind: float(number) for kind, number in how.drift.items()}
        said = "Entries in which the index had lost a change when the worker last compared"
        yield _labelled("parvis_search_drift", said, "kind", drift)
        compared = datetime.fromisoformat(how.compared_at) if how.compared_at else None
        said = "When the worker last compared the whole index"
        yield _one("parvis_search_compared_timestamp_seconds", said, _epoch(compared))


def _epoch(at: datetime | None) -> float:
    return at.timestamp() if at else 0.0


def _one(name: str, said: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, said, value=value)


def _labelled(name: str, said: str, label: str, values: dict[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, said, labels=[label])
    for value, number in values.items():
        family.add_metric([value], number)
    return family
