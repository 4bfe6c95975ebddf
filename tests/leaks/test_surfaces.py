"""Every public surface, walked as every reader: what is seen is within the rule, and all the rule allows is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from events.models import AgendaPage, EventPage
from guidance.models import GuidanceIndexPage
from news.models import NewsIndexPage
from services.models import CataloguePage
from tests.leaks.answers import ABSENT, address, content, everything, faceless
from tests.leaks.rule import LANGUAGES, Rule
from tests.leaks.world import COMMON, LISTS, Seeker, World, words

pytestmark = pytest.mark.django_db

KEY_DATE = re.compile(r"Échéance \d xk\d{4}qv")  # as the world labels them
CALENDARS = [f"agenda.ics{query}" for query in ("", "?kind=deadline", "?kind=event", "?campus=nord")]
NEVER = "Thu, 01 Jan 1970 00:00:00 GMT"


def opens(rule: Rule, seeker: Seeker, page: Page) -> bool:
    """Whether the reader opens the page only because they edit it; what it shows is then not for them."""
    return seeker.edits and rule.answer(seeker.who, page, timezone.now()) != 200


# The addresses of a list that together show all of it.
BY = [f"by={by}&for=all" for by in ("family", "audience", "unit", "letter")]


def walk_pages_of(seeker: Seeker, url: str, query: str = "") -> Iterator[str]:
    """Yield the body of each page of a list, as its links lead."""
    seen: set[str] = set()
    todo = [f"{url}?{query}"]
    while todo:
        here = todo.pop()
        if here in seen or len(seen) > 40:
            continue
        seen.add(here)
        response = seeker.browser.get(here)
        if response.status_code != 200:
            return
        body = content(response)
        yield body
        todo += [f"{url}?{found}" for found in re.findall(r'href="\?((?:\w+=[\w-]+&amp;)*page=\d+)"', body)]
        todo = [one.replace("&amp;", "&") for one in todo]


def test_the_sample_holds_every_kind_of_restriction(world: World, rule: Rule) -> None:
    pages = [page for page in rule.pages.values() if page.depth > 1]
    kinds = set(PageViewRestriction.objects.values_list("restriction_type", flat=True))
    now = timezone.now()

    assert kinds == {"login", "groups", "password"}
    assert any(len(rule.audiences[page.pk]) > 1 for page in pages if rule.access.get(page.pk) == "reserved")
    assert any(page.alias_of_id for page in pages)
    assert any(page.go_live_at and page.go_live_at > now for page in pages)
    assert any(page.expire_at and page.expire_at < now for page in pages)
    assert any(not page.live for page in pages)
    assert any(len(rule.twins[page.translation_key]) > 1 for page in pages)
    assert any(not rule.own(page) and rule.demands(page) for page in pages)
    assert any(page.live and rule.withdrawn(page) for page in pages)
    assert any(0 < len(rule.visible(seeker.who, now)) < len(pages) for seeker in world.seekers)


def test_each_address_answers_what_the_rule_says(world: World, rule: Rule, seeker: Seeker, told: set[str]) -> None:
    """And a page that is not for the reader answers, to the byte, as one that is not there."""
    wrong: list[tuple[object, ...]] = []
    absent: dict[str, tuple[int, str, str]] = {}
    for page in rule.pages.values():
        if page.depth == 1 or page in (world.hub, world.board) or opens(rule, seeker, page):
            continue
        url, expected = address(page), rule.answer(seeker.who, page, timezone.now())
        response = seeker.browser.get(url)
        status = 0 if "authenticate_with_password" in content(response) else response.status_code
        if status != expected:
            wrong.append((url, status, expected))
        leaked = words(everything(response)) - told - words(url)
        if leaked:
            wrong.append((url, status, leaked))
        if expected == 200 and not world.said(page) <= words(content(response)) | words(url):
            wrong.append((url, "does not show the page"))
        if expected == 404 and page.slug in url:
            other = url.replace(page.slug, ABSENT)
            if other not in absent:
                absent[other] = faceless(seeker.browser.get(other), ABSENT)
            if faceless(response, page.slug) != absent[other]:
                wrong.append((url, "is not as absent as another"))
    assert wrong == []


def test_other_ways_to_ask_an_address_tell_no_more(world: World, rule: Rule, seeker: Seeker, told: set[str]) -> None:
    pages = [page for page in rule.pages.values() if page.depth > 2 and not opens(rule, seeker, page)]
    wrong: list[tuple[object, ...]] = []
    for page in world.rand.sample(pages, min(12, len(pages))):
        url, expected = address(page), rule.answer(seeker.who, page, timezone.now())
        ask = seeker.browser
        other = f"/en{url}" if not url.startswith("/en/") else url.removeprefix("/en")
        answers = {
            "HEAD": ask.head(url),
            "etag": ask.get(url, headers={"If-None-Match": "*"}),
            "since": ask.get(url, headers={"If-Modified-Since": NEVER}),
            "etag of a file": ask.get(url, headers={"If-None-Match": '"0"'}),
            "other language": ask.get(other),
            "Spanish": ask.get(f"/es{url}"),
            "no slash": ask.get(url.rstrip("/")),
            "htmx": ask.get(url, headers={"HX-Request": "true"}),
            "OPTIONS": ask.options(url),
            "POST": ask.post(url),
            "page": ask.get(url, {"page": "2"}),
            "rss": ask.get(f"{url}rss/"),
            "ics": ask.get(f"{url}agenda.ics"),
            "month": ask.get(f"{url}{timezone.localdate():%Y/%m}/"),
            "useful": ask.post(f"{url}useful/", {"useful": "yes"}),
        }
        for name, response in answers.items():
            if leaked := words(everything(response)) - told - words(url):
                wrong.append((name, url, leaked))
        same = {0: 200}.get(expected, expected)
        wrong += [(n, url, answers[n].status_code) for n in ("HEAD", "since", "htmx") if answers[n].status_code != same]
        unknown = {answers[name].status_code for name in ("etag", "OPTIONS", "POST", "rss", "ics", "month", "useful")}
        if expected == 404 and unknown != {404}:
            wrong.append((url, {name: answer.status_code for name, answer in answers.items()}))
    assert wrong == []


def test_what_an_editor_opens_is_not_shown_to_the_next_reader(world: World, rule: Rule) -> None:
    """A body is shared by readers of one signature; the superuser's has what any reader without audience has."""
    editor = next(seeker for seeker in world.seekers if seeker.name == "superuser")
    reader = next(seeker for seeker in world.seekers if seeker.name == "of nothing")
    now = timezone.now()
    hidden = [page for page in rule.pages.values() if page.depth > 2 and rule.answer(editor.who, page, now) == 404]

    opened = [page for page in hidden if editor.browser.get(address(page)).status_code == 200]

    assert opened
    assert {reader.browser.get(address(page)).status_code for page in opened} == {404}


