"""What to read after a news."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from audience.reader import Reader
from content.entry import Kind
from search.compiled import Fixed, compiled
from search.entries import entries_for, entries_of
from search.models import Entry

if TYPE_CHECKING:
    from news.models import NewsPage

HERE, ANYWHERE = 24, 60  # how many of the newest are compared: of the page's own list, and of the portal


class Candidate(NamedTuple):
    """What of an entry says how near it is."""

    pk: int
    topics: list[str]
    category: int | None
    unit_id: int | None
    path: str


def related_news(page: NewsPage, *, reader: Reader, limit: int = 3) -> list[Entry]:
    """Return news to read next: what shares a topic or the category, then what its unit published, then its own list.

    Within each, those of its own list before others and the newest first; nothing that is recommended to others. Four
    queries, whatever the number of news.
    """
    own_list = page.path[: -page.steplen]
    found: dict[int, Candidate] = {}
    for rows in (
        _candidates(reader, page.translation_key, own_list, Fixed(HERE)),
        _candidates(reader, page.translation_key, "", Fixed(ANYWHERE)),
    ):
        found |= {row[0]: Candidate(*row) for row in rows}
    topics = {topic.slug for topic in page.topics.all()}

    def nearness(other: Candidate) -> int:
        if topics.intersection(other.topics) or (page.category_id and other.category == page.category_id):
            return 0
        if page.unit_id and other.unit_id == page.unit_id:
            return 1
        return 2 if other.path.startswith(own_list) else 3

    chosen = [one.pk for one in sorted(found.values(), key=nearness) if nearness(one) < 3][:limit]
    read = entries_of(reader, tuple(chosen))
    return [read[pk] for pk in chosen if pk in read]


@compiled
def _candidates(reader: Reader, key: UUID, path: str, number: Fixed) -> QuerySet[Any, tuple[Any, ...]]:
    """Ask for the newest news but those of translation key `key`: below a path, or anywhere."""
    news = entries_for(reader).of_kind(Kind.NEWS).meant_for(reader).exclude(translation_key=key)
    news = news.listed_in(reader.language).newest_first()
    return (news.below(path) if path else news).values_list(*Candidate._fields)[: number.value]
