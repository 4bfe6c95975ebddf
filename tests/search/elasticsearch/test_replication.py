"""What is published is sent, once and in order; nothing is lost, whatever is away; the index can be made again."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from elastic_transport import ConnectionTimeout
from elasticsearch import Elasticsearch
from pytest_django import Settings
from wagtail.models import PageViewRestriction

from audience.models import Access, Audience
from search.elasticsearch import breaker, comparing, rebuilding, sending
from search.elasticsearch.comparing import compare
from search.elasticsearch.connection import live_alias, next_alias, patient
from search.elasticsearch.keeping import Keeper
from search.elasticsearch.mapping import index_body
from search.elasticsearch.watching import condition
from search.engines import engine
from search.models import Entry, Gone, Unsendable
from search.query import Query
from tests.factories import StandardPageFactory
from tests.search.elasticsearch.conftest import ask, titles
from tests.search.test_engine import entry_of, reader_of

AWAY = "http://127.0.0.1:9"


def aside(settings: Settings, url: str) -> None:
    settings.PARVIS_ELASTICSEARCH = {**settings.PARVIS_ELASTICSEARCH, "url": url}


def test_what_changes_is_sent_and_nothing_else(home: Any, index: Callable[[], None]) -> None:
    page = StandardPageFactory(parent=home, title="Laverie")
    index()
    assert titles("laverie") == ["Laverie"]
    assert sending.remaining() == 0
    assert not sending.send_all()

    page.title = "Buanderie"
    page.save()
    assert titles("laverie") == ["Buanderie"]  # a hit is read again before it is shown: never a stale title
    assert sending.send_all().entries == 1

    assert titles("laverie") == []
    assert titles("buanderie") == ["Buanderie"]


def test_a_deletion_is_remembered_until_it_is_sent_and_cannot_come_back(home: Any, index: Callable[[], None]) -> None:
    page = StandardPageFactory(parent=home, title="Laverie")
    index()
    late = sending.load([entry_of(page).pk])
    page.delete()
    assert Gone.objects.count() == 1

    assert sending.send_all().gone == 1

    sending.put(sending.writings(late), live_alias(), refresh=True)  # what a slow sender had at hand
    assert not patient().search(index=live_alias(), query={"match": {"title_fr": "laverie"}})["hits"]["hits"]
    assert len(compare()) == 0


def test_privacy_and_withdrawals_go_first(home: Any, students: Audience, index: Callable[[], None]) -> None:
    index()
    for number in range(3):
        StandardPageFactory(parent=home, title=f"Ouverte {number}")
    reserved = StandardPageFactory(parent=home, title="Réservée", audiences=[students], access=Access.RESERVED)
    gone = StandardPageFactory(parent=home, title="Retirée", live=False)

    sending.send_some(limit=2)

    synced = set(Entry.objects.sent().values_list("pk", flat=True))
    assert {entry_of(reserved).pk, entry_of(gone).pk} <= synced
    assert sending.remaining() == 3


def test_an_older_version_never_replaces_a_newer_one(home: Any, index: Callable[[], None]) -> None:
    page = StandardPageFactory(parent=home, title="Ancien titre")
    index()
    old = sending.load([entry_of(page).pk])
    page.title = "Nouveau titre"
    page.save()
    sending.send_all()

    assert sending.put(sending.writings(old), live_alias(), refresh=True) == {}

    assert titles("nouveau titre") == ["Nouveau titre"]
    assert len(compare()) == 0


def test_what_is_refused_is_set_aside_and_blocks_nothing(
    home: Any, index: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    index()
    poison = StandardPageFactory(parent=home, title="Empoisonnée")
    StandardPageFactory(parent=home, title="Saine")
    made = sending.document

    def spoilt(entry: Entry, **how: Any) -> dict[str, Any]:
        return {**made(entry, **how), **({"unknown": 1} if entry.title == "Empoisonnée" else {})}

    monkeypatch.setattr(sending, "document", spoilt)
    sent = sending.send_all()

    assert titles("saine") == ["Saine"]
    assert list(sent.refused) == [entry_of(poison).pk]
    assert "unknown" in Unsendable.objects.get().error
    assert sending.remaining() == 0

    monkeypatch.setattr(sending, "document", made)
    poison.title = "Guérie"
    poison.save()
    sending.send_all()
    assert titles("guérie") == ["Guérie"]
    assert not Unsendable.objects.exists()


def test_a_rebuild_loses_nothing_that_is_written_meanwhile(home: Any, index: Callable[[], None]) -> None:
    pages = [StandardPageFactory(parent=home, title=f"Zibeline {number}") for number in range(4)]
    index()
    before = sorted(patient().indices.get_alias(name=live_alias()))

    def meanwhile(sent: int) -> None:
        if pages[0].title == "Zibeline renommée":
            return
        pages[0].title = "Zibeline renommée"
        pages[0].save()
        pages[1].delete()
        StandardPageFactory(parent=home, title="Zibeline nouvelle")
        PageViewRestriction.objects.create(page=pages[2], restriction_type=PageViewRestriction.LOGIN)
        sending.send_all()

    rebuilding.rebuild(meanwhile)
    sending.send_all()

    assert set(titles("zibeline")) == {"Zibeline renommée", "Zibeline nouvelle", "Zibeline 3"}
    assert len(compare()) == 0
    after = sorted(patient().indices.get_alias(name=live_alias()))
    assert len(after) == 1
    assert after != before


def test_a_rebuild_asks_again_of_a_node_that_takes_nothing_for_a_while(
    home: Any, index: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    StandardPageFactory(parent=home, title="Zibeline")
    index()
    pauses: list[float] = []

    def block(blocked: bool | None) -> None:
        patient().indices.put_settings(index=next_alias(), settings={"index.blocks.write": blocked})

    def paused(seconds: float) -> None:
        pauses.append(seconds)
        block(None)

    monkeypatch.setattr(rebuilding.time, "sleep", paused)
    change = rebuilding._change

    def begin(*, filling: str) -> None:
        change(filling=filling)
        if filling:
            block(True)

    monkeypatch.setattr(rebuilding, "_change", begin)
    rebuilding.rebuild()

    assert pauses == [1]
    assert titles("zibeline") == ["Zibeline"]


def test_a_batch_sent_to_one_index_is_not_marked_once_there_are_two(home: Any, index: Callable[[], None]) -> None:
    index()
    page = StandardPageFactory(parent=home, title="Entre deux")
    entry, at = entry_of(page), sending.state()
    rebuilding._change(filling="another")
    try:
        sending._mark(at, [], [entry])
        assert entry_of(page).synced_version < entry_of(page).version
    finally:
        rebuilding._change(filling="")


def test_drift_is_said_by_kind_and_repaired(home: Any, index: Callable[[], None]) -> None:
    kept = StandardPageFactory(parent=home, title="Gardée")
    lost = StandardPageFactory(parent=home, title="Perdue")
    index()
    patient().delete(index=live_alias(), id=str(entry_of(lost).pk), refresh=True)
    Entry.objects.filter(pk=entry_of(kept).pk).update(version=9, synced_version=9)  # as if marked, and never sent
    patient().index(index=live_alias(), id="999999", document={"id": 999999}, version=3, version_type="external")

    said = StringIO()
    with pytest.raises(CommandError, match="--repair"):
        call_command("check_search", stdout=said)
    assert f"missing: 1 ({entry_of(lost).pk})" in said.getvalue()
    assert f"stale: 1 ({entry_of(kept).pk})" in said.getvalue()
    assert "orphan: 1 (999999)" in said.getvalue()

    # What is deleted in the index by hand is remembered by it: only a rebuild brings back what has no newer version.
    Entry.objects.filter(pk=entry_of(lost).pk).update(version=9)
    call_command("check_search", repair=True, stdout=StringIO())
    assert len(compare()) == 0


def test_without_its_index_search_answers_and_the_worker_makes_it_again(home: Any, index: Callable[[], None]) -> None:
    """An empty disk, or an index of another mapping: neither is under the name that is searched."""
    StandardPageFactory(parent=home, title="Laverie")
    index()
    for name in patient().indices.get_alias(name=live_alias()):
        patient().indices.delete(index=name)

    found = ask("laverie")
    assert found.degraded
    assert [entry.title for entry in found.hits] == ["Laverie"]
    assert condition().index == "missing"

    Keeper().step()

    assert not ask("laverie").degraded
    assert condition().answers == "elasticsearch"


def test_a_read_only_index_keeps_searching_and_what_remains_is_sent_later(home: Any, index: Callable[[], None]) -> None:
    StandardPageFactory(parent=home, title="Laverie")
    index()
    block = {"index.blocks.read_only_allow_delete": True}  # what a full disk does
    patient().indices.put_settings(index=live_alias(), settings=block)
    StandardPageFactory(parent=home, title="Piscine")

    assert Keeper().step() is None
    assert sending.remaining() == 1
    assert titles("laverie") == ["Laverie"]

    patient().indices.put_settings(index=live_alias(), settings=dict.fromkeys(block))
    Keeper().step()
    assert titles("piscine") == ["Piscine"]


def test_of_an_index_in_red_nothing_is_asked_twice_and_the_database_answers(
    home: Any, index: Callable[[], None]
) -> None:
    StandardPageFactory(parent=home, title="Laverie")
    index()
    nowhere = {"index.routing.allocation.require._name": "nobody"}
    there = next(iter(patient().indices.get_alias(name=live_alias())))
    patient().indices.delete(index=there)
    body = index_body()
    patient().indices.create(
        index=there, mappings=body["mappings"], settings={**body["settings"], **nowhere},
        aliases={live_alias(): {"is_write_index": True}}, wait_for_active_shards=0,
    )  # fmt: skip
    assert patient().cluster.health(index=there)["status"] == "red"

    found = ask("laverie")
    assert found.degraded
    assert [entry.title for entry in found.hits] == ["Laverie"]
    assert titles("laver") == ["Laverie"]
    assert titles("laverie") == ["Laverie"]
    assert breaker.is_open()

    patient().indices.put_settings(index=there, settings=dict.fromkeys(nowhere))
    patient().cluster.health(index=there, wait_for_status="green", timeout="20s")
    rebuilding.rebuild()
    assert not ask("laverie").degraded
    assert titles("laverie") == ["Laverie"]


def test_while_it_is_away_pages_are_published_and_found(
    client: Client, home: Any, index: Callable[[], None], settings: Settings
) -> None:
    index()
    aside(settings, AWAY)
    StandardPageFactory(parent=home, title="Laverie")

    answer = client.get("/recherche/", {"q": "laverie"})

    assert answer.status_code == 200
    assert "Laverie" in answer.content.decode()
    assert "alert-banner" in answer.content.decode()
    assert Keeper().step() is None
    assert condition().answers == "database"
    assert condition().remaining == 1


def test_three_failures_open_the_breaker_for_all_workers(home: Any, elasticsearch: None, settings: Settings) -> None:
    StandardPageFactory(parent=home, title="Laverie")
    aside(settings, AWAY)
    for _time in range(3):
        assert not breaker.is_open()
        assert ask("laverie").degraded
    assert breaker.is_open()

    settings.PARVIS_ELASTICSEARCH = {**settings.PARVIS_ELASTICSEARCH, "url": "http://nobody.invalid:1"}
    assert ask("laverie").degraded  # asks nobody

    cache.clear()
    assert not breaker.is_open()


class AtOnce:
    """A thread that does what it is for where it is started."""

    def __init__(self, target: Callable[[], None], daemon: bool) -> None:
        self.start = target


def test_after_one_late_answer_no_reader_waits_again_until_it_answers(
    home: Any, index: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    StandardPageFactory(parent=home, title="Laverie")
    index()
    monkeypatch.setattr(breaker, "Thread", AtOnce)
    asked: list[dict[str, Any]] = []

    def late(*args: Any, body: dict[str, Any], **kwargs: Any) -> Any:
        asked.append(body)
        raise ConnectionTimeout("late")

    with monkeypatch.context() as hanging:
        hanging.setattr(Elasticsearch, "search", late)
        assert [ask("laverie").degraded for _time in range(5)] == [True] * 5
        assert len(asked) == 1

        cache.delete("search-away")  # ten seconds later
        assert [ask("laverie").degraded for _time in range(5)] == [True] * 5
        assert [body.get("size") for body in asked[1:]] == [0]  # a look, and no reader's search
        assert breaker.is_open()

    cache.delete("search-away")
    assert [ask("laverie").degraded for _time in range(3)] == [True, False, False]
    assert not breaker.is_open()


def test_what_a_reader_may_not_see_is_not_counted_by_the_index(
    home: Any, students: Audience, staff: Audience, index: Callable[[], None]
) -> None:
    StandardPageFactory(parent=home, title="Zibeline réservée", audiences=[staff], access=Access.RESERVED)
    StandardPageFactory(parent=home, title="Zibeline brouillon", live=False)
    index()

    for text in ("zibeline", "zibeline réservée", "zibeliine", "Zibeline brouillon"):
        found = engine().search(Query.parse({"q": text}, reader=reader_of([students])))
        assert (found.hits, dict(found.counts), found.correction) == ((), {}, "")
    assert titles("zibeline", reader=reader_of([staff])) == ["Zibeline réservée"]


def test_commands_are_refused_where_the_database_searches(db: None) -> None:
    for command in ("sync_search", "rebuild_search"):
        with pytest.raises(CommandError, match="ELASTICSEARCH_URL"):
            call_command(command)
    said = StringIO()
    call_command("check_search", stdout=said)
    assert "database" in said.getvalue()


def test_the_commands_send_and_rebuild(home: Any, index: Callable[[], None]) -> None:
    index()
    StandardPageFactory(parent=home, title="Laverie")
    said = StringIO()
    call_command("sync_search", stdout=said)
    assert "1 sent, 0 removed, 0 remain" in said.getvalue()
    call_command("rebuild_search", stdout=said)
    assert titles("laverie") == ["Laverie"]


def test_the_worker_finds_what_the_index_lost_and_sends_it_again(
    home: Any, index: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparing, "CHUNK", 2)
    pages = StandardPageFactory.create_batch(5, parent=home)
    index()
    keeper = Keeper()
    lost, old = entry_of(pages[0]), entry_of(pages[4])
    patient().delete(index=live_alias(), id=str(lost.pk), refresh=True)
    Entry.objects.filter(pk__in=[lost.pk, old.pk]).update(version=9, synced_version=9)  # as if marked, and never sent
    patient().index(index=live_alias(), id="999999", document={"id": 999999}, version=3, version_type="external")
    StandardPageFactory(parent=home, title="En route")  # what is not sent yet is not lost

    for _step in range(8):
        keeper.step()

    assert condition().drift == {"missing": 1, "stale": 1, "orphan": 1}
    assert condition().compared_at
    assert len(compare()) == 0

    keeper.next_comparison = 0
    for _step in range(8):
        keeper.step()
    assert condition().drift == {"missing": 0, "stale": 0, "orphan": 0}
