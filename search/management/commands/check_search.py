"""Say where the index and entries differ, and how search goes."""

from __future__ import annotations

import json as notation
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from search.elasticsearch import comparing
from search.elasticsearch.sending import IndexMissingError, UnreachableError, send_all
from search.elasticsearch.watching import condition
from search.models import Unsendable

SHOWN = 10


class Command(BaseCommand):
    help = "Say what is down, what readers see, what remains to send, and where index and entries differ."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--repair", action="store_true", help="Send again what differs.")
        parser.add_argument("--json", action="store_true", help="How search goes, for machines; compares nothing.")

    def handle(self, *, repair: bool, json: bool, **options: Any) -> None:
        how = condition()
        if json:
            self._as_json(how.as_dict())
            return
        self.stdout.write(f"engine: {how.engine} ({how.index}); readers are answered by: {how.answers}")
        if how.engine != "elasticsearch":
            return
        self.stdout.write(f"remain to be sent: {how.remaining}; set aside: {how.set_aside}")
        for aside in Unsendable.objects.order_by("pk")[:SHOWN]:
            self.stdout.write(f"  entry {aside.pk}, version {aside.version}: {aside.error}")
        if how.filling:
            self.stdout.write(f"being filled: {how.filling}")
        try:
            self._compare(repairing=repair)
        except IndexMissingError as error:
            raise CommandError(f"{error} is not there: run manage.py rebuild_search, or start the worker") from error
        except UnreachableError as error:
            raise CommandError(f"Elasticsearch does not answer: {error}. The database answers readers.") from error

    def _as_json(self, said: dict[str, object]) -> None:
        self.stdout.write(notation.dumps(said))

    def _compare(self, *, repairing: bool) -> None:
        if repairing:
            send_all()
        drift = comparing.compare()
        for kind, pks in drift.by_kind().items():
            more = ", …" if len(pks) > SHOWN else ""
            self.stdout.write(f"{kind}: {len(pks)} ({', '.join(map(str, pks[:SHOWN]))}{more})")
        self.stdout.write(f"{drift.compared} compared")
        if drift and repairing:
            self.stdout.write(f"{comparing.repair(drift)} sent again")
        elif drift:
            raise CommandError("index and entries differ: run manage.py check_search --repair")
