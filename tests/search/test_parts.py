"""Parts of pages as they were rendered: kept by all they print, so that nobody is given what another was shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.template import Template
from django.test import Client
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy, override

from search.chrome import MenuItem
from search.models import Entry
from search.parts import render_part
from tests.factories import StandardPageFactory
from tests.reading import soup


def part(name: str, **said: object) -> str:
    return render_part(name, said)


def menu(*items: MenuItem) -> str:
    return part("main_menu", menu=list(items), plan_url="/plan/", here="")


def test_a_part_is_rendered_once_for_all_it_prints(monkeypatch: pytest.MonkeyPatch) -> None:
    first = menu(MenuItem("Aide", "/aide/", ""))
    monkeypatch.setattr(Template, "render", lambda *given: pytest.fail("rendered again"))

    assert menu(MenuItem("Aide", "/aide/", "")) is first


def test_what_prints_otherwise_is_another_part() -> None:
    here = menu(MenuItem("Aide", "/aide/", "page"))
    above = menu(MenuItem("Aide", "/aide/", "true"))
    other = menu(MenuItem("Aide", "/aide/", ""), MenuItem("Notes", "/notes/", ""))

    assert 'aria-current="page"' in here
    assert 'aria-current="true"' in above
    assert "Notes" in other
    assert "Notes" not in above


def test_text_that_may_hold_markup_does_not_become_the_safe_text_that_equals_it() -> None:
    assert "<b>notes</b>" in part("show_all", what=mark_safe("<b>notes</b>"))
    assert "&lt;b&gt;notes&lt;/b&gt;" in part("show_all", what="<b>notes</b>")


def test_a_part_speaks_the_language_of_its_page() -> None:
    said = gettext_lazy("Search")
    with override("fr"):
        french = part("show_all", what=said)
    with override("en"):
        english = part("show_all", what=said)

    assert "Tout afficher" in french
    assert "Show all" in english


def test_values_of_two_sorts_that_are_equal_are_kept_apart() -> None:
    @dataclass(frozen=True)
    class Item:
        title: str = "Aide"
        url: str = "/aide/"
        current: object = ""
        kind: str = ""
        language: str = ""

    said = [part("main_menu", menu=[Item(current=value)], plan_url="/plan/", here="") for value in (True, 1, "1")]
    assert ['aria-current="True"' in one for one in said] == [True, False, False]


@pytest.mark.parametrize("said", [Entry(pk=1), {"a": 1}, object()], ids=["a model", "a dictionary", "an object"])
def test_what_does_not_say_all_it_prints_is_refused(said: Any) -> None:
    with pytest.raises(TypeError, match="give its text"):
        part("show_all", what=said)
    with pytest.raises(TypeError, match="give its text"):
        part("main_menu", menu=[MenuItem(said, "/", "")], plan_url="/plan/", here="")


@pytest.mark.django_db
def test_a_new_title_stands_at_once_in_every_menu_that_was_kept(client: Client, news_index: Any) -> None:
    assert soup(client.get("/")).get_text().count("Actualités") > 2

    news_index.title = "Nouvelles"
    news_index.save_revision().publish()

    page = soup(client.get("/"))
    assert [menu.get_text().count("Actualités") for menu in page.select("nav")] == [0] * len(page.select("nav"))
    assert "Nouvelles" in page.select_one(".site-footer__wide").get_text()


@pytest.mark.django_db
def test_the_menu_kept_for_those_who_may_see_a_page_is_not_that_of_others(
    client: Client, sign_in: Any, home: Any, staff: Any
) -> None:
    StandardPageFactory(parent=home, title="Vie interne", show_in_menus=True, audiences=[staff], access="reserved")

    assert "Vie interne" in sign_in([staff]).get("/").content.decode()
    assert "Vie interne" not in client.get("/").content.decode()
    assert "Vie interne" not in sign_in().get("/").content.decode()
