"""Say what a search shows a reader, and why."""

from __future__ import annotations

import json as notation
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from search.explaining import UnknownReaderError, explain, reader_named


class Command(BaseCommand):
    help = "Show what the search page would show a reader: rank, title, address, kind, score, and what matched."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("query")
        parser.add_argument("--as", dest="who", default="", help="An account, or audiences parted by commas.")
        parser.add_argument(
            "--language", default=settings.LANGUAGE_CODE, choices=[code for code, _ in settings.LANGUAGES]
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *, query: str, who: str, language: str, json: bool, **options: Any) -> None:
        try:
            with translation.override(language):
                said = explain(query, reader=reader_named(who, language=language))
        except UnknownReaderError as error:
            raise CommandError(f"neither an account nor audiences: {error}") from error
        if json:
            self.stdout.write(notation.dumps(said, ensure_ascii=False, indent=2))
            return
        self.stdout.write(f"{said['total']} found by {said['engine']}; {said['counts']}")
        for one in said["results"]:
            clauses = ", ".join(f"{name} {score:.1f}" for name, score in one["clauses"].items())
            self.stdout.write(f"{one['rank']:>3}. {one['score']:>8.2f}  {one['title']}  {one['url']}  [{clauses}]")