@pytest.mark.parametrize("url", ["/", "/en/", "/es/"])
def test_home_shows_what_the_reader_may_see(seeker: Seeker, told: set[str], url: str) -> None:
    for _cold_then_warm in range(2):
        response = seeker.browser.get(url)
        assert response.status_code == 200
        assert words(everything(response)) <= told


def test_lists_show_all_that_is_for_the_reader_and_nothing_else(
    world: World, rule: Rule, seeker: Seeker, told: set[str]
) -> None:
    now, missing = timezone.now(), []
    for page in rule.pages.values():
        model = page.specific_class
        if model not in LISTS or opens(rule, seeker, page):
            continue
        shown: set[str] = set()
        listed: set[str] = set()  # without what stands on every page: an alert may lead to what is retired
        dates: set[str] = set()
        for query in queries(world, model):
            for body in walk_pages_of(seeker, address(page), query):
                shown |= words(body)
                listed |= words(body.partition("<main")[2])
                dates |= set(KEY_DATE.findall(body))
        shown -= words(address(page)) - told  # a form of a password says where it was asked
        assert shown <= told, (page.url_path, shown - told)
        if page.depth != 3 or not rule.sees(seeker.who, page, now):
            continue
        language = page.locale.language_code
        for item in rule.visible(seeker.who, now):
            if rule.is_mirror(item) or language not in rule.shown_in(item):
                continue
            if item.specific_class is LISTS[model] and item.translation_key in world.retired:
                assert not world.said(item) & listed, item.url_path
                continue
            if item.specific_class is LISTS[model] and not world.said(item) & shown:
                missing.append((page.url_path, item.url_path))
            if model is AgendaPage:
                missing += [(page.url_path, label) for label, _, _ in rule.dates(item) if label not in dates]
    assert missing == []


