"""Read the text of documents that were there before, or that were set aside."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from content.models import PortalDocument
from search.files import FileText, read_document
from search.reading import READERS


class Command(BaseCommand):
    help = "Read the text of documents that has not been read; --again: of those set aside too."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--again", action="store_true")

    def handle(self, *, again: bool, **options: Any) -> None:
        done = FileText.objects.filter(error="") if again else FileText.objects.all()
        documents = PortalDocument.objects.exclude(pk__in=done.values("pk")).order_by("pk")
        todo = [one.pk for one in documents if one.file_extension.lower() in READERS]
        for pk in tqdm(todo, unit="document", disable=None):
            read_document.func(pk)
        for aside in FileText.objects.filter(pk__in=todo).exclude(error=""):
            self.stdout.write(f"document {aside.pk} is set aside: {aside.error}")
        self.stdout.write(f"{len(todo)} read")
