"""The style guide shows all there is, to editors alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.test import Client

from search.models import Entry

pytestmark = pytest.mark.django_db

TEMPLATES = Path(settings.BASE_DIR) / "templates"
STYLES = Path(settings.BASE_DIR) / "static" / "css" / "components"
ADDRESS = "/styleguide/"
# Worn by the page of one block in the admin, over the home that the worker kept, and by what a script makes.
ELSEWHERE = {"block-preview", "offline-note", "suggestions"}
CLASS = re.compile(r"\.(-?[a-z][\w-]*)")
NO_RULE = re.compile(r"/\*.*?\*/|url\([^)]*\)", re.DOTALL)


@pytest.fixture
def editor(sign_in: Callable[..., Client]) -> Client:
    """A browser signed in as someone who may enter the admin, and nothing more."""
    group = Group.objects.create(name="Rédaction")
    group.permissions.add(Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"))
    return sign_in(groups=(group,))


def worn(html: str) -> set[str]:
    return {name for value in re.findall(r'class="([^"]*)"', html) for name in value.split()}


def test_every_component_is_shown_in_the_style_guide(editor: Client) -> None:
    """Add what is missing to home/styleguide/specimens.py."""
    answer = editor.get(ADDRESS)

    rendered = {template.name for template in answer.templates}
    assert {f"components/{one.name}" for one in TEMPLATES.glob("components/*.html")} - rendered == set()


def test_every_style_is_shown_in_the_style_guide(editor: Client) -> None:
    """Each block that a stylesheet declares, and each of its variants, is worn by something on the page."""
    found = worn(editor.get(ADDRESS).content.decode())

    declared = {
        (sheet.stem, name)
        for sheet in STYLES.glob("*.css")
        for name in CLASS.findall(NO_RULE.sub("", sheet.read_text(encoding="utf-8")))
        if "__" not in name
    }
    assert {one for one in declared if one[0] not in ELSEWHERE and one[1] not in found} == set()


def test_no_two_things_of_the_style_guide_have_one_id(editor: Client) -> None:
    ids = Counter(re.findall(r'\sid="([^"]+)"', editor.get(ADDRESS).content.decode()))

    assert {name for name, times in ids.items() if times > 1} == set()


def test_the_style_guide_writes_nothing_and_shows_nothing_of_the_portal(editor: Client, home: object) -> None:
    before = Entry.objects.count()
    assert editor.get(ADDRESS).status_code == 200
    assert Entry.objects.count() == before


@pytest.mark.parametrize(
    ("asked", "said"),
    [("light", 'data-theme="light"'), ("dark", 'data-theme="dark"'), ("contrast", 'data-contrast="more"')],
)
def test_the_style_guide_is_looked_at_in_other_colours(editor: Client, asked: str, said: str) -> None:
    assert f'<html lang="fr" {said}>' in editor.get(ADDRESS, {"theme": asked}).content.decode()
    assert '<html lang="fr">' in editor.get(ADDRESS, {"theme": '"><b>'}).content.decode()


def test_to_readers_the_style_guide_is_as_absent_as_any_other_page(sign_in: Callable[..., Client]) -> None:
    for reader in (Client(), sign_in()):
        answers = [reader.get(path) for path in (ADDRESS, "/styleguize/")]
        assert [answer.status_code for answer in answers] == [404, 404]
        own = re.compile(r"stylegui(de|ze)|value=\"[^\"]{40,}\"|ref=[\w-]+")
        same = [own.sub("", answer.content.decode()) for answer in answers]
        assert same[0] == same[1]
