"""What must not be found, and by whom: cases of a real university, on the real node."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import time_machine
from django.test import Client
from django.utils import timezone

from audience.models import Access, Audience
from search.engines import engine
from search.models import Entry
from search.query import Query
from tests.factories import SectionPageFactory, StandardPageFactory, UnitFactory
from tests.leaks.answers import content
from tests.search.elasticsearch.conftest import ask, titles
from tests.search.test_engine import reader_of

ADDRESSES = ("/recherche/", "/en/search/", "/suggestions.json", "/search.json")


def is_as_unknown(client: Client, text: str, word: str) -> bool:
    """Whether what is answered to `text`, in which `word` is a secret, is what is answered to a word that nobody wrote.

    Results, counts, facets, suggestions, corrections: all that a page or an engine says.
    """
    other = f"{word[:-1]}{'x' if word[-1] != 'x' else 'y'}"
    unknown = text.replace(word, other)
    found, nothing = (engine().search(Query.parse({"q": said}, reader=reader_of())) for said in (text, unknown))
    return found == nothing and all(
        content(client.get(address, {"q": text})).replace(word, other) == content(client.get(address, {"q": unknown}))
        for address in ADDRESSES
    )


def test_a_page_reserved_by_its_grandparent_leaves_no_trace(
    home: Any, staff: Audience, client: Client, index: Callable[[], None]
) -> None:
    grandparent = StandardPageFactory(parent=home, title="Direction", audiences=[staff], access=Access.RESERVED)
    parent = StandardPageFactory(parent=grandparent, title="Dossiers")
    unit = UnitFactory(name="Unité Quetzalcoatl")
    StandardPageFactory(parent=parent, title="Réorganisation quetzalcoatl", unit=unit)
    StandardPageFactory(parent=home, title="Réorganisation des horaires")
    index()

    for text in ("Réorganisation quetzalcoatl", "quetzalcoatl", "« réorganisation quetzalcoatl »"):
        assert is_as_unknown(client, text, "quetzalcoatl"), text
    for text in ("quetzal", "quetzalcoat", "quetzalcoal"):
        assert "quetzalcoatl" not in "".join(content(client.get(address, {"q": text})) for address in ADDRESSES)
    assert titles("Réorganisation quetzalcoatl", reader=reader_of([staff]))[0] == "Réorganisation quetzalcoatl"


def test_a_scheduled_page_is_found_from_its_hour_on_and_an_expired_one_no_more(
    home: Any, client: Client, index: Callable[[], None]
) -> None:
    now = timezone.now()
    StandardPageFactory(parent=home, title="Concours axolotl", go_live_at=now + timedelta(hours=2))
    StandardPageFactory(parent=home, title="Concours narvaux", expire_at=now + timedelta(hours=2))
    index()

    assert is_as_unknown(client, "Concours axolotl", "axolotl")
    assert titles("narvaux") == ["Concours narvaux"]

    with time_machine.travel(now + timedelta(hours=3), tick=True):  # no worker went round, nothing was sent
        assert titles("concours axolotl") == ["Concours axolotl"]
        assert is_as_unknown(client, "Concours narvaux", "narvaux")


def test_colleagues_find_by_an_extension_and_visitors_do_not(
    home: Any, staff: Audience, index: Callable[[], None]
) -> None:
    SectionPageFactory(parent=home, title="Faculté des lettres", desk_phone="03 88 12 34 56")
    SectionPageFactory(parent=home, title="Faculté de droit", desk_phone="03 88 12 34 57")
    StandardPageFactory(parent=home, title="Salle 3400")
    index()

    for said in ("3456", "34 56", "123456"):
        assert titles(said, reader=reader_of([staff]))[:1] == ["Faculté des lettres"], said
        assert "Faculté des lettres" not in titles(said), said


def test_this_years_calendar_comes_before_older_ones_unless_a_year_is_said(
    home: Any, index: Callable[[], None]
) -> None:
    for first in (2023, 2024, 2025, 2026, 2027):
        StandardPageFactory(parent=home, title=f"Calendrier universitaire {first}-{first + 1}")
    index()

    for day, first in ((date(2026, 10, 1), 2026), (date(2027, 3, 1), 2026), (date(2027, 9, 1), 2027)):
        with time_machine.travel(day, tick=True):
            Entry.objects.update(live_from=timezone.now() - timedelta(days=1))
            assert titles("calendrier universitaire")[0] == f"Calendrier universitaire {first}-{first + 1}"
            assert titles("calendrier 2024-2025")[0] == "Calendrier universitaire 2024-2025"
            assert ask("calendrier 2024").hits[0].title == "Calendrier universitaire 2024-2025"
