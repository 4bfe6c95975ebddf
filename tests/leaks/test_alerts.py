"""Alerts, emergencies, help and retired services, walked as every reader: each tells of what is theirs and no more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from home import emergency
from services.models import Retirement, ServicePage
from tests.leaks.answers import address, content, everything, faceless
from tests.leaks.rule import Rule
from tests.leaks.test_surfaces import opens
from tests.leaks.world import Seeker, World, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_file(settings: Any, tmp_path: Any) -> Iterator[None]:
    settings.MEDIA_ROOT = tmp_path
    emergency.forget()
    yield
    emergency.forget()


def region(body: str) -> str:
    """Return what stands above the page: emergencies, then alerts."""
    return body[body.index("<body") : body.index("<main")]


def emergencies_of(rule: Rule, seeker: Seeker) -> set[str]:
    """Return the words of the emergencies that this reader is shown."""
    now = timezone.now()
    alerts = [alert for alert in rule.alerts.values() if alert.level == "emergency"]
    return {word for one in alerts if rule.is_shown_alert(seeker.who, one, now) for word in words(one.title)}


def test_the_sample_holds_alerts_of_every_kind(world: World, rule: Rule) -> None:
    now = timezone.now()
    seen = [{pk for pk, one in rule.alerts.items() if rule.sees_alert(who.who, one, now)} for who in world.seekers]

    assert len(set(map(frozenset, seen))) > 1
    assert any(alert.places.exists() for alert in rule.alerts.values())
    assert any(alert.link and not rule.sees(world.seekers[0].who, alert.link, now) for alert in rule.alerts.values())


@pytest.mark.parametrize("language", ["fr", "en"])
def test_open_pages_are_told_of_their_readers_emergencies(
    rule: Rule, seeker: Seeker, told: set[str], language: str
) -> None:
    answer = seeker.browser.get(reverse("urgent", args=[language]))

    assert words(everything(answer)) <= told
    alerts = {word for alert in rule.alerts.values() for word in words(alert.title)}
    assert words(content(answer)) & alerts == emergencies_of(rule, seeker)


def test_emergencies_stand_above_every_page_and_no_other_readers_do(
    world: World, rule: Rule, seeker: Seeker, told: set[str]
) -> None:
    expected = emergencies_of(rule, seeker)
    for url in ("/", "/en/", "/nulle-part/", "/recherche/?q=x", reverse("alerts"), reverse("help"), address(world.hub)):
        for _cold_then_warm in range(2):
            body = content(seeker.browser.get(url))
            assert words(region(body)) <= told
            assert expected <= words(region(body)), url


def test_the_page_of_alerts_lists_all_that_the_reader_may_read(rule: Rule, seeker: Seeker, told: set[str]) -> None:
    now = timezone.now()
    may = {w for a in rule.alerts.values() if rule.sees_alert(seeker.who, a, now) for w in words(a.title)}

    said = words(everything(seeker.browser.get(reverse("alerts"))))

    assert may <= said <= told


def test_an_alert_below_a_page_stands_there_alone(rule: Rule, seeker: Seeker) -> None:
    now, found = timezone.now(), 0
    for alert in rule.alerts.values():
        for place in alert.places.all():
            word, page = words(alert.title), rule.pages[place.page_id]
            assert not word & words(region(content(seeker.browser.get("/nulle-part/"))))
            if rule.sees(seeker.who, page, now) and rule.is_shown_alert(seeker.who, alert, now):
                found += 1
                body = region(content(seeker.browser.get(address(page))))
                assert word <= words(body) or 'class="more-link"' in body
    assert found or seeker.name != "of all"


def test_help_tells_who_helps_with_what_the_reader_may_see(rule: Rule, seeker: Seeker, told: set[str]) -> None:
    now = timezone.now()
    pages = [page for page in rule.pages.values() if page.depth > 2]
    for page in pages[::5]:
        url = address(page)
        answer = seeker.browser.get(reverse("help"), {"from": url})
        assert words(everything(answer)) - words(url) <= told
        if rule.sees(seeker.who, page, now):
            assert words(page.title) <= words(content(answer))
        elif not opens(rule, seeker, page):
            absent = re.sub("[^/]", "z", url)
            other = seeker.browser.get(reverse("help"), {"from": absent})
            assert faceless(answer, url) == faceless(other, absent), url


def test_a_retired_service_names_its_successor_to_those_who_may_see_it(
    world: World, rule: Rule, seeker: Seeker, told: set[str]
) -> None:
    now = timezone.now()
    for one in Retirement.objects.all():
        page = next(p for p in rule.twins[one.service] if p.specific_class is ServicePage)
        if not rule.sees(seeker.who, page, now):
            continue
        body = content(seeker.browser.get(address(page)))
        assert words(body) <= told
        heirs = [p for p in rule.twins.get(one.successor, []) if rule.sees(seeker.who, p, now)]
        main = body[body.index("<main") : body.index("</main>")]
        assert any(address(heir) in main for heir in heirs) == bool(heirs)
