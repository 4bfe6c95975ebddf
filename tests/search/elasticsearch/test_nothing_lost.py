"""Whatever is killed: nothing that was published is lost, and no search shows a title to whom it is not for."""

from __future__ import annotations

import json
import random
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from elasticsearch.helpers import scan
from pytest_django import Settings
from wagtail.models import Page

from audience.models import Audience
from home.models import HomePage
from search.elasticsearch import sending
from search.elasticsearch.comparing import compare
from search.elasticsearch.connection import live_alias, patient
from search.elasticsearch.documents import document, load, open_visibilities
from search.models import Entry, IndexState
from tests.factories import ReaderFactory, StandardPageFactory, know
from tests.search.elasticsearch.killing.books import Books, Known
from tests.search.elasticsearch.killing.parts import PREFIX, Parts

pytestmark = pytest.mark.django_db(transaction=True)

PLACES, PAGES = 4, 16  # before the first operation
SAMPLE, WHOLE = 60, 1000
OPERATIONS = ("add", "add", "rename", "rename", "unpublish", "publish", "publish", "move", "move", "reserve", "reserve",
              "open", "open", "open", "lock", "unlock", "unlock", "delete")  # fmt: skip


@pytest.fixture
def parts(tmp_path: Path, settings: Settings, db: None) -> Iterator[Parts]:
    if connection.vendor != "postgresql":
        pytest.skip("processes share a database server: set PARVIS_DATABASE_URL to a PostgreSQL")
    settings.WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database", "AUTO_UPDATE": False}}
    made = Parts(tmp_path)
    settings.PARVIS_SEARCH_ENGINE = "elasticsearch"
    settings.PARVIS_ELASTICSEARCH = {**settings.PARVIS_ELASTICSEARCH, "url": made.node_address, "prefix": PREFIX}
    cache.clear()
    try:
        yield made
    finally:
        made.stop()


def title(number: int, times: int = 0) -> str:
    return f"Zibeline q{number:04} w{number:04} {times}"


class Editors:
    """Asks the web server for one operation after the other, as its editors would."""

    def __init__(self, parts: Parts, books: Books, places: list[int], rand: random.Random) -> None:
        self.parts, self.books, self.places, self.rand = parts, books, places, rand
        self.number, self.done, self.lost = len(books.numbers), 0, 0
        self.wrong: list[str] = []  # failures that no kill explains

    def post(self, what: str, page: int, **more: Any) -> int | None:
        """Raises OSError when no answer came: it was done, or not."""
        self.last = (what, page)
        said = json.dumps({"what": what, "page": page, **more}).encode()
        with urllib.request.urlopen(f"{self.parts.address}/operate", said, timeout=60) as answer:
            made: int | None = json.load(answer)["page"]
            return made

    def operate(self) -> None:
        try:
            self._operate()
            self.done += 1
        except (ConnectionError, urllib.error.URLError) as error:
            self.lost += 1
            self.parts.wait()
            what, page = self.last
            if page in self.books.numbers and not Page.objects.filter(pk=page).exists():
                self.gone(page)  # a deletion was done before its answer was lost
            elif isinstance(error, urllib.error.HTTPError):
                self.wrong.append(f"{what} {page}: {error.code}")

    def _operate(self) -> None:
        what, rand, books = self.rand.choice(OPERATIONS), self.rand, self.books
        there = [pk for pk in books.numbers if pk in books.pages]
        page = rand.choice(there if rand.random() < 0.7 else self.places)
        if what == "add" or (page in self.places and what in {"move", "delete"}):
            self.number += 1
            parent = rand.choice(self.places)
            made = self.post("add", parent, title=title(self.number), slug=f"zibeline-{self.number}")
            books.added(made or 0, parent, self.number)
        elif what == "rename":
            changed = {"live": True}
            with books.changing(page, **changed):
                self.post(what, page, title=title(books.numbers.get(page, 0), self.number))
        elif what == "move":
            target = rand.choice(self.places)
            with books.changing(page, parent=target):
                self.post(what, page, target=target)
        elif what == "delete":
            with books.changing(page, live=False):
                self.post(what, page)
            books.pages[page] = Known(None, live=False)
            self.gone(page)
        else:
            changed = {
                "publish": {"live": True}, "unpublish": {"live": False}, "reserve": {"live": True, "reserved": True},
                "open": {"live": True, "reserved": False}, "lock": {"locked": True}, "unlock": {"locked": False},
            }[what]  # fmt: skip
            with books.changing(page, **changed):
                self.post(what, page)

    def gone(self, page: int) -> None:
        """Nothing more is asked of a page that is gone; that it is shown no more is still judged."""
        self.books.numbers[-page] = self.books.numbers.pop(page)
        self.books.pages[-page] = self.books.pages.pop(page)


