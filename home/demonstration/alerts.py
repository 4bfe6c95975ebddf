"""The alerts of the demonstration, and the services it has retired."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from wagtail.models import Page

from audience.models import Access
from home.demonstration.files import read
from home.demonstration.pages import Demonstration
from home.models import Alert, AlertPlace
from services.models import Retirement, ServicePage
from services.retirement import retire


def load_alerts(demo: Demonstration) -> None:
    """Make the alerts of alerts*.toml that are not there yet; hours are counted from now."""
    now = timezone.now()
    for item in read("alerts*.toml", "alert"):
        if Alert.objects.filter(title=item["title"]).exists():
            continue
        alert = Alert(
            level=item["level"],
            title=item["title"],
            text=item["text"],
            title_en=item.get("title_en", ""),
            text_en=item.get("text_en", ""),
            link=Page.objects.filter(pk=demo.pages.get(item.get("link", ""))).first(),
            starts_at=now - timedelta(hours=item.get("started_hours_ago", 0)),
            ends_at=now + timedelta(hours=item["hours"]),
            access=Access(item.get("access", "recommended")),
        )
        alert.audiences = [demo.audiences[slug] for slug in item.get("audiences", [])]
        places = [demo.pages[slug] for slug in item.get("below", []) if slug in demo.pages]
        alert.places.add(*(AlertPlace(page_id=pk) for pk in places))
        alert.full_clean(exclude=["audiences"])
        alert.save()


def load_retirements(demo: Demonstration) -> None:
    """Retire the services whose item says so: `retired = { successor = "slug", message = "…" }`."""
    for item in read("services*.toml", "service"):
        said = item.get("retired")
        service = ServicePage.objects.filter(pk=demo.pages.get(item["slug"])).first()
        if said is None or service is None or Retirement.objects.filter(service=service.translation_key).exists():
            continue
        successor = ServicePage.objects.filter(pk=demo.pages.get(said.get("successor", ""))).first()
        retire(
            service=service.translation_key,
            successor=successor.translation_key if successor else None,
            message=said.get("message", ""),
            author=None,
        )
