"""Say in a header whether the body of an answer was shared; only the bench's settings use it."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from search.elasticsearch import engine
from search.shared import SharedBody

HEADER = "X-Bench-Body"


def be_patient() -> None:
    """Wait for Elasticsearch where what is slow is measured, instead of asking the database."""
    if os.environ.get("BENCH_PATIENT"):
        engine.SEARCH_SECONDS, engine.SEARCH_ON_NODE = 30.0, "30s"


class SharedOrMade:
    """Mark each answer `shared`, `made` (it may be shared from now on) or `own`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.seen = "own"
        be_patient()
        real = SharedBody.read

        def read(body: SharedBody, *args: Any) -> HttpResponse | None:
            found = real(body, *args)
            self.seen = "made" if found is None else "shared"
            return found

        SharedBody.read = read  # type: ignore[method-assign]

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self.seen = "own"  # a sync worker serves one request at a time
        response = self.get_response(request)
        response[HEADER] = self.seen
        return response
