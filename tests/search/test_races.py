"""Publishers at once: whatever the order, nothing stays open that was reserved. Each is a thread of its own."""

from __future__ import annotations

import os
import random
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, connections
from django.utils import timezone
from pytest_django import Settings
from wagtail.models import Collection, CollectionViewRestriction, Locale, Page, PageViewRestriction

from audience.models import Access, Audience
from content.models import PortalDocument, StandardPage
from home.models import HomePage
from tests.dates import dates_block
from tests.editing import fresh
from tests.factories import AudienceFactory, StandardPageFactory
from tests.leaks.compare import differences

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

SAMPLE, WHOLE = 20, 200


@pytest.fixture(autouse=True)
def _on_postgresql(settings: Settings) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time: set PARVIS_DATABASE_URL to a PostgreSQL to run the races")
    # Wagtail's own index, which its worker writes elsewhere, rewrites the norms of all rows and deadlocks with itself.
    settings.WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database", "AUTO_UPDATE": False}}


@pytest.fixture
def times() -> int:
    return WHOLE if os.environ.get("PARVIS_WHOLE") == "1" else SAMPLE


@pytest.fixture
def rand() -> random.Random:
    return random.Random(7)


@pytest.fixture
def audiences(db: None) -> list[Audience]:
    return AudienceFactory.create_batch(12)


class Parent:
    """A reserved-to-be grandparent with a parent below it, made anew for each race."""

    def __init__(self, home: HomePage) -> None:
        self.grandparent = StandardPageFactory(parent=home)
        self.parent = StandardPageFactory(parent=self.grandparent)
        self.child = StandardPageFactory(parent=self.parent)


def together(*calls: Callable[[], object]) -> None:
    """Run `calls` at once, each in a thread; raise what any of them raised."""
    barrier, failures = threading.Barrier(len(calls)), []

    def run(call: Callable[[], object]) -> None:
        try:
            barrier.wait(timeout=10)
            call()
        except BaseException as error:  # handed to the test
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads), "two publishers wait for each other"
    if failures:
        raise failures[0]


def reserve(page: Page, *audiences: Audience) -> Callable[[], None]:
    def call() -> None:
        found: Any = fresh(page)
        found.access, found.audiences = Access.RESERVED, list(audiences)
        found.save_revision().publish()

    return call


def publish_below(page: Page) -> Callable[[], None]:
    def call() -> None:
        now = timezone.now()
        child = StandardPage(title=f"Enfant de {page.pk}", live=True, first_published_at=now)
        Page.objects.get(pk=page.pk).add_child(instance=child)

    return call


def publish_again(page: Page) -> Callable[[], None]:
    return lambda: fresh(page).save_revision().publish()


def date_again(page: Page, label: str) -> Callable[[], None]:
    def call() -> None:
        found: Any = fresh(page)
        found.body = [dates_block((label, "2026-12-03"), ("Clôture", "2026-12-04", "17:00"))]
        found.save_revision().publish()

    return call


def move(page: Page, target: Page) -> Callable[[], None]:
    return lambda: fresh(page).move(Page.objects.get(pk=target.pk), pos="last-child")


def rounds(home: HomePage, times: int) -> Iterator[Parent]:
    """Yield a small tree again and again; fail as soon as an entry is not what the rule says."""
    for number in range(times):
        yield Parent(home)
        if number % 10 == 9 or number == times - 1:
            assert differences() == [], f"round {number}"


def test_a_child_published_while_its_parent_is_being_reserved_is_reserved(
    home: HomePage, audiences: list[Audience], rand: random.Random, times: int
) -> None:
    for tree in rounds(home, times):
        above = rand.choice([tree.grandparent, tree.parent])
        together(publish_below(tree.parent), reserve(above, rand.choice(audiences)), publish_again(tree.child))


