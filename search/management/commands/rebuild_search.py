"""Make the index of Elasticsearch anew."""

from __future__ import annotations

import gc
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from search.elasticsearch.rebuilding import BusyError, rebuild
from search.elasticsearch.sending import IndexMissingError, UnreachableError, send_all
from search.management.needs import needs_elasticsearch
from search.models import Entry


class Command(BaseCommand):
    help = "Fill a new index from entries while the present one is searched, and let it take its place in one step."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--shards", type=int, default=1, help="Parts of the index; more than one above some millions."
        )
        parser.add_argument("--replicas", type=int, default=0, help="Copies on other nodes: 1 in a cluster of three.")

    def handle(self, *, shards: int, replicas: int, **options: Any) -> None:
        needs_elasticsearch()
        gc.freeze()  # the program itself is not looked through again for what is of no more use: a tenth of the time
        try:
            with tqdm(total=Entry.objects.count(), unit="entry", disable=None) as bar:
                name = rebuild(bar.update, shards=shards, replicas=replicas)
            send_all()
        except BusyError as error:
            raise CommandError(f"another rebuild fills {error}; if it was killed, wait half an hour") from error
        except (IndexMissingError, UnreachableError) as error:
            raise CommandError(f"the present index stays: {type(error).__name__} {error}") from error
        self.stdout.write(f"{name} is searched")
