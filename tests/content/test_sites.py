"""Wagtail's site is kept by each process, and a change of it is seen at once."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Site

from home.models import HomePage
from tests.factories import StandardPageFactory

pytestmark = pytest.mark.django_db


def test_a_site_that_changes_serves_its_new_root_at_the_next_request(client: Client, home: HomePage) -> None:
    page = StandardPageFactory(parent=home, title="Autre accueil")
    assert client.get("/").context["page"].pk == home.pk

    site = Site.objects.get()
    site.root_page = page
    site.save()

    assert client.get("/").context["page"].pk == page.pk


def test_what_a_request_reads_through_its_site_is_not_kept_for_the_next(client: Client, home: HomePage) -> None:
    assert client.get("/").status_code == 200
    HomePage.objects.filter(pk=home.pk).update(title="Bienvenue")

    assert client.get("/").context["page"].title == "Bienvenue"


def test_the_site_is_asked_once_in_a_process(client: Client, home: HomePage) -> None:
    client.get("/")
    with CaptureQueriesContext(connection) as captured:
        client.get("/")

    assert not [one for one in captured.captured_queries if "wagtailcore_site" in one["sql"]]
