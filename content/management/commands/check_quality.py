"""Judge every page again."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm
from wagtail.models import Page

from content.models import PageFlaw
from content.services import judge_all


class Command(BaseCommand):
    help = "Judge every page again, for the report on their quality: after an upgrade, or when rules have changed."

    def handle(self, **options: Any) -> None:
        pks = list(Page.objects.filter(depth__gt=1).order_by("path").values_list("pk", flat=True))
        for _pk in tqdm(judge_all(pks), total=len(pks), unit="page", disable=None):
            pass
        flawed = PageFlaw.objects.values("page").distinct().count()
        self.stdout.write(f"{len(pks)} pages, {flawed} with something that could be better")
