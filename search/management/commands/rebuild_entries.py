"""Make every entry anew."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from search.drift import remove_orphans, sources


class Command(BaseCommand):
    help = "Project every page and document into its entry again, and remove entries whose source is gone."

    def handle(self, *args: Any, **options: Any) -> None:
        known = sources()
        for source in tqdm(known, unit="entry", disable=None):  # None: a bar on a terminal, silence in a log
            source.project(source.pk)
        # Listed again: pages may have come and gone meanwhile.
        removed = remove_orphans(sources())
        self.stdout.write(f"{len(known)} projected, {removed} removed")