def queries(world: World, model: type[Page]) -> list[str]:
    """Return the ways in which a list of this sort is narrowed; together they show all that it holds."""
    if model is AgendaPage:
        whole = ["", "past=1", "kind=event", "kind=deadline", "past=1&kind=deadline"]
        return whole + [f"campus={campus.slug}" for campus in world.campuses]
    if model is GuidanceIndexPage:
        return ["", *(f"need={need.pk}" for need in world.needs), "audience=etudiants", "audience=personnels"]
    if model is CataloguePage:
        return ["", "for=me", *BY, "family=1", "unit=X"]
    return [""]


def test_sections_and_their_menus_show_no_more_than_the_rule(rule: Rule, seeker: Seeker, told: set[str]) -> None:
    for page in rule.pages.values():
        if page.content_type.model not in {"sectionpage", "sectionsindexpage"} or opens(rule, seeker, page):
            continue
        for body in walk_pages_of(seeker, address(page)):
            assert words(body) <= told | words(address(page))  # a form of a password says where it was asked


def test_menus_hold_the_pages_for_the_reader(world: World, rule: Rule, seeker: Seeker) -> None:
    body, now = content(seeker.browser.get("/")), timezone.now()
    menu = re.search(r'<ul class="main-menu.*?</ul>', body, re.S)
    children = [
        p for p in rule.pages.values() if p.depth == 3 and p.path.startswith(world.french.path) and p.show_in_menus
    ]

    expected = [address(page) for page in children if rule.sees(seeker.who, page, now)]

    assert menu
    assert [url for url in re.findall(r'href="([^"]+)"', menu[0]) if url != "/"] == expected[:10]


def test_language_links_lead_where_the_reader_may_go(rule: Rule, seeker: Seeker) -> None:
    now, found = timezone.now(), 0
    for page in rule.visible(seeker.who, now):
        twins = [twin for twin in rule.twins[page.translation_key] if twin != page and not rule.is_mirror(twin)]
        if not twins or page.depth < 3:
            continue
        body = content(seeker.browser.get(address(page)))
        links = re.findall(r'<link rel="alternate" hreflang="\w+" href="(?:https?://[^/"]+)?([^"]+)"', body)
        for twin in twins:
            found += 1
            assert (address(twin) in links) == rule.sees(seeker.who, twin, now), (page.url_path, twin.url_path)


def test_feeds_and_calendars_tell_no_more_than_their_lists(rule: Rule, seeker: Seeker, told: set[str]) -> None:
    read = 0
    for page in rule.pages.values():
        suffixes = {NewsIndexPage: ["rss/", "atom/"], AgendaPage: CALENDARS, EventPage: ["agenda.ics"]}
        for suffix in suffixes.get(page.specific_class, []):
            if opens(rule, seeker, page):
                continue
            response = seeker.browser.get(address(page) + suffix)
            answer = rule.answer(seeker.who, page, timezone.now())
            assert response.status_code == {0: 200}.get(answer, answer), address(page)
            # Lines of a calendar are folded at 75 octets.
            assert words(content(response).replace("\r\n ", "")) - words(address(page)) <= told
            read += response.status_code == 200
    assert read or not rule.visible(seeker.who, timezone.now())


def test_the_sitemap_is_what_anyone_may_read(world: World, rule: Rule, seeker: Seeker) -> None:
    anyone = world.seekers[0]
    seen = rule.visible(anyone.who, timezone.now())
    expected = {address(page) for page in seen if page.translation_key not in world.retired}

    body = content(seeker.browser.get("/sitemap.xml"))

    assert set(re.findall(r"<loc>https?://[^/<]+([^<]*)</loc>", body)) == expected


