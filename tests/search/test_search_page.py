"""The search page, and the commands that keep entries in line."""

from __future__ import annotations

import html
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from audience.models import Access, Audience
from search.excerpts import excerpt
from search.models import Entry
from tests.factories import NewsPageFactory, ServicePageFactory, StandardPageFactory, UnitFactory
from tests.search.test_engine import paragraph


def read(client: Client, **query: str) -> str:
    response = client.get("/recherche/", query)
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def test_the_page_shows_hits_counts_and_the_words_marked(client: Client, home: Any, news_index: Any) -> None:
    NewsPageFactory(parent=news_index, title="Concert de rentrée", summary="L'orchestre et ses élèves.")
    ServicePageFactory(parent=home, title="Billetterie", summary="Places de concerts.")

    page = read(client, q="concert")

    assert "Concert de rentrée" in page
    assert "Places de <mark>concerts</mark>." in page
    assert '<span class="chip__count">2</span>' in page
    assert "?q=concert&kind=news" in page


def test_htmx_gets_the_results_and_nothing_else(client: Client, home: Any) -> None:
    StandardPageFactory(parent=home, title="Piscine")

    part = client.get("/recherche/", {"q": "piscine"}, headers={"HX-Request": "true"})

    assert "Piscine" in part.content.decode()
    assert "<html" not in part.content.decode()
    assert "HX-Request" in part.headers["Vary"]
    back = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<html" in client.get("/recherche/", {"q": "piscine"}, headers=back).content.decode()


def test_without_a_question_the_page_asks_one(client: Client, home: Any) -> None:
    with CaptureQueriesContext(connection) as asked:
        page = read(client)

    assert "search-box" in page
    assert "chip__count" not in page
    assert not any("search_fulltext" in query["sql"] for query in asked)


def test_what_is_typed_is_escaped(client: Client, home: Any) -> None:
    body = [("text", "<p>Un &lt;script&gt;alert(1)&lt;/script&gt; script</p>")]
    StandardPageFactory(parent=home, title="Script", body=body)

    content = client.get("/recherche/", {"q": "<script>alert(1)</script>"}).content.decode()

    assert "<script>alert" not in content


@pytest.mark.parametrize(
    "query",
    [
        "q=%00%ff", "q=" + "x" * 10_000, "q=a&kind=nothing&page=99999&sort=x", "q=a&page=-1", "kind=news",
        "q=" + "%22" * 500, "&".join(f"q={n}&kind={n}" for n in range(300)),
    ],
)  # fmt: skip
def test_any_address_gets_a_page(client: Client, home: Any, query: str) -> None:
    assert client.get(f"/recherche/?{query}").status_code == 200


def test_nothing_on_the_page_tells_of_what_is_reserved(
    client: Client, sign_in: Any, home: Any, students: Audience, staff: Audience
) -> None:
    StandardPageFactory(parent=home, title="Zibeline du personnel", audiences=[staff], access=Access.RESERVED)
    nothing, unknown = read(client, q="zibeline"), read(client, q="zibelune")

    assert "personnel" not in nothing
    assert nothing.replace("zibeline", "") == unknown.replace("zibelune", "")
    assert "Zibeline du personnel" not in read(sign_in([students]), q="zibeline du personnel")
    assert "Zibeline du personnel" in read(sign_in([staff]), q="zibeline")


def test_ten_hits_cost_no_more_queries_than_one(client: Client, home: Any, count_queries: Any) -> None:
    StandardPageFactory(parent=home, title="Tennis 0", unit=UnitFactory())
    read(client, q="tennis")
    one = count_queries(read, client, q="tennis")
    for number in range(1, 10):
        StandardPageFactory(parent=home, title=f"Tennis {number}", unit=UnitFactory())
    read(client, q="tennis")

    assert count_queries(read, client, q="tennis") == one


def test_an_excerpt_is_the_passage_with_most_of_the_words() -> None:
    said_once = "Pour une bourse, écrivez au service des Bourses & aides <avant> la rentrée. "
    body = "Rien ici. " * 60 + said_once + "Rien. " * 90

    said = excerpt("bourse service", "Un résumé qui n'en dit rien.", body)

    assert "<mark>bourse</mark>" in said
    assert "<mark>service</mark> des <mark>Bourses</mark> &amp; aides &lt;avant&gt;" in said
    assert said.startswith("… ")
    assert said.endswith(" …")
    assert len(said) < 400
    assert excerpt("absent", "Le <b>résumé</b>.", body) == "Le &lt;b&gt;résumé&lt;/b&gt;."
    assert excerpt("absent", "", "") == ""


