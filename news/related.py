"""What to read after a news."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from audience.reader import Reader
from content.entry import Kind
from search.entries import entries_for
from search.models import Entry

if TYPE_CHECKING:
    from news.models import NewsPage

HERE, ANYWHERE = 24, 60  # how many of the newest are compared: of the page's own list, and of the portal


class Candidate(NamedTuple):
    """What of an entry says how near it is."""

    pk: int
    topics: list[str]
    category: int | None
    unit: int | None
    path: str


def related_news(page: NewsPage, *, reader: Reader, limit: int = 3) -> list[Entry]:
    """Return news to read next: what shares a topic or the category, then what its unit published, then its own list.

    Within each, those of its own list before others and the newest first; nothing that is recommended to others. Four
    queries, whatever the number of news.
    """
    news = entries_for(reader).of_kind(Kind.NEWS).meant_for(reader).exclude(translation_key=page.translation_key)
    news = news.listed_in(reader.language).newest_first()
    fields = ("pk", "topics", "category", "unit_id", "path")
    own_list = page.path[: -page.steplen]
    found: dict[int, Candidate] = {}
    for some in (news.below(own_list)[:HERE], news[:ANYWHERE]):
        found |= {row[0]: Candidate(*row) for row in some.values_list(*fields)}
    topics = {topic.slug for topic in page.topics.all()}

    def nearness(other: Candidate) -> int:
        if topics.intersection(other.topics) or (page.category_id and other.category == page.category_id):
            return 0
        if page.unit_id and other.unit == page.unit_id:
            return 1
        return 2 if other.path.startswith(own_list) else 3

    chosen = [one.pk for one in sorted(found.values(), key=nearness) if nearness(one) < 3][:limit]
    read = entries_for(reader).in_bulk(chosen)
    return [read[pk] for pk in chosen if pk in read]
