"""Say where entries and pages differ."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from search.drift import differences, other_differences, sources

SHOWN = 10


class Command(BaseCommand):
    help = "Compare each entry with what its page or document would give now; change nothing, fail on a difference."

    def handle(self, *args: Any, **options: Any) -> None:
        known = sources()
        found: dict[str, list[str]] = defaultdict(list)
        for wrong in tqdm(differences(known), total=len(known), unit="entry", disable=None):
            for difference in wrong:
                found[difference.kind].append(difference.source)
        for difference in other_differences(known):
            found[difference.kind].append(difference.source)
        for kind, names in sorted(found.items()):
            more = ", …" if len(names) > SHOWN else ""
            self.stdout.write(f"{kind}: {len(names)} ({', '.join(names[:SHOWN])}{more})")
        self.stdout.write(f"{len(known)} compared")
        if found:
            raise CommandError("entries and pages differ: run manage.py rebuild_entries", returncode=1)
