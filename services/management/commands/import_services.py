"""Read the catalogue of services from a CSV file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import translation
from tqdm import tqdm

from audience.version import forget_kept
from services.imports import COLUMNS, Report, Row, UnreadableFileError, decoded, import_rows, rows_of


class Command(BaseCommand):
    help = (
        "Import services (CSV; columns: " + ", ".join(COLUMNS) + "). Without --write, only says what would be done. "
        "A service is known by its code, its address in the catalogue; nothing is ever deleted."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--write", action="store_true", help="write what the file says; without it, a dry run")
        parser.add_argument("--dry-run", action="store_true", help="write nothing; what happens without --write")
        parser.add_argument("--publish", action="store_true", help="publish what is written; without it, drafts")

    def handle(self, *, file: Path, write: bool, dry_run: bool, publish: bool, **options: Any) -> None:
        if write and dry_run:
            raise CommandError("--write or --dry-run, not both")
        try:
            rows = rows_of(decoded(file.read_bytes()))
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from None
        except UnreadableFileError as error:
            raise CommandError(f"{file}: {error}") from None
        report = Report()
        with translation.override(settings.LANGUAGE_CODE):
            if write:
                self._run(rows, publish, report)
            else:
                # All of it, then none of it: what a dry run says is what happens.
                with transaction.atomic():
                    self._run(rows, publish, report)
                    transaction.set_rollback(True)
                forget_kept()
        would = "" if write else "would be "
        self.stdout.write(
            f"{report.made} {would}made, {report.changed} {would}changed, {report.same} already so, "
            f"{len(report.refused)} refused"
        )
        if report.refused:
            lines = sorted(report.refused)
            raise CommandError("\n".join(f"line {line}: {why}" for line, why in lines))

    def _run(self, rows: list[Row], publish: bool, report: Report) -> None:
        done = import_rows(rows, publish=publish, report=report)
        for _line in tqdm(done, total=len(rows), unit="row", disable=None):
            pass
