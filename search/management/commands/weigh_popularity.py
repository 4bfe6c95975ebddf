"""Make popularity of what was read, as the worker does each night."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from search.popularity import weigh


class Command(BaseCommand):
    help = "Compute popularity from the views of the last eight weeks, as the worker does each night."

    def handle(self, **options: Any) -> None:
        self.stdout.write(f"popularity changed for {weigh()} entries")