def test_an_excerpt_parts_what_stands_by_itself_and_no_sentence(client: Client, home: Any) -> None:
    lines = [
        ("heading", {"text": "Laverie du campus"}),
        *paragraph("Ouverte le soir."),
        *paragraph("Avec\u00a0une carte\u00a0!"),
    ]
    StandardPageFactory(parent=home, title="Vie pratique", body=lines)

    page = client.get("/recherche/?q=laverie+carte").content.decode()

    assert "<mark>Laverie</mark> du campus · Ouverte le soir. Avec\u00a0une <mark>carte</mark>\u00a0!" in page


@pytest.mark.parametrize(
    ("asked", "text", "marked"),
    [
        ("journal", "Les journaux du jour", "Les <mark>journaux</mark> du jour"),
        ("oeuvre", "Une œuvre rare", "Une <mark>œuvre</mark> rare"),
        ("inscr", "L'inscription", "L&#x27;<mark>inscription</mark>"),
        ("été", "Un e\u0301té", "Un <mark>été</mark>"),
        ("ip-web", "Sur IP-web", "Sur <mark>IP-web</mark>"),
        ("ecole", "L’ÉCOLE", "L’<mark>ÉCOLE</mark>"),
    ],
)
def test_words_are_marked_as_they_are_written(asked: str, text: str, marked: str) -> None:
    assert excerpt(asked, text) == marked


def compared() -> str:
    said = StringIO()
    call_command("check_entries", stdout=said)
    return said.getvalue()


def test_entries_in_line_are_said_so(home: Any, news_index: Any, staff: Audience) -> None:
    StandardPageFactory(parent=home, title="Une page", audiences=[staff], access=Access.RESERVED)
    NewsPageFactory(parent=news_index, title="Brouillon", live=False, first_published_at=None)

    assert "compared" in compared()


def test_drift_is_said_by_kind_and_rebuilt(home: Any, staff: Audience) -> None:
    pages = [StandardPageFactory(parent=home, title=f"Page {number}") for number in range(5)]
    hidden = StandardPageFactory(parent=home, title="Cachée", audiences=[staff], access=Access.RESERVED)
    entry = {page.pk: Entry.objects.of_page(page).get() for page in [*pages, hidden]}
    versions = set(Entry.objects.values_list("pk", "version"))
    Entry.objects.of_page(pages[0]).delete()
    Entry.objects.of_page(pages[1]).update(url="/ailleurs/")
    Entry.objects.of_page(pages[2]).update(withdrawn=True)
    Entry.objects.of_page(hidden).update(visibility=entry[pages[3].pk].visibility)
    Entry.objects.of_page(pages[4]).update(object_id=10**6)

    said = StringIO()
    with pytest.raises(CommandError) as refused:
        call_command("check_entries", stdout=said)

    assert refused.value.returncode == 1
    for line in ("missing: 2", "orphan: 1", "address: 1", "liveness: 1", "visibility: 1"):
        assert line in said.getvalue()
    assert set(Entry.objects.of_pages([pages[1].pk]).values_list("pk", "version")) <= versions

    call_command("rebuild_entries", stdout=StringIO())
    assert "compared" in compared()
    assert Entry.objects.of_page(hidden).get().is_reserved


def test_results_are_told_to_programs_as_to_readers(client: Client, home: Any, staff: Audience, sign_in: Any) -> None:
    StandardPageFactory(parent=home, title="Laverie", summary="Une laverie ouverte à tous.")
    StandardPageFactory(parent=home, title="Laverie des personnels", audiences=[staff], access=Access.RESERVED)

    said = client.get("/search.json", {"q": "laverie"}).json()

    assert [result["title"] for result in said["results"]] == ["Laverie"]
    assert said["results"][0]["url"].startswith("/")
    assert said["total"] == sum(said["kinds"].values()) == 1
    assert sign_in([staff]).get("/search.json", {"q": "laverie"}).json()["total"] == 2
    assert client.get("/search.json").json()["results"] == []