def test_a_page_moved_while_its_new_place_is_being_reserved_is_reserved(
    home: HomePage, audiences: list[Audience], rand: random.Random, times: int
) -> None:
    for tree in rounds(home, times // 2):
        page = StandardPageFactory(parent=home)
        StandardPageFactory(parent=page)
        together(move(page, tree.parent), reserve(rand.choice([tree.grandparent, tree.parent]), rand.choice(audiences)))


def test_two_reservations_of_one_line_both_hold(
    home: HomePage, audiences: list[Audience], rand: random.Random, times: int
) -> None:
    for tree in rounds(home, times // 2):
        tags = rand.sample(audiences, 2)
        together(reserve(tree.grandparent, *tags), reserve(tree.parent, *tags), reserve(tree.child, *tags))


def test_translations_reserved_and_published_at_once_share_their_demands(
    home: HomePage, audiences: list[Audience], rand: random.Random, times: int
) -> None:
    english = Locale.objects.get(language_code="en")
    for tree in rounds(home, times // 2):
        twin = tree.grandparent.copy_for_translation(english)
        publish_again(twin)()
        one, other = rand.sample(audiences, 2)
        together(reserve(tree.grandparent, one), publish_again(twin), reserve(twin, other))


def test_a_translation_made_while_its_page_is_being_reserved_is_reserved(
    home: HomePage, audiences: list[Audience], rand: random.Random, times: int
) -> None:
    english = Locale.objects.get(language_code="en")

    def translate(page: Page) -> Callable[[], None]:
        return lambda: fresh(page).copy_for_translation(english).save_revision().publish()

    for tree in rounds(home, times // 2):
        together(translate(tree.grandparent), reserve(tree.grandparent, rand.choice(audiences)))


def test_an_alias_made_while_its_source_is_being_reserved_is_reserved(
    home: HomePage, audiences: list[Audience], rand: random.Random, times: int
) -> None:
    def mirror(page: Page) -> Callable[[], object]:
        return lambda: fresh(page).create_alias(parent=fresh(home), update_slug=f"alias-{page.pk}")

    for tree in rounds(home, times // 2):
        above = rand.choice([tree.grandparent, tree.parent])
        together(mirror(tree.parent), reserve(above, rand.choice(audiences)))


def test_privacy_set_while_a_child_is_published_holds_for_the_child(home: HomePage, times: int) -> None:
    def restrict(page: Page) -> Callable[[], object]:
        return lambda: PageViewRestriction.objects.create(page=page, restriction_type="login")

    for tree in rounds(home, times // 2):
        together(restrict(tree.grandparent), publish_below(tree.parent), publish_below(tree.grandparent))


def test_a_page_deleted_while_its_translation_is_reserved_leaves_that_reserved(
    home: HomePage, audiences: list[Audience], rand: random.Random, times: int
) -> None:
    english = Locale.objects.get(language_code="en")
    for tree in rounds(home, times // 2):
        twin = tree.grandparent.copy_for_translation(english)
        publish_again(twin)()
        together(lambda twin=twin: fresh(twin).delete(), reserve(tree.grandparent, rand.choice(audiences)))


def test_dates_written_while_what_stands_above_or_a_translation_is_reserved_are_reserved(
    home: HomePage, audiences: list[Audience], rand: random.Random, times: int
) -> None:
    english = Locale.objects.get(language_code="en")
    for tree in rounds(home, times // 2):
        twin = tree.grandparent.copy_for_translation(english)
        date_again(twin, "Opening")()
        one, other = rand.sample(audiences, 2)
        together(
            date_again(tree.grandparent, "Ouverture"),
            date_again(tree.child, "Rentrée"),
            reserve(tree.parent, one),
            reserve(twin, other),
        )


def test_a_document_added_while_its_collection_is_closed_is_closed(home: HomePage, times: int) -> None:
    for _round in range(times // 2):
        root = Collection.get_first_root_node() or Collection.add_root(name="Root")
        collection = root.add_child(name="Dossier")

        def add(collection: Collection = collection) -> None:
            PortalDocument.objects.create(title="Charte", file="charte.txt", collection=collection)

        def close(collection: Collection = collection) -> None:
            CollectionViewRestriction.objects.create(collection=collection, restriction_type="login")

        together(add, close)
    assert differences() == []
