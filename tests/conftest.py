"""Fixtures for every room."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from pytest_django import Settings
from wagtail.models import Locale, Page, Site

from audience.models import Audience, Kind
from bench import CONTROL
from home.models import HomePage
from tests.factories import (
    AgendaPageFactory,
    AudienceFactory,
    CataloguePageFactory,
    GuidanceIndexPageFactory,
    NewsIndexPageFactory,
    ReaderFactory,
    SectionsIndexPageFactory,
)

# What takes a sample of itself in `make test` and goes whole with PARVIS_WHOLE=1.
SAMPLED = ("tests/leaks/", "tests/search/test_races.py", "tests/search/test_growth.py")
# What no database changes runs on SQLite alone. Both databases run the room that words SQL of its own for each; the
# rest runs on PostgreSQL, as production does, and SQLite meets it in the browser's tests.
ONCE = ("tests/content/test_hostile.py", "tests/docs/", "tests/portal/test_static.py", "tests/portal/test_settings.py")
BOTH = ("tests/search/", "tests/browser/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        path = Path(item.fspath).as_posix()
        if any(part in path for part in SAMPLED):
            item.add_marker(pytest.mark.whole)
        if any(part in path for part in ONCE):
            item.add_marker(pytest.mark.once)
        elif "tests/search/elasticsearch/" in path or not any(part in path for part in BOTH):
            item.add_marker(pytest.mark.server)


@pytest.fixture(autouse=True)
def _fresh_process() -> None:
    """Forget what a process keeps between requests: tests roll back under it."""
    from audience import demands, version
    from home import emergency
    from search.parts import forget_parts

    translation.activate("fr")
    emergency.forget()
    forget_parts()
    version.forget_kept()
    demands._interned.clear()


@pytest.fixture
def home(db: None) -> HomePage:
    """The French home, made again when a test that commits has emptied the database."""
    found = HomePage.objects.filter(locale__language_code="fr").first()
    return found or plant_trees()


def plant_trees() -> HomePage:
    """Make the root, the locales, both homes and the site, as the first migration does."""
    french, _ = Locale.objects.get_or_create(language_code="fr")
    Locale.objects.get_or_create(language_code="en")
    root = Page.objects.filter(depth=1).first() or Page.add_root(title="Root", slug="root", locale=french)
    home: HomePage = root.add_child(instance=HomePage(title="Accueil", slug="home", show_in_menus=True))
    home.copy_for_translation(Locale.objects.get(language_code="en")).save_revision().publish()
    Site.objects.all().delete()
    Site.objects.create(hostname="localhost", port=80, root_page=home, is_default_site=True)
    for planted in HomePage.objects.all():
        planted.save()  # the homes were made before the site that gives them an address
    return HomePage.objects.get(pk=home.pk)


@pytest.fixture
def english_home(home: HomePage) -> HomePage:
    return HomePage.objects.get(locale__language_code="en")


@pytest.fixture
def news_index(home: HomePage) -> Any:
    return NewsIndexPageFactory(parent=home, title="Actualités", slug="actualites")


@pytest.fixture
def students(db: None) -> Audience:
    return AudienceFactory(slug="etudiants", name="Étudiants", kind=Kind.STATUS)


@pytest.fixture
def staff(db: None) -> Audience:
    return AudienceFactory(slug="personnels", name="Personnels", kind=Kind.STATUS)


@pytest.fixture
def sign_in(db: None) -> Callable[..., Client]:
    """Return a browser signed in as a reader with these positions: `sign_in([staff, drh], [student])`."""

    def signed_in(*positions: list[Audience], groups: tuple[Group, ...] = (), **user: Any) -> Client:
        reader = ReaderFactory(**user)
        reader.groups.set(groups)
        from tests.factories import know

        know(reader, *positions)
        client = Client()
        client.force_login(reader)
        return client

    return signed_in


@pytest.fixture
def count_queries() -> Callable[..., int]:
    """Return how many queries a call costs."""

    def count(call: Callable[..., Any], *args: Any, **kwargs: Any) -> int:
        with CaptureQueriesContext(connection) as captured:
            call(*args, **kwargs)
        return sum(not query["sql"].startswith(CONTROL) for query in captured)

    return count


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Return the worker's round, within the transaction of the test, whose connection it must not close."""
    for module in ("home.management.commands.work", "django_tasks_db.management.commands.db_worker"):
        monkeypatch.setattr(f"{module}.close_old_connections", lambda: None)
    return lambda: call_command("work", once=True)


@pytest.fixture
def kept_bodies(settings: Settings) -> None:
    """Share bodies as production does: the test settings keep none."""
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "kept bodies"}
    }
    cache.clear()


@pytest.fixture
def agenda(home: HomePage) -> Any:
    return AgendaPageFactory(parent=home, title="Agenda", slug="agenda")


@pytest.fixture
def guidance_index(home: HomePage) -> Any:
    return GuidanceIndexPageFactory(parent=home, title="Démarches", slug="demarches")


@pytest.fixture
def catalogue(home: HomePage) -> Any:
    return CataloguePageFactory(parent=home, title="Services", slug="services")


@pytest.fixture
def sections(home: HomePage) -> Any:
    return SectionsIndexPageFactory(parent=home, title="Composantes", slug="composantes")


@pytest.fixture
def administrator(sign_in: Callable[..., Client]) -> Client:
    """A browser signed in with every right, and no audience."""
    return sign_in(is_superuser=True)