def test_a_page_of_links_leads_only_where_the_reader_may_go(
    world: World, rule: Rule, seeker: Seeker, told: set[str]
) -> None:
    now = timezone.now()
    may = {address(page) for page in rule.visible(seeker.who, now)}
    files = {document.url for document in rule.documents.values() if rule.sees_document(seeker.who, document)}
    for page in (world.hub, world.board):
        response = seeker.browser.get(address(page))
        body = content(response)
        main = body[body.index("<main") : body.index("</main>")]
        urls = {url.replace("http://testserver", "") for url in re.findall(r'href="([^"#]+)"', main)}

        assert response.status_code == 200
        assert words(everything(response)) <= told
        assert files <= urls, page.pk
        # A link goes to the page in the reader's language when it has one.
        reached = {pk for pk, one in rule.pages.items() if one.depth > 1 and address(one) in urls}
        keys = {rule.pages[pk].translation_key for pk in reached}
        # One that is retired leads to what replaces it.
        gone = {world.hub.translation_key, world.board.translation_key} | world.retired
        linked = [one for one in rule.visible(seeker.who, now) if one.translation_key not in gone]
        assert {one.translation_key for one in linked} <= keys
        assert {url for url in urls if words(url)} <= may | files


def search_for(seeker: Seeker, text: str, language: str = "fr") -> HttpResponse:
    url = {"fr": "/recherche/", "en": "/en/search/", "es": "/es/buscar/"}[language]
    return seeker.browser.get(url, {"q": text})


def test_a_search_for_the_word_of_a_page_finds_it_or_nothing(
    world: World, rule: Rule, seeker: Seeker, told: set[str]
) -> None:
    nothing = search_for(seeker, ABSENT)
    wrong: list[tuple[object, ...]] = []
    pages = [page for page in rule.pages.values() if page.depth > 1 and page not in (world.hub, world.board)]
    # Each reader asks for some words, all readers for all of them several times over.
    for page in world.rand.sample(pages, min(40, len(pages))):
        here = rule.sees(seeker.who, page, timezone.now()) and "fr" in rule.shown_in(page) and not page.alias_of_id
        for word in words(page.title):
            response = search_for(seeker, word)
            if word not in told:
                if faceless(response, word) != faceless(nothing, ABSENT):
                    wrong.append((page.url_path, "told of"))
            elif leaked := words(content(response)) - told:
                wrong.append((page.url_path, leaked))
            elif here and address(page) not in content(response):
                wrong.append((page.url_path, "not found"))
    assert wrong == []


def test_a_search_for_a_common_word_counts_what_the_reader_may_see(rule: Rule, seeker: Seeker, told: set[str]) -> None:
    for language in LANGUAGES:
        response = search_for(seeker, COMMON, language)
        assert response.status_code == 200
        assert words(everything(response)) <= told
        body = content(response)
        counts = [int(number) for number in re.findall(r'chip__count">(\d+)<', body)]
        seen = rule.visible(seeker.who, timezone.now())
        most = len(seen) + sum(len(rule.dates(page)) for page in seen)
        most += len([one for one in rule.documents.values() if rule.sees_document(seeker.who, one)])
        most += len([one for one in rule.alerts.values() if rule.sees_alert(seeker.who, one, timezone.now())])
        assert counts
        assert max(counts) <= most
        for number in (2, 3, 99):
            more = seeker.browser.get(response.request["PATH_INFO"], {"q": COMMON, "page": number})
            assert words(everything(more)) <= told


def test_what_is_completed_and_narrowed_tells_no_more(world: World, rule: Rule, seeker: Seeker, told: set[str]) -> None:
    pages = [page for page in rule.pages.values() if page.depth > 1]
    asked = [word for page in world.rand.sample(pages, min(15, len(pages))) for word in words(page.title)]
    for word in [*asked, COMMON, COMMON[:3]]:
        for url in (
            "/suggestions.json",
            "/en/suggestions.json",
            "/es/suggestions.json",
            "/search.json",
            "/en/search.json",
        ):
            assert words(everything(seeker.browser.get(url, {"q": word}))) - words(word) <= told
        for choice in ({"unit": "X00"}, {"period": "year"}, {"sort": "newest"}, {"kind": "page", "period": "coming"}):
            narrowed = seeker.browser.get("/recherche/", {"q": word, **choice})
            assert words(everything(narrowed)) - words(word) <= told


def test_redirects_left_behind_tell_nobody_where_a_page_went(
    world: World, rule: Rule, seeker: Seeker, told: set[str]
) -> None:
    followed = 0
    for url in world.left:
        response = seeker.browser.get(url)
        followed += response.status_code == 301
        if response.status_code == 301:
            path = re.sub("^http://[^/]+", "", response["Location"])
            target = next(page for page in rule.pages.values() if page.depth > 1 and address(page) == path)
            assert rule.sees(seeker.who, target, timezone.now())
            assert "private" in response["Cache-Control"]
        else:
            assert words(everything(response)) - words(url) <= told
    assert followed or seeker.name != "of all"


