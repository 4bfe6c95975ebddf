"""Ask graduates whether to keep their accounts, and remove those of a year without answer."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.alumni import ask, due


class Command(BaseCommand):
    help = "Ask graduates once a year whether to keep their account; remove it after a year without answer."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--send", action="store_true", help="Do it. Without this, only say what would be done.")

    def handle(self, *, send: bool, **options: Any) -> None:
        now = timezone.now()
        found = due(now=now)
        unreached = f"{len(found.without_address)} without an address"
        if not send:
            self.stdout.write(
                f"{len(found.ask)} to ask, {len(found.remove)} to remove, {unreached}. Nothing was done: add --send."
            )
            return
        left = sum(ask(user, now=now) for user in found.ask)
        for user in found.remove:
            user.delete()
        self.stdout.write(f"{left} asked, {len(found.remove)} removed, {unreached}")
        if left < len(found.ask):
            raise CommandError(f"{len(found.ask) - left} letters did not leave; they are tried again the next time.")
