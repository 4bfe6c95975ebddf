"""Where Elasticsearch is, and how long the portal waits for it."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from elasticsearch import Elasticsearch

from search.elasticsearch.mapping import digest

# A reader waits for an answer, and never for a second one: the database engine is there.
SEARCH_SECONDS = 0.7
SEARCH_ON_NODE = "500ms"
# The worker has time, and what it does not send it sends later.
SEND_SECONDS = 30.0


def client() -> Elasticsearch:
    """Return the client that this process keeps, for the address of the settings."""
    return _made(**settings.PARVIS_ELASTICSEARCH)


@cache
def _made(*, url: str, user: str, password: str, api_key: str, ca: str, prefix: str) -> Elasticsearch:
    addresses = url.split(",")
    # Another node is asked at once where one refuses, and none where one is slow: a reader does not wait twice.
    tries = {"max_retries": len(addresses) - 1, "retry_on_timeout": False}
    options: dict[str, Any] = {"request_timeout": SEARCH_SECONDS, **tries}
    if api_key:
        options["api_key"] = api_key
    elif user:
        options["basic_auth"] = (user, password)
    if ca:
        options["ca_certs"] = ca
    # A node that fails is asked again by the next request: the breaker decides, not the pool.
    return Elasticsearch(addresses, dead_node_backoff_factor=0.1, **options)


def patient() -> Elasticsearch:
    """Return the client of who may wait: the worker and commands."""
    return client().options(request_timeout=SEND_SECONDS)


def prefix() -> str:
    return str(settings.PARVIS_ELASTICSEARCH["prefix"])


def live_alias() -> str:
    """Return the name that is searched. It holds the mapping's own, so that no release asks an index of another."""
    return f"{prefix()}-entries-{digest()}"


def next_alias() -> str:
    """Return the name of the index being filled, while there is one."""
    return f"{live_alias()}-next"
