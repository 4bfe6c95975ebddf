"""Pages become entries in the transaction that publishes them, as the database has them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client, TestCase
from django.utils import timezone
from wagtail.models import Locale, Page, PageViewRestriction

from audience.models import Access, Audience
from content.models import StandardPage
from search.models import Entry
from search.projection import projected_once
from tests.factories import NewsPageFactory, StandardPageFactory
from tests.leaks.compare import differences

pytestmark = pytest.mark.django_db


def test_a_publication_whose_entry_fails_does_not_happen(
    home: Page, staff: Audience, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = StandardPageFactory(parent=home)

    def fail(entry: int) -> None:
        raise OSError("no index")

    monkeypatch.setattr("search.projection.index_entry", fail)
    page.access, page.audiences = Access.RESERVED, [staff]
    with pytest.raises(OSError, match="no index"):
        page.save()

    kept = StandardPage.objects.get(pk=page.pk)
    assert kept.access == Access.RECOMMENDED
    assert not kept.audiences.exists()


def test_pages_added_together_become_the_entries_that_each_would_have_alone(
    home: Page, staff: Audience, count_queries: Callable[..., int]
) -> None:
    def add() -> None:
        parent = StandardPageFactory(parent=home, access=Access.RESERVED, audiences=[staff])
        below = StandardPageFactory(parent=parent)
        below.copy_for_translation(Locale.objects.get(language_code="en"), copy_parents=True)
        for page in StandardPage.objects.filter(alias_of=None):
            page.save_revision().publish()

    def add_together() -> None:
        with projected_once():
            add()
            assert not Entry.objects.filter(object_id__in=added()).exists()

    def added() -> list[int]:
        return list(StandardPage.objects.values_list("pk", flat=True))

    together = count_queries(add_together)
    assert Entry.objects.filter(object_id__in=added()).count() == len(added()) == 4
    assert not differences()
    StandardPage.objects.first().get_descendants(inclusive=True).delete()
    StandardPage.objects.all().delete()
    assert together < count_queries(add)


def test_nothing_stays_of_pages_added_together_when_one_fails(home: Page) -> None:
    def fail() -> None:
        with projected_once():
            StandardPageFactory(parent=home)
            raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        fail()

    assert not StandardPage.objects.exists()
    assert StandardPageFactory(parent=home).pk in Entry.objects.values_list("object_id", flat=True)


def test_a_page_scheduled_for_later_is_nowhere_before(client: Client, news_index: Page) -> None:
    page = NewsPageFactory(parent=news_index, title="Embargo", live=False, first_published_at=None)
    page.go_live_at = timezone.now() + timedelta(hours=1)
    page.save_revision().publish()

    assert "Embargo" not in client.get(news_index.url).content.decode()
    assert client.get(page.url).status_code == 404


def test_an_expired_page_goes_though_no_task_ran_and_so_does_what_is_below(client: Client, home: Page) -> None:
    parent = StandardPageFactory(parent=home, title="Ancienne", expire_at=timezone.now() - timedelta(seconds=1))
    child = StandardPageFactory(parent=parent, title="Dessous")

    assert client.get(parent.url).status_code == 404
    assert client.get(child.url).status_code == 404


def test_below_a_page_that_is_not_live_nothing_is(client: Client, home: Page) -> None:
    parent = StandardPageFactory(parent=home)
    child = StandardPageFactory(parent=parent)
    assert client.get(child.url).status_code == 200

    parent.unpublish()

    assert client.get(child.url).status_code == 404


def test_what_a_reservation_hides_twice_stays_hidden_when_it_is_lifted_once(
    client: Client, home: Page, staff: Audience
) -> None:
    """An alias under a page reserved for staff, of a source then reserved for staff too: the same demand, twice."""
    reserved = {"audiences": [staff], "access": Access.RESERVED}
    above, source = StandardPageFactory(parent=home, **reserved), StandardPageFactory(parent=home)
    alias = source.create_alias(parent=above, update_slug="alias")
    source.access, source.audiences = Access.RESERVED, [staff]
    source.save()

    above = StandardPage.objects.get(pk=above.pk)
    above.access = Access.RECOMMENDED
    above.save()

    assert client.get(above.url).status_code == 200
    assert client.get(alias.url).status_code == 404


def test_a_page_with_privacy_can_be_deleted(home: Page, staff: Audience) -> None:
    parent = StandardPageFactory(parent=home, audiences=[staff], access=Access.RESERVED)
    child = StandardPageFactory(parent=parent)
    PageViewRestriction.objects.create(page=parent, restriction_type="login")
    PageViewRestriction.objects.create(page=child, restriction_type="login")

    StandardPage.objects.get(pk=parent.pk).delete()

    assert not Entry.objects.filter(object_id__in=[parent.pk, child.pk]).exists()
    assert differences() == []


def test_a_redirect_to_a_reserved_page_is_told_to_its_readers_alone(
    client: Client, sign_in: Callable[..., Client], home: Page, staff: Audience
) -> None:
    page = StandardPageFactory(parent=home, slug="ancien", audiences=[staff], access=Access.RESERVED)
    page.slug = "nouveau"
    with TestCase.captureOnCommitCallbacks(execute=True):
        page.save()

    told = sign_in([staff]).get("/ancien/")

    assert told.status_code == 301
    assert "private" in told["Cache-Control"]  # or a cache on the way would tell the next reader
    assert client.get("/ancien/").status_code == 404


def test_what_an_editor_opens_is_not_kept_for_readers_shown_the_same(
    sign_in: Callable[..., Client], home: Page, staff: Audience, settings: Any
) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "editor"}}
    cache.clear()
    page = StandardPageFactory(parent=home, audiences=[staff], access=Access.RESERVED)

    assert sign_in([], is_superuser=True).get(page.url).status_code == 200
    assert sign_in([]).get(page.url).status_code == 404


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_wrong_password_is_told_nothing_of_the_page(client: Client, home: Page, prefix: str) -> None:
    page = StandardPageFactory(parent=home, title="Jury secret")
    restriction = PageViewRestriction.objects.create(page=page, restriction_type="password", password="sésame")
    url = f"{prefix}/_util/authenticate_with_password/{restriction.pk}/{page.pk}/"

    for answer in (client.get(url), client.post(url, {"password": "non", "return_url": page.url})):
        assert answer.status_code == (404 if prefix else 200)
        assert "Jury secret" not in answer.content.decode()

    if not prefix:
        given = client.post(url, {"password": "sésame", "return_url": page.url})
        assert given["Location"] == page.url
        assert "Jury secret" in client.get(page.url).content.decode()


def test_addresses_follow_a_move_at_once(home: Page) -> None:
    parent, target = StandardPageFactory(parent=home, slug="a"), StandardPageFactory(parent=home, slug="long-slug")
    child = StandardPageFactory(parent=parent, slug="b")

    parent.move(Page.objects.get(pk=target.pk), pos="last-child")

    assert Entry.objects.of_pages([child.pk]).get().url == "/long-slug/a/b/"
