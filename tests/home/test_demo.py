"""The demonstration university: enough to judge the portal by, and loaded again without harm."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from audience.models import Audience, Demand, Rule, Visibility
from content.entry import Kind
from content.models import PortalDocument, PortalImage
from directory.models import Unit
from search.models import Entry
from services.models import ServiceFamily, ServiceState
from tests.reading import soup

pytestmark = [pytest.mark.long, pytest.mark.django_db]


def counted() -> dict[str, int]:
    said = (Page, Entry, Audience, Rule, Demand, Visibility, Unit)
    kept = (ServiceFamily, ServiceState, PortalImage, PortalDocument, Group)
    return {model.__name__: model.objects.count() for model in (*said, *kept)}


def test_the_demonstration_is_enough_and_is_loaded_again_without_harm(
    home: Any, settings: Any, tmp_path: Path, client: Client
) -> None:
    settings.MEDIA_ROOT, settings.PRIVATE_ROOT = str(tmp_path / "media"), str(tmp_path / "private")
    call_command("load_demo", verbosity=0)
    first = counted()
    renamed = Page.objects.filter(content_type__model="newspage", locale__language_code="fr").first().specific
    renamed.title = "Un titre que la rédaction a changé"
    renamed.save_revision().publish()
    call_command("load_demo", verbosity=0)

    assert counted() == first
    assert Page.objects.get(pk=renamed.pk).title == "Un titre que la rédaction a changé"

    french = Entry.objects.filter(language="fr", withdrawn=False)
    least = {Kind.NEWS: 12, Kind.EVENT: 8, Kind.GUIDANCE: 8, Kind.SERVICE: 20, Kind.SECTION: 4}
    assert {kind: french.of_kind(kind).count() >= number for kind, number in least.items()} == dict.fromkeys(
        least, True
    )
    assert Audience.objects.count() >= 15
    assert not Audience.objects.filter(rules=None, narrower=None).exists()

    seen, todo = set(), ["/", "/en/"]
    while todo:
        address = todo.pop()
        if address in seen or not re.match(r"^/(?!admin|oidc|static|media)", address):
            continue
        seen.add(address)
        answer = client.get(address)
        assert answer.status_code in {200, 302}, address
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            todo += [link["href"].partition("#")[0].partition("?")[0] for link in soup(answer).select("a[href^='/']")]
    assert len(seen) > 60
    assert reverse("search") in seen
