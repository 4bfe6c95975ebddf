"""What each reader is shown by Elasticsearch is within the rule: results, counts, facets, suggestions, corrections."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.utils import timezone

from search.steering import Promotion
from tests.leaks.answers import content, everything
from tests.leaks.rule import Rule
from tests.leaks.world import COMMON, World, words

PAGES, READERS, ASKED = 40, 6, 1
ADDRESSES = {"fr": "/recherche/", "en": "/en/search/"}


def test_no_reader_is_told_of_what_is_not_for_them(db: None, index: Callable[[], None]) -> None:
    world = World(seed=20263, pages=PAGES, readers=READERS).build()
    rule = Rule()
    pages = [page for page in rule.pages.values() if page.depth > 1]
    for page in world.rand.sample(pages, 10):  # whatever an editor promotes
        promotion: Any = Promotion(page=page, questions=COMMON)
        promotion.save()
    index()

    wrong: list[tuple[object, ...]] = []
    for seeker in world.seekers:
        told = world.told(rule, seeker)
        seen = rule.visible(seeker.who, timezone.now())
        most = len(seen) + sum(len(rule.dates(page)) for page in seen) + len(rule.documents) + len(rule.alerts)
        asked = {word for page in world.rand.sample(pages, ASKED) for word in words(page.title)}
        for word in [*sorted(asked), COMMON]:
            spoilt = word[:3] + word[4:]  # as close to a word that is not theirs as a correction looks for
            for text in (word, spoilt, f"« {word} »"):
                for address in (*ADDRESSES.values(), "/suggestions.json", "/search.json"):
                    response = seeker.browser.get(address, {"q": text})
                    assert response.status_code == 200
                    leaked = words(everything(response)) - words(text) - told
                    counts = [int(n) for n in re.findall(r'__count">(\d+)<', content(response))]
                    if leaked or max(counts, default=0) > most or "moteur de secours" in content(response):
                        wrong.append((seeker.name, address, text, leaked, counts[:3]))
            narrowed = seeker.browser.get("/recherche/", {"q": word, "period": "year", "sort": "newest"})
            if leaked := words(everything(narrowed)) - words(word) - told:
                wrong.append((seeker.name, "narrowed", word, leaked))
    assert wrong == []
