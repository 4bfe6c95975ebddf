"""Load the demonstration university."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from tqdm import tqdm
from wagtail.models import Page
from wagtail.signal_handlers import disable_reference_index_auto_update

from home.demonstration import alerts, pages, records
from home.demonstration.documents import load_documents
from home.demonstration.files import read
from home.planting import plant_orders
from search.projection import projected_once
from services.models import Level, ServicePage, ServiceState
from services.states import set_state


class Command(BaseCommand):
    help = "Load the demonstration university. Run again, it adds what is missing and changes nothing else."

    def handle(self, **options: Any) -> None:
        # Each page is saved several times: what it refers to is noted once, when its body is written.
        with disable_reference_index_auto_update():
            self._load()

    def _load(self) -> None:
        before = Page.objects.count()
        languages = list(pages.TRANSLATED)
        records.load_languages(languages)
        demo = pages.Demonstration(
            units=records.load_units(),
            audiences=records.load_audiences(),
            families=records.load_families(languages),
            categories=records.load_categories(),
        )
        records.load_readers()
        with projected_once():
            self._load_pages(demo, languages)
        records.load_groups(Page.objects.get(pk=demo.pages["ufr-sciences"]))
        records.load_announcers(Page.objects.get(pk=demo.pages["departement-mathematiques"]))
        pages.load_settings(demo)
        pages.load_records()
        self._load_states(demo)
        alerts.load_retirements(demo)
        alerts.load_alerts(demo)
        plant_orders()
        self.stdout.write(f"{Page.objects.count() - before} pages added, {Page.objects.count()} in all")

    def _load_pages(self, demo: pages.Demonstration, languages: list[str]) -> None:
        pages.load_trees(demo)
        steps = [
            ("documents", load_documents(demo.documents, units=demo.units, audiences=demo.audiences)),
            ("pages", pages.load_pages(demo)),
            ("bodies", pages.write_bodies(demo)),
        ]
        for language in languages:
            steps += [
                (f"{language}", pages.load_translations(demo, language)),
                (f"{language} bodies", pages.write_bodies(demo)),
            ]
        for name, titles in steps:
            for _title in tqdm(titles, desc=name, unit="page", disable=None):
                pass

    def _load_states(self, demo: pages.Demonstration) -> None:
        for item in read("services*.toml", "service"):
            said = item.get("state")
            service = ServicePage.objects.filter(pk=demo.pages.get(item["slug"])).first()
            if said is None or service is None:
                continue
            if ServiceState.objects.filter(service=service.translation_key).exists():
                continue
            hours = said.get("expected_hours")
            set_state(
                service=service.translation_key,
                level=Level(said["level"]),
                message=said["message"],
                until=timezone.now() + timedelta(hours=hours) if hours else None,
                author=None,
                since=timezone.now() - timedelta(hours=said.get("started_hours_ago", 0)),
            )
