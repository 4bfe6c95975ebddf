"""What the files of the demonstration may say of alerts and retired services."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from home.demonstration import alerts
from home.demonstration.pages import Demonstration
from home.models import Alert
from services.models import Retirement
from tests.factories import ServicePageFactory
from tests.reading import soup

pytestmark = pytest.mark.django_db

ALERTS = [
    {
        "level": "warning",
        "title": "Travaux",
        "text": "Entrez par la rue.",
        "hours": 48,
        "link": "mel",
        "below": ["mel"],
    },
    {"level": "info", "title": "Conseil", "text": "À 18 h.", "hours": 2, "access": "reserved", "audiences": ["staff"]},
]
SERVICES = [{"slug": "zimbra", "retired": {"successor": "mel", "message": "Repris."}}, {"slug": "mel"}]


def test_alerts_and_retirements_are_loaded_once(
    client: Client, catalogue: Any, staff: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = (ServicePageFactory(parent=catalogue, slug=slug, title=slug) for slug in ("zimbra", "mel"))
    pages = {"zimbra": old.pk, "mel": new.pk}
    demo = Demonstration(units={}, audiences={"staff": staff}, families={}, categories={}, pages=pages)
    monkeypatch.setattr(alerts, "read", lambda pattern, key: {"alert": ALERTS, "service": SERVICES}[key])

    for _twice in range(2):
        alerts.load_alerts(demo)
        alerts.load_retirements(demo)

    assert sorted(Alert.objects.values_list("title", flat=True)) == ["Conseil", "Travaux"]
    assert Retirement.objects.get().successor == new.translation_key
    titles = [one.get_text() for one in soup(client.get(new.url)).select(".alerts .alert-banner__title")]
    assert titles == ["Travaux"]
