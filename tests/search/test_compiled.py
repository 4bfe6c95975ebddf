"""Querysets compiled once answer each reader as they would have been compiled for them."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db.models import QuerySet
from django.utils import timezone
from wagtail.models import Page

from audience.demands import table
from audience.models import Access, Audience
from audience.reader import Reader
from audience.version import current_version
from content.entry import Kind
from home.models import HomePage
from search.compiled import Fixed, compiled, compiled_to_sql
from search.entries import entries_for, not_empty
from search.models import Entry
from search.querysets import EntryQuerySet
from tests.factories import NewsPageFactory

pytestmark = pytest.mark.django_db


def reader_like(*positions: list[Audience]) -> Reader:
    at = frozenset(audience.pk for position in positions for audience in position)
    return table(current_version()).seen_by(Reader(positions=(at,), signed_in=bool(positions)))


@compiled
def news_for(reader: Reader) -> EntryQuerySet:
    return entries_for(reader).of_kind(Kind.NEWS).meant_for(reader).newest_first()


@compiled
def with_keys(reader: Reader, keys: tuple[UUID, ...], path: str = "", since: datetime | None = None) -> EntryQuerySet:
    found = entries_for(reader).translations_of(keys)
    found = found.below(path) if path else found
    return found.published_since(since) if since else found


@compiled
def paged(reader: Reader, start: Fixed) -> QuerySet[Entry, tuple[Any, ...]]:
    news = entries_for(reader).of_kind(Kind.NEWS).order_by("title")
    return news.values_list("title", "topics")[start.value : start.value + 1]


def titles(entries: list[Entry]) -> list[str]:
    return [entry.title for entry in entries]


def test_each_reader_is_answered_for_themselves_whoever_asked_first(
    news_index: Page, students: Audience, staff: Audience
) -> None:
    for title, audience in (("Bourses", students), ("Congés", staff)):
        NewsPageFactory(parent=news_index, title=title, audiences=[audience], access=Access.RESERVED)
    NewsPageFactory(parent=news_index, title="Crue")
    readers = [reader_like([students]), reader_like([staff]), reader_like(), reader_like([students], [staff])]

    for reader in [*readers, *reversed(readers)]:
        asked = entries_for(reader).of_kind(Kind.NEWS).meant_for(reader).newest_first()
        assert titles(news_for(reader)) == titles(list(asked))
    assert [len(news_for(reader)) for reader in readers] == [2, 2, 1, 3]


def test_what_is_given_takes_its_place_however_many_there_are(news_index: Page, home: HomePage) -> None:
    pages = [NewsPageFactory(parent=news_index, title=f"Brève {number}") for number in range(3)]
    keys, reader, now = [page.translation_key for page in pages], reader_like(), timezone.now()

    for number in range(4):
        assert len(with_keys(reader, tuple(keys[:number]))) == number
        assert len(with_keys(reader, (*keys[:number], uuid4()))) == number
    assert len(with_keys(reader, tuple(keys), news_index.path)) == 3
    assert with_keys(reader, tuple(keys), pages[0].path) == []
    assert len(with_keys(reader, tuple(keys), home.path, now.replace(year=now.year - 1))) == 3
    assert with_keys(reader, tuple(keys), home.path, now.replace(year=now.year + 1)) == []


def test_a_number_that_stands_in_the_sql_is_compiled_for_each(news_index: Page) -> None:
    for title in ("Un", "Deux", "Trois"):
        NewsPageFactory(parent=news_index, title=title)

    found = [paged(reader_like(), Fixed(start)) for start in (0, 1, 2, 3)]

    assert found == [[("Deux", [])], [("Trois", [])], [("Un", [])], []]


def test_what_would_be_left_out_of_the_sql_stops_it(home: HomePage) -> None:
    @compiled
    def forgetful(reader: Reader, path: str) -> EntryQuerySet:
        return entries_for(reader)

    @compiled
    def changed(reader: Reader, key: UUID, at: datetime) -> EntryQuerySet:
        return entries_for(reader).translations_of([key]).published_since(at.replace(hour=5))

    with pytest.raises(ValueError, match="not found in the statement"):
        forgetful(reader_like(), home.path)
    with pytest.raises(ValueError, match="not found in the statement"):
        changed(reader_like(), home.translation_key, timezone.now())


def test_what_of_a_reader_is_to_be_given_apart_stops_it(home: HomePage) -> None:
    @compiled
    def of_their_units(reader: Reader) -> EntryQuerySet:
        return entries_for(reader).filter(unit__code__in=reader.units)

    @compiled
    def of_their_audiences(reader: Reader) -> EntryQuerySet:
        return entries_for(reader).filter(pk__in=reader.audiences)

    for asks in (of_their_units, of_their_audiences):
        with pytest.raises(ValueError, match="given apart"):
            asks(reader_like())


def test_nothing_stands_in_for_what_cannot_be_a_parameter() -> None:
    with pytest.raises(TypeError, match="nothing stands in"):
        news_for({"visible": (1,)})  # type: ignore[arg-type]


def test_lists_that_hold_nothing_are_told_from_those_that_do(news_index: Page) -> None:
    NewsPageFactory(parent=news_index, title="Crue")

    class Part(Enum):
        NEWS, NONE = Kind.NEWS, Kind.EVENT

    @compiled_to_sql
    def first(reader: Reader, part: Part) -> QuerySet[Entry, tuple[Any, ...]]:
        return entries_for(reader).of_kind(part.value).values_list("pk")[:1]

    @compiled_to_sql
    def never(reader: Reader) -> QuerySet[Entry, tuple[Any, ...]]:
        return entries_for(reader).none().values_list("pk")

    reader = reader_like()
    assert not_empty({part: first(reader, part) for part in Part} | {"never": never(reader)}, plan_once=True) == {
        Part.NEWS
    }


def test_a_text_is_a_value_and_never_sql(home: HomePage) -> None:
    @compiled
    def titled(reader: Reader, title: str) -> EntryQuerySet:
        return entries_for(reader).filter(title=title)

    for hostile in ("' OR 1=1 --", "%s", "~1~", "100 %", '"'):
        assert titled(reader_like(), hostile) == []
    assert titles(titled(reader_like(), home.title)) == [home.title]
