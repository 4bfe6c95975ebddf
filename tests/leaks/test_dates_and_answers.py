"""Months of agendas, and what readers answer about guidance, walked as every reader."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from events.models import AgendaPage, EventPage
from guidance.answers import Answer
from guidance.models import GuidancePage
from tests.leaks.rule import Rule
from tests.leaks.test_surfaces import ABSENT, address, content, everything, faceless, opens
from tests.leaks.world import Seeker, World, words

pytestmark = pytest.mark.django_db


def test_months_show_what_is_for_the_reader_on_its_days(
    world: World, rule: Rule, seeker: Seeker, told: set[str]
) -> None:
    now, missing = timezone.now(), []
    months = sorted({(now + timedelta(days=days)).strftime("%Y/%m/") for days in range(-45, 46, 15)})
    for page in rule.pages.values():
        if page.specific_class is not AgendaPage or opens(rule, seeker, page):
            continue
        bodies = []
        for month in months:
            response = seeker.browser.get(address(page) + month)
            assert response.status_code == {0: 200}.get(status := rule.answer(seeker.who, page, now), status)
            bodies.append(content(response))
        text = "".join(bodies)
        assert words(text) - words(address(page)) <= told, page.url_path
        if page.depth == 3 and rule.sees(seeker.who, page, now):
            seen = (item for item in rule.visible(seeker.who, now) if not rule.is_mirror(item))
            mine = [item for item in seen if page.locale.language_code in rule.shown_in(item)]
            missing += [label for item in mine for label, _, _ in rule.dates(item) if label not in text]
            missing += [
                item.url_path for item in mine if item.specific_class is EventPage and address(item) not in text
            ]
    assert missing == []


def test_whether_a_page_was_useful_is_asked_of_its_readers_alone(rule: Rule, seeker: Seeker, told: set[str]) -> None:
    """And to answer about a page that is not for the reader is, to the byte, to answer about none."""
    absent: dict[str, tuple[int, str, str]] = {}
    for page in rule.pages.values():
        if page.specific_class is not GuidancePage or opens(rule, seeker, page):
            continue
        url, expected = address(page), rule.answer(seeker.who, page, timezone.now())
        before = Answer.objects.count()
        for headers in ({}, {"HX-Request": "true"}):
            response = seeker.browser.post(f"{url}useful/", {"useful": "no", "words": "Bonjour"}, headers=headers)
            assert words(everything(response)) - words(url) <= told, url
        assert Answer.objects.count() - before == (expected == 200), url
        if expected != 404:
            assert response.status_code == {0: 200}.get(expected, expected), url
            continue
        other = url.replace(page.slug, ABSENT)
        if other not in absent:
            there = seeker.browser.post(f"{other}useful/", {"useful": "no", "words": "Bonjour"}, headers=headers)
            absent[other] = faceless(there, ABSENT)
        assert faceless(response, page.slug) == absent[other], url
