"""Parts of lists of news, their feeds, one's own announcements and the marks of what is new, walked as every reader."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from accounts.models import User
from news.models import AnnouncementPage, NewsIndexPage, NewsPage
from tests.editing import editors_of
from tests.factories import AnnouncementPageFactory, ReaderFactory, know
from tests.leaks.rule import Rule, Who
from tests.leaks.test_surfaces import address, content, everything, opens, walk_pages_of
from tests.leaks.world import READERS, Seeker, World, words

pytestmark = pytest.mark.django_db


@pytest.fixture(params=range(READERS))
def seeker(request: pytest.FixtureRequest, world: World) -> Seeker:
    return world.seekers[request.param]


@pytest.fixture
def told(world: World, rule: Rule, seeker: Seeker) -> set[str]:
    """The words this reader may see."""
    return world.told(rule, seeker)


def lists_open_to(seeker: Seeker, rule: Rule) -> Iterator[Page]:
    for page in rule.pages.values():
        if page.specific_class is not NewsIndexPage or opens(rule, seeker, page):
            continue
        if rule.answer(seeker.who, page, timezone.now()) == 200:
            yield page


def listed(rule: Rule, seeker: Seeker, index: Page, model: type[Page]) -> list[Any]:
    """Return what the rule lets the reader find in a list: the portal's has all of a language, a section's its own."""
    found = [page.specific for page in rule.visible(seeker.who, timezone.now()) if page.specific_class is model]
    if index.depth == 3:
        spoken = index.locale.language_code
        return [page for page in found if not rule.is_mirror(page) and spoken in rule.shown_in(page)]
    return [page for page in found if page.path.startswith(index.path[:-4]) and page.path != index.path[:-4]]


def shown_at(seeker: Seeker, url: str, query: str = "") -> set[str]:
    return {word for body in walk_pages_of(seeker, url, query) for word in words(body)}


def test_the_years_of_a_list_are_those_of_what_the_reader_may_see(rule: Rule, seeker: Seeker, told: set[str]) -> None:
    for index in lists_open_to(seeker, rule):
        url = address(index)
        news, announced = (listed(rule, seeker, index, model) for model in (NewsPage, AnnouncementPage))
        dated = [(page, page.published_at) for page in news] + [(page, page.first_published_at) for page in announced]
        years = {timezone.localtime(at).year for _page, at in dated}
        body = content(seeker.browser.get(url))
        offered = {int(year) for year in re.findall(rf'href="{re.escape(url)}(\d{{4}})/"', body)}

        # One year alone is the list itself, and is not offered.
        assert offered == (years if len(years) > 1 else set()), index.url_path
        for year in range(min(years, default=2026) - 1, max(years, default=2026) + 2):
            answer = seeker.browser.get(f"{url}{year}/")
            feed = seeker.browser.get(f"{url}{year}/rss/")
            expected = 200 if year in years else 404
            assert (answer.status_code, feed.status_code) == (expected, expected), (index.url_path, year)
            assert words(everything(answer)) | words(everything(feed)) <= told | words(url)
        for page, at in dated:
            assert words(page.title) <= shown_at(seeker, f"{url}{timezone.localtime(at).year}/")


def test_the_categories_of_a_list_are_those_of_what_the_reader_may_see(
    world: World, rule: Rule, seeker: Seeker, told: set[str]
) -> None:
    for index in lists_open_to(seeker, rule):
        url = address(index)
        news, announced = (listed(rule, seeker, index, model) for model in (NewsPage, AnnouncementPage))
        within = {one.slug: [page for page in news if page.category == one] for one in world.categories}
        within["announcements"] = announced
        body = content(seeker.browser.get(url))
        chips = re.search(r'<nav class="chip-row".*?</nav>', body, re.S)
        offered = set(re.findall(r'href="\?category=([\w-]+)"', chips[0])) if chips else set()

        assert offered == {slug for slug, pages in within.items() if pages}, index.url_path
        for slug, pages in within.items():
            shown = shown_at(seeker, url, f"category={slug}")
            assert shown <= told | words(url)
            for page in pages:
                assert words(page.title) <= shown, (index.url_path, slug, page.url_path)
            for syntax in ("rss", "atom"):
                feed = content(seeker.browser.get(f"{url}{syntax}/?category={slug}"))
                assert words(feed) <= told | words(url)


def test_marks_of_what_is_new_tell_of_nothing_else(seeker: Seeker, rule: Rule, told: set[str]) -> None:
    account = seeker.browser.session.get("_auth_user_id")
    before = timezone.now() - timedelta(days=2)
    User.objects.filter(pk=account).update(visit_began_at=before, visit_before_at=before)
    for url in ["/", *(address(index) for index in lists_open_to(seeker, rule))]:
        for _cold_then_warm in range(2):
            body = content(seeker.browser.get(url))
            assert "<!--slot" not in body
            assert words(body) <= told | words(url)
            marked = re.findall(r'<article(?:(?!</article>).)*class="new-mark".*?</article>', body, re.S)
            assert not marked or account


def test_ones_own_announcements_tell_of_ones_own_alone(world: World, rule: Rule) -> None:
    lists = [page for page in rule.pages.values() if page.specific_class is NewsIndexPage]
    lists = [page for page in lists if page.live and not page.alias_of_id]
    author = ReaderFactory()
    know(author, [world.audiences[0]])
    browser = Client()
    browser.force_login(author)
    told = world.told(rule, Seeker("author", browser, Who((frozenset({world.audiences[0].pk}),), signed_in=True)))
    mine: set[str] = set()
    for number, index in enumerate(lists[:4]):
        author.groups.add(editors_of(index, rights=("add",)))
        word = world.word()
        AnnouncementPageFactory(parent=index.specific, title=f"Mienne {word}", owner=author, live=bool(number % 2))
        mine |= words(word)

    for name in ("announcements", "announcement_new"):
        answer = browser.get(reverse(name))
        others = words(everything(answer)) - mine
        places = {word for index in lists[:4] for one in rule.line(index) for word in words(f"{one.title} {one.slug}")}
        assert others <= places | told, name
    assert mine <= words(everything(browser.get(reverse("announcements"))))
    foreign = [page.pk for page in rule.pages.values() if page.specific_class in {AnnouncementPage, NewsPage}]
    for pk in foreign:
        assert browser.get(reverse("announcement_edit", args=[pk])).status_code == 404
        assert browser.post(reverse("announcement_withdraw", args=[pk])).status_code == 404


def test_the_world_holds_announcements_categories_and_several_years(rule: Rule) -> None:
    news = [page.specific for page in rule.pages.values() if page.specific_class is NewsPage]

    assert any(page.specific_class is AnnouncementPage for page in rule.pages.values())
    assert len({page.category for page in news if page.category}) > 1
    assert len({page.published_on.year for page in news}) > 1
