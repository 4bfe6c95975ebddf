"""A service that is retired: its page says so, lists forget it, links lead to what replaces it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale, Page, PageLogEntry

from audience.models import Access
from search.models import Entry
from services.models import Level, Retirement, ServicePage
from services.retirement import SuccessorError, restore, retire
from services.states import set_state
from tests.editing import PUBLISHERS, WRITERS, edit_form, editors_of, send
from tests.factories import CataloguePageFactory, SectionPageFactory, ServicePageFactory, StandardPageFactory
from tests.leaks.compare import differences
from tests.reading import soup, titles

pytestmark = pytest.mark.django_db


@pytest.fixture
def old(catalogue: Any) -> Any:
    return ServicePageFactory(parent=catalogue, title="Zimbra", summary="Ancienne boîte", show_in_menus=True)


@pytest.fixture
def new(catalogue: Any) -> Any:
    return ServicePageFactory(parent=catalogue, title="Partage")


def retired(service: Any, successor: Any = None, message: str = "") -> None:
    key = successor.translation_key if successor else None
    retire(service=service.translation_key, successor=key, message=message, author=None)


def links_of(browser: Client, page: Any) -> list[str]:
    return [link["href"] for link in soup(browser.get(page.url)).select(".prose a[href]")]


@pytest.fixture
def linking(home: Any, old: Any) -> Any:
    """A page that leads to the old service by a link, and by a block of chosen pages."""
    text = f'<p>Lisez <a linktype="page" id="{old.pk}">vos messages</a>.</p>'
    return StandardPageFactory(
        parent=home, body=[{"type": "text", "value": text}, {"type": "pages", "value": [old.pk]}]
    )


def test_its_page_stays_and_says_since_when_and_by_what_it_is_replaced(client: Client, old: Any, new: Any) -> None:
    set_state(service=old.translation_key, level=Level.DOWN, message="En panne.", until=None, author=None)
    retired(old, new, "Vos messages ont été repris.")

    page = client.get(old.url)

    said = soup(page).select_one("#retired")
    assert page.status_code == 200
    assert "Vos messages ont été repris." in said.get_text()
    assert said.a["href"] == new.url
    assert soup(page).select_one('meta[name="robots"]')["content"] == "noindex"
    assert old.launch_url not in page.content.decode()
    assert "En panne." not in page.content.decode()


def test_it_leaves_every_list(client: Client, sign_in: Any, catalogue: Any, sections: Any, old: Any, new: Any) -> None:
    section = SectionPageFactory(parent=sections)
    inside = ServicePageFactory(parent=CataloguePageFactory(parent=section), title="Microscope")
    reader = sign_in()
    for service in (old, inside):
        retired(service)

    assert titles(client.get(catalogue.url, {"for": "all"})) == ["Partage"]
    assert titles(client.get(section.url)) == []
    for browser in (client, reader):
        assert "Zimbra" not in browser.get("/").content.decode()
    assert old.url not in client.get("/sitemap.xml").content.decode()
    assert "Zimbra" not in client.get(new.url).content.decode()


def test_in_the_search_it_comes_last_and_is_marked(client: Client, catalogue: Any, old: Any) -> None:
    ServicePageFactory(parent=catalogue, title="Courrier", summary="Zimbra n’est plus : voici ce qui le remplace.")
    retired(old)

    hits = soup(client.get("/recherche/", {"q": "zimbra"})).select(".search-result")

    assert [hit.h2.get_text(strip=True) for hit in hits] == ["Courrier", "Zimbra"]
    assert [bool(hit.select('[data-state="off"]')) for hit in hits] == [False, True]
    assert hits[1].h2.a["href"] == old.url


def test_links_and_chosen_pages_lead_to_what_replaces_it(client: Client, linking: Any, old: Any, new: Any) -> None:
    assert links_of(client, linking) == [old.url, old.url]
    retired(old, new)
    assert links_of(client, linking) == [new.url, new.url]
    restore(service=old.translation_key)
    assert links_of(client, linking) == [old.url, old.url]


def test_without_a_successor_links_still_lead_to_the_page_that_says_so(client: Client, linking: Any, old: Any) -> None:
    retired(old)

    assert links_of(client, linking) == [old.url, old.url]


def test_a_successor_is_named_to_those_who_may_see_it_and_to_nobody_else(
    client: Client, sign_in: Any, catalogue: Any, linking: Any, old: Any, staff: Any
) -> None:
    reserved = ServicePageFactory(parent=catalogue, title="Coffre", audiences=[staff], access=Access.RESERVED)
    retired(old, reserved)

    assert links_of(client, linking) == [old.url, old.url]
    assert "Coffre" not in client.get(old.url).content.decode()
    assert links_of(sign_in([staff]), linking) == [reserved.url, reserved.url]
    assert "Coffre" in sign_in([staff]).get(old.url).content.decode()


def test_one_after_the_other_links_lead_to_the_last(
    client: Client, catalogue: Any, linking: Any, old: Any, new: Any
) -> None:
    last = ServicePageFactory(parent=catalogue, title="Courrier")
    retired(old, new)
    retired(new, last)

    assert links_of(client, linking) == [last.url, last.url]


def test_two_chosen_pages_that_became_one_are_shown_once(client: Client, home: Any, old: Any, new: Any) -> None:
    board = StandardPageFactory(parent=home, body=[{"type": "pages", "value": [old.pk, new.pk]}])
    retired(old, new)

    assert links_of(client, board) == [new.url]


def test_it_is_retired_in_every_language_and_as_an_alias(
    client: Client, catalogue: Any, old: Any, new: Any, english_home: Any, home: Any
) -> None:
    english = Locale.objects.get(language_code="en")
    catalogue.copy_for_translation(english).save_revision().publish()
    translated = old.copy_for_translation(english)
    translated.save_revision().publish()
    alias = old.create_alias(parent=catalogue, update_slug="encore")

    retired(old, new)

    assert set(Entry.objects.of_pages([old.pk, translated.pk, alias.pk]).values_list("kind", flat=True)) == {"retired"}
    for address in (translated.get_url(), alias.get_url()):
        assert soup(client.get(address)).select_one("#retired")
    assert differences() == []


def test_no_draft_brings_it_back(client: Client, old: Any) -> None:
    draft = old.save_revision()
    retired(old)

    draft.publish()

    assert soup(client.get(old.url)).select_one("#retired")
    assert Entry.objects.of_page(old).get().kind == "retired"


def test_it_is_taken_back(client: Client, catalogue: Any, old: Any, new: Any) -> None:
    retired(old, new)
    restore(service=old.translation_key)

    assert titles(client.get(catalogue.url, {"for": "all"})) == ["Partage", "Zimbra"]
    assert soup(client.get(old.url)).select_one("#retired") is None


def test_nothing_replaces_itself_or_is_replaced_by_what_is_retired(old: Any, new: Any) -> None:
    with pytest.raises(SuccessorError):
        retired(old, old)
    retired(old, new)
    with pytest.raises(SuccessorError):
        retired(new, old)
    assert Retirement.objects.count() == 1


def test_links_cost_one_query_more_whatever_the_number_retired(
    client: Client, home: Any, catalogue: Any, new: Any, count_queries: Any
) -> None:
    services = ServicePageFactory.create_batch(10, parent=catalogue)
    text = "".join(f'<p><a linktype="page" id="{one.pk}">x</a></p>' for one in services)
    page = StandardPageFactory(parent=home, body=[{"type": "text", "value": text}])

    def cost() -> int:
        client.get(page.url)
        return count_queries(client.get, page.url)

    none = cost()
    retired(services[0], new)
    one = cost()
    for service in services[1:]:
        retired(service, new)

    assert (one, cost()) == (none + 1, none + 1)


# In the admin


@pytest.fixture
def publisher(sign_in: Any, catalogue: Any) -> Client:
    return sign_in(groups=(editors_of(catalogue, rights=PUBLISHERS),))


def form(service: Any) -> str:
    return reverse("service_retirement", args=[service.pk])


def test_who_publishes_the_page_retires_it_and_takes_it_back(
    publisher: Client, client: Client, old: Any, new: Any
) -> None:
    assert form(old) in publisher.get(reverse("wagtailadmin_pages:edit", args=[old.pk])).content.decode()
    assert publisher.get(form(old)).status_code == 200

    answer = publisher.post(form(old), {"successor": new.pk, "message": "Repris."})
    assert answer.status_code == 302
    assert soup(client.get(old.url)).select_one("#retired a")["href"] == new.url
    assert publisher.get(form(old)).status_code == 200

    publisher.post(form(old), {"restore": "1"})
    assert soup(client.get(old.url)).select_one("#retired") is None
    assert list(PageLogEntry.objects.filter(action__startswith="parvis.").values_list("action", flat=True)) == [
        "parvis.restore",
        "parvis.retire",
    ]
    history = publisher.get(reverse("wagtailadmin_pages:history", args=[old.pk]))
    assert history.status_code == 200


def test_what_cannot_replace_it_is_said_in_the_form(publisher: Client, old: Any, news_index: Any) -> None:
    for wrong in (old.pk, news_index.pk, 99999):
        answer = publisher.post(form(old), {"successor": wrong, "message": ""})
        assert answer.status_code == 422
        assert not Retirement.objects.exists()


def test_who_only_writes_does_not_retire(sign_in: Any, catalogue: Any, old: Any) -> None:
    writer = sign_in(groups=(editors_of(catalogue, rights=WRITERS),))

    for ask in (writer.get, writer.post):
        assert ask(form(old)).status_code == 302
    assert form(old) not in writer.get(reverse("wagtailadmin_pages:edit", args=[old.pk])).content.decode()
    assert not Retirement.objects.exists()


def test_a_reader_has_no_such_screen(sign_in: Any, client: Client, old: Any) -> None:
    assert sign_in().post(form(old)).status_code == 403
    assert client.post(form(old)).status_code == 302
    assert not Retirement.objects.exists()


def test_the_page_of_a_service_is_edited_with_its_help_and_its_place(
    publisher: Client, client: Client, old: Any
) -> None:
    answer = send(publisher, edit_form(publisher, old), place="Bâtiment B", action="publish")

    assert answer.status_code == 302
    assert ServicePage.objects.get(pk=old.pk).place == "Bâtiment B"
    assert Page.objects.get(pk=old.pk).live
