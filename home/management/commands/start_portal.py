"""Make an empty portal for an institution."""

from __future__ import annotations

import sys
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from home.starting import AlreadyStartedError, Start, start


class Command(BaseCommand):
    help = (
        "Make an empty portal: home, lists, legal pages, audiences by SUPANN rules, groups and a workflow. "
        "What is not given is asked for. Run again, it only adds administrators."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        codes = ", ".join(code for code, _name in settings.LANGUAGES)
        parser.add_argument("--name", help="name of the portal, as readers read it")
        parser.add_argument("--institution", help="name of the university")
        parser.add_argument("--languages", help=f"codes separated by commas, of: {codes}; all of them if not given")
        parser.add_argument("--address", default="", help="https://…; PARVIS_BASE_URL if not given")
        parser.add_argument(
            "--administrator",
            action="append",
            default=[],
            metavar="SUB",
            help="what the identity provider calls an administrator (the claim “sub”); may be given again",
        )

    def handle(self, **options: Any) -> None:
        name = self._asked(options["name"], "name", "Name of the portal: ")
        institution = self._asked(options["institution"], "institution", "Name of the university: ")
        known = [code for code, _name in settings.LANGUAGES]
        languages = [code.strip() for code in (options["languages"] or ",".join(known)).split(",") if code.strip()]
        if unknown := sorted(set(languages) - set(known)):
            raise CommandError(f"not a language of this portal: {', '.join(unknown)}; known: {', '.join(known)}")
        said = Start(
            name=name,
            institution=institution,
            languages=tuple(languages),
            address=options["address"] or settings.WAGTAILADMIN_BASE_URL,
            administrators=tuple(options["administrator"]),
        )
        try:
            is_new = start(said)
        except AlreadyStartedError:
            raise CommandError(
                "this portal has pages already, and another name: nothing was changed. "
                "Its names are edited in the admin, Settings, Portal and institution."
            ) from None
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from None
        self.stdout.write(f"{name}: {'started' if is_new else 'was started before'}")
        if said.administrators:
            self.stdout.write(f"administrators: {', '.join(said.administrators)}")
        elif is_new and not settings.PARVIS_ADMIN_ENTITLEMENTS:
            self.stdout.write(
                "nobody administers it yet: run again with --administrator, or set PARVIS_ADMIN_ENTITLEMENTS"
            )

    def _asked(self, given: str | None, option: str, question: str) -> str:
        said = given if given is not None else input(question) if sys.stdin.isatty() else ""
        if not said.strip():
            raise CommandError(f"give --{option}")
        return said.strip()