def test_files_are_for_those_who_may_know_of_the_document(rule: Rule, seeker: Seeker, told: set[str]) -> None:
    for document in rule.documents.values():
        may = rule.sees_document(seeker.who, document)
        for ask in (seeker.browser.get, seeker.browser.head):
            response = ask(document.url)
            assert (response.status_code == 200 and response.streaming) == may, document.title
        marked = seeker.browser.get(document.url, headers={"If-None-Match": f'"{document.get_file_hash()}"'})
        assert (marked.status_code == 304) == may
        if not may:
            assert words(everything(seeker.browser.get(document.url))) <= told | words(document.url)
    for document in rule.documents.values():
        if rule.sees_document(seeker.who, document):
            continue
        response = seeker.browser.get(document.url)
        absent = "9" * len(str(document.pk))
        if response.status_code == 404 and int(absent) not in rule.documents:
            other = seeker.browser.get(f"/documents/{absent}/{document.filename}")
            assert faceless(response, f"/{document.pk}/") == faceless(other, f"/{absent}/")


@pytest.mark.parametrize("prefix", ["", "/en", "/es"])
def test_the_form_of_a_password_speaks_of_no_page(rule: Rule, seeker: Seeker, told: set[str], prefix: str) -> None:
    restrictions = list(PageViewRestriction.objects.filter(restriction_type="password")[:6])
    for restriction in restrictions:
        some = [page for page in rule.pages.values() if page.depth > 2][::9]
        for page in [*some, rule.pages[restriction.page_id]]:
            url = f"{prefix}/_util/authenticate_with_password/{restriction.pk}/{page.pk}/"
            unmet = rule.answer(seeker.who, page, timezone.now())
            for response in (
                seeker.browser.get(url),
                seeker.browser.post(url, {"password": "raté", "return_url": "/"}),
            ):
                assert words(everything(response)) <= told | words(address(page)), url
                # Who gave this password is led to the page.
                led = unmet == 200 and response.status_code == 302 and response["Location"] == page.get_url()
                assert response.status_code == 404 or (unmet == 0 and not prefix) or led


def test_previews_and_other_admin_addresses_are_for_editors(rule: Rule, seeker: Seeker, told: set[str]) -> None:
    if seeker.edits:
        pytest.skip("an editor")
    pages = [page.pk for page in rule.pages.values() if page.depth > 2][::11]
    for pk in pages:
        for url in (
            f"/admin/pages/{pk}/view_draft/",
            f"/admin/pages/{pk}/edit/",
            f"/admin/pages/{pk}/edit/preview/",
            f"/admin/pages/{pk}/history/",
            f"/admin/api/main/pages/{pk}/",
            f"/admin/reports/aging-pages/?pk={pk}",
        ):
            response = seeker.browser.get(url)
            assert response.status_code in {302, 403}, url
            assert words(everything(response)) <= told


@pytest.fixture
def later(time_machine: Any) -> Iterator[datetime]:
    """Two hours from now; what is kept of that time is forgotten, since no clock goes back."""
    moment = timezone.now() + timedelta(hours=2)
    time_machine.move_to(moment)
    yield moment
    cache.clear()


def test_a_scheduled_page_appears_and_an_expired_one_goes_without_any_task(
    world: World, rule: Rule, later: datetime
) -> None:
    seeker = next(one for one in world.seekers if one.name == "of all")

    wrong = [
        address(page)
        for page in rule.pages.values()
        if page.depth > 1
        and page not in (world.hub, world.board)
        and (seeker.browser.get(address(page)).status_code == 200) != rule.sees(seeker.who, page, later)
        and rule.answer(seeker.who, page, later) != 0
    ]

    assert wrong == []


def test_the_lists_of_each_kind_are_all_in_the_world(rule: Rule) -> None:
    models = {page.specific_class for page in rule.pages.values()}
    assert {NewsIndexPage, AgendaPage, GuidanceIndexPage, CataloguePage, *LISTS.values()} <= models
