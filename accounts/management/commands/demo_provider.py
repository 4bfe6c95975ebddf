"""Run the demonstration's identity provider."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Run a local identity provider where one signs in as a persona (TOML: [[persona]] sub, label, claims)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("personas", type=Path)
        parser.add_argument("--port", type=int, default=9400)

    def handle(self, *, personas: Path, port: int, **options: Any) -> None:
        try:
            from accounts.demo_provider import read_personas, running
        except ImportError as error:
            raise CommandError(f"{error}; the demonstration needs requirements-dev.txt") from None
        try:
            people = read_personas(personas)
        except (OSError, ValueError, KeyError) as error:
            raise CommandError(f"{personas}: {error}") from None
        with running(people, port=port) as server:
            self.stdout.write(f"http://127.0.0.1:{server.server_port}")
            for persona in people:
                self.stdout.write(f"  {persona.name}: {persona.label}")
            self.stdout.flush()
            try:
                while True:
                    time.sleep(3600)
            except KeyboardInterrupt:
                return
