"""Favourites, the list from A to Z and doors, walked as every reader: no more than the rule, and all of it."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import User
from guidance.models import GuidancePage
from home.favourites import Favourite
from home.models import DoorPage
from sections.models import SectionPage
from services.models import ServicePage
from tests.leaks.answers import ABSENT, address, content, everything, faceless
from tests.leaks.rule import LANGUAGES, Rule
from tests.leaks.test_surfaces import opens
from tests.leaks.world import READERS, Seeker, World, words

pytestmark = pytest.mark.django_db
LISTED = (ServicePage, GuidancePage, SectionPage)


@pytest.fixture(params=range(READERS))
def seeker(request: pytest.FixtureRequest, world: World) -> Seeker:
    return world.seekers[request.param]


@pytest.fixture
def told(world: World, rule: Rule, seeker: Seeker) -> set[str]:
    """The words this reader may see."""
    return world.told(rule, seeker)


def account_of(seeker: Seeker) -> User | None:
    return User.objects.filter(pk=seeker.browser.session.get("_auth_user_id") or 0).first()


def localized(name: str, language: str) -> str:
    with translation.override(language):
        return reverse(name)


def test_only_what_a_reader_may_see_can_be_kept_and_the_rest_is_as_absent_as_another(
    rule: Rule, seeker: Seeker, told: set[str]
) -> None:
    user, now = account_of(seeker), timezone.now()
    star, absent = reverse("favourites_star"), "00000000-0000-4000-8000-000000000000"
    none = seeker.browser.post(star, {"keep": absent})
    seen = {page.translation_key for page in rule.visible(seeker.who, now) if page.depth > 2}
    for key, pages in rule.twins.items():
        answer = seeker.browser.post(star, {"keep": str(key)})
        assert words(everything(answer)) <= told
        if user is None:
            assert answer.status_code == 302
            assert words(everything(answer)) == set()
        elif key in seen:
            assert answer.status_code == 303, pages
        else:
            assert faceless(answer, ABSENT) == faceless(none, ABSENT), pages
    kept = set(Favourite.objects.filter(user=user).values_list("key", flat=True)) if user else set()
    assert kept <= seen


def test_what_was_kept_and_is_not_for_the_reader_is_nowhere(world: World, rule: Rule, seeker: Seeker) -> None:
    """Whatever stands among their favourites: what they could see once, and all the rest."""
    user, now = account_of(seeker), timezone.now()
    if user is None:
        pytest.skip("keeps nothing")
    rows = [Favourite(user=user, key=key, position=number) for number, key in enumerate(rule.twins)]
    Favourite.objects.filter(user=user).delete()
    Favourite.objects.bulk_create(rows)
    told = world.told(rule, seeker)
    seen = {page.translation_key for page in rule.visible(seeker.who, now) if page.depth > 2}

    for language in LANGUAGES:
        home, page = "/" if language == "fr" else f"/{language}/", localized("favourites", language)
        for url in (home, home, page):  # made, then kept
            body = content(seeker.browser.get(url))
            assert words(body) <= told, url
            assert "<!--slot" not in body
        shown = words(body)
        for key in seen - world.retired:
            twins = [twin for twin in rule.twins[key] if rule.sees(seeker.who, twin, now)]
            assert any(world.said(twin) & shown for twin in twins), twins
    for key in rule.twins.keys() - seen:
        Favourite.objects.filter(user=user, key=key).delete()
        assert words(content(seeker.browser.get(reverse("favourites"), {"removed": key}))) <= told
    exported = content(seeker.browser.get(reverse("account_data")))
    assert words(exported) == set()


def test_the_list_from_a_to_z_is_what_the_reader_may_see(
    world: World, rule: Rule, seeker: Seeker, told: set[str]
) -> None:
    now = timezone.now()
    for language in LANGUAGES:
        for _cold_then_warm in range(2):
            body = content(seeker.browser.get(localized("letters", language)))
            assert words(body) <= told
        shown = words(body.partition("<main")[2])
        for page in rule.visible(seeker.who, now):
            if page.specific_class not in LISTED or rule.is_mirror(page) or page.translation_key in world.retired:
                continue
            if language in rule.shown_in(page):
                assert words(page.title) <= shown, page.url_path


def test_a_door_shows_of_what_was_chosen_what_the_reader_may_see(
    world: World, rule: Rule, seeker: Seeker, told: set[str]
) -> None:
    now = timezone.now()
    doors = [page for page in rule.pages.values() if page.specific_class is DoorPage]
    assert len(doors) == 2
    for door in doors:
        if opens(rule, seeker, door) or not rule.sees(seeker.who, door, now):
            continue
        for _cold_then_warm in range(2):
            body = content(seeker.browser.get(address(door)))
            assert words(body) <= told | words(address(door))
        for page in rule.visible(seeker.who, now):
            chosen: Any = (
                page.specific_class in {ServicePage, GuidancePage} and page.translation_key not in world.retired
            )
            if chosen and page.locale_id == door.locale_id and not page.alias_of_id:
                assert words(page.title) <= words(body), page.url_path
