"""The worker: what does not wait for a request."""

from __future__ import annotations

import logging
import signal
import time
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import OperationalError, close_old_connections
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker

from accounts.sessions import forget_ended
from audience.version import prune
from home.contact.letters import forget_old_letters
from news.openings import forget_openings
from search.elasticsearch.keeping import Keeper
from search.journal import forget_searches
from search.models import Heartbeat
from search.popularity import weigh_nightly
from services.states import end_states

log = logging.getLogger(__name__)

ROUND = 60  # seconds between two rounds of scheduled publication
AT_ONCE = (
    20  # tasks, before it looks at what remains to be sent: searches that are noted must not hold up a publication
)


class Command(BaseCommand):
    help = "Run background tasks, send what changed to the search engine, publish what is scheduled each minute."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="Go round once and stop.")
        parser.add_argument("--interval", type=float, default=1.0, help="Seconds between two looks at the tasks.")

    def handle(self, *, once: bool, interval: float, **options: Any) -> None:
        self.stopping = False
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        next_round, keeper = 0.0, Keeper()
        while not self.stopping:
            close_old_connections()
            more = False
            try:
                more = run_tasks(None if once else AT_ONCE)
                keeper.step()
                if time.monotonic() >= next_round:
                    go_round()
                    next_round = time.monotonic() + ROUND
            except OperationalError as error:
                # The database is away or its one writer is busy: what is owed waits for the next look.
                log.warning("worker waits: %s", type(error).__name__)
            if once:
                return
            if not more:
                time.sleep(interval)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True


def run_tasks(most: int | None = None) -> bool:
    """Run the tasks that are due, `most` at once if given; return whether there may be more."""
    worker = Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=most,
        worker_id="work",
        excluded_queue_names=[],
    )
    worker.run()
    return most is not None and worker._run_tasks >= most


def go_round() -> None:
    """Do what comes with the clock, and say that it was done."""
    call_command("publish_scheduled", verbosity=0)
    end_states()
    forget_openings()
    prune()
    forget_old_letters()
    forget_searches()
    forget_ended()
    weigh_nightly()
    Heartbeat.objects.update_or_create(pk=1, defaults={"at": timezone.now()})