class Readers(threading.Thread):
    """Search without end, as a visitor and as a student, all that there is and pages by name."""

    def __init__(self, parts: Parts, books: Books, cookie: str) -> None:
        super().__init__()
        self.parts, self.books, self.cookie = parts, books, cookie
        self.ended, self.asked, self.rand, self.failed = threading.Event(), 0, random.Random(3), [0]
        self.wrong: list[str] = []
        self.to_the_end = False

    def run(self) -> None:
        while not self.ended.is_set():
            student = self.rand.random() < 0.5
            number = self.rand.choice(list(self.books.numbers.values()))
            page = self.rand.choice(("", "&page=2", "&sort=newest"))
            address = self.rand.choice(
                (f"/recherche/?q=zibeline{page}", f"/recherche/?q=q{number:04}", f"/suggestions.json?q=q{number:04}")
            )
            search = self.books.begin(student=student)
            try:
                answer = self.ask(address, student=student)
            except urllib.error.HTTPError as error:
                self.wrong.append(f"{address}: {error.code}")
                continue
            except (OSError, HTTPException):  # the web server is killed: nobody is shown anything whole
                self.failed[0] += 1
                self.ended.wait(0.05)
                continue
            self.books.end(search, address, answer)
            self.asked += 1
            self.ended.wait(0.01)
        self.to_the_end = True

    def ask(self, address: str, *, student: bool) -> str:
        headers = {"Cookie": f"sessionid={self.cookie}"} if student else {}
        asked = urllib.request.Request(self.parts.address + quote(address, safe="/?&=."), headers=headers)
        with urllib.request.urlopen(asked, timeout=60) as answer:
            return str(answer.read().decode())


def found_by(readers: Readers, number: int, *, student: bool) -> bool:
    return f"w{number:04}" in readers.ask(f"/recherche/?q=q{number:04}", student=student)


def differing() -> list[str]:
    """Return what the index does not say as entries do, field by field."""
    open_to_all, wrong = open_visibilities(), []
    there = {int(hit["_id"]): hit["_source"] for hit in scan(patient(), index=live_alias())}
    for entry in load(Entry.objects.values_list("pk", flat=True)):
        expected = json.loads(json.dumps(document(entry, open_to_all=open_to_all)))
        if there.pop(entry.pk, None) != expected:
            wrong.append(f"{entry.pk} {entry.title}")
    return [*wrong, *(f"orphan {pk}" for pk in there)]


def fire(parts: Parts, editors: Editors, number: int, rand: random.Random, *, every: int) -> None:
    """Kill what comes next, a moment from now; make the index anew now and then, and kill that too."""
    if number % every == every // 2:
        victim = ("web", "worker", "node", "worker", "web")[number // every % 5]
        if victim == "node":
            parts.all_back()
        parts.kill_and_return(victim, after=rand.random() * 0.1)
    if number % (4 * every) == every and not parts.rebuilding():
        # A rebuild that was killed is waited for during half an hour: it is over.
        IndexState.objects.update(filling_since=timezone.now() - timedelta(hours=1))
        parts.start("rebuild")
    if number % (12 * every) == every + 8 and parts.rebuilding():
        parts.kill("rebuild")


def lose_nothing(parts: Parts, home: HomePage, staff: Audience, students: Audience, *, times: int, every: int) -> None:
    rand, books = random.Random(11), Books()
    places = [StandardPageFactory(parent=home, title=f"Lieu {number}").pk for number in range(PLACES)]
    for pk in places:
        books.pages[pk] = Known(None)
    for number in range(1, PAGES + 1):
        parent = rand.choice(places)
        page = StandardPageFactory(parent=Page.objects.get(pk=parent), title=title(number))
        books.added(page.pk, parent, number)
    student = ReaderFactory()
    know(student, [students])
    browser = Client()
    browser.force_login(student)
    for name in ("node", "worker", "web"):
        parts.start(name)
    parts.wait()
    editors = Editors(parts, books, places, rand)
    readers = Readers(parts, books, browser.cookies["sessionid"].value)
    readers.start()
    began = time.monotonic()
    try:
        for number in range(times):
            fire(parts, editors, number, rand, every=every)
            editors.operate()
    finally:
        took = time.monotonic() - began
        readers.ended.set()
        readers.join(90)
        parts.all_back()
    parts.wait()
    until = time.monotonic() + 90
    while parts.rebuilding() or sending.remaining():
        assert time.monotonic() < until, f"{sending.remaining()} remain to be sent"
        time.sleep(0.1)

    assert readers.to_the_end
    assert books.leaks == []
    assert readers.wrong == []
    assert editors.wrong == []
    drift = compare()
    assert drift.by_kind() == {}
    assert differing() == []
    call_command("check_search")
    for student_asks in (False, True):
        shut = books.shut(student=student_asks)
        for pk, number in rand.sample(sorted(books.numbers.items()), min(12, len(books.numbers))):
            shown = found_by(readers, number, student=student_asks)
            assert not (shown and number in shut), title(number)
            open_now = Entry.objects.filter(object_id=pk, title__contains=f"w{number:04}", withdrawn=False)
            if open_now.filter(is_reserved=False).exists():
                assert shown, title(number)
    print(
        f"\n{editors.done} operations, {editors.lost} without an answer, in {took:.0f} s; killed: {parts.killed};"
        f" {readers.asked} searches beside, {books.judged} titles kept from them; {drift.compared} entries alike"
    )


@pytest.mark.postgresql
def test_nothing_is_lost_and_nothing_told_while_parts_are_killed(
    parts: Parts, home: HomePage, staff: Audience, students: Audience
) -> None:
    lose_nothing(parts, home, staff, students, times=SAMPLE, every=15)


@pytest.mark.postgresql
@pytest.mark.long
def test_nothing_is_lost_in_a_thousand_operations(
    parts: Parts, home: HomePage, staff: Audience, students: Audience
) -> None:
    lose_nothing(parts, home, staff, students, times=WHOLE, every=20)
