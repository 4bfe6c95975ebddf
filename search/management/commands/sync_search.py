"""Send what changed to Elasticsearch."""

from __future__ import annotations

import signal
import time
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, close_old_connections

from search.elasticsearch.keeping import Keeper
from search.elasticsearch.rebuilding import BusyError, is_there, rebuild
from search.elasticsearch.sending import IndexMissingError, UnreachableError, remaining, send_all
from search.management.needs import needs_elasticsearch


class Command(BaseCommand):
    help = "Send to Elasticsearch the entries that changed since it last had them. The worker does so by itself."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--watch", action="store_true", help="Go on until stopped, beside or instead of the worker."
        )
        parser.add_argument("--interval", type=float, default=0.5, help="Seconds between two looks.")

    def handle(self, *, watch: bool, interval: float, **options: Any) -> None:
        needs_elasticsearch()
        if watch:
            self._watch(interval)
            return
        try:
            if not is_there():
                self.stdout.write(f"no index of this mapping: made {rebuild()}")
            sent = send_all()
        except (IndexMissingError, UnreachableError, BusyError) as error:
            raise CommandError(f"{remaining()} remain to be sent: {type(error).__name__} {error}") from error
        for pk, reason in sent.refused.items():
            self.stdout.write(f"entry {pk} is set aside: {reason}")
        self.stdout.write(f"{sent.entries} sent, {sent.gone} removed, {remaining()} remain")

    def _watch(self, interval: float) -> None:
        self.stopping = False
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        keeper = Keeper()
        while not self.stopping:
            close_old_connections()
            try:
                sent = keeper.step()
            except OperationalError as error:  # the database is away, or its one writer is busy
                self.stderr.write(f"waits: {type(error).__name__}")
                sent = None
            if sent:
                self.stdout.write(f"{sent.entries} sent, {sent.gone} removed, {len(sent.refused)} set aside")
            time.sleep(interval)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True
