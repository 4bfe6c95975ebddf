"""The lists of home are a budget: the narrowest audience first, two of one unit, nothing old unless it is pinned."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from audience.models import Audience, Kind
from events.models import EventKind
from tests.factories import (
    AnnouncementPageFactory,
    AudienceFactory,
    EventPageFactory,
    GuidancePageFactory,
    NewsIndexPageFactory,
    NewsPageFactory,
    SectionPageFactory,
    ServicePageFactory,
    UnitFactory,
)
from tests.reading import part, soup

pytestmark = pytest.mark.django_db


def aged(days: int) -> date:
    return timezone.localdate() - timedelta(days=days)


@pytest.fixture
def science(db: None) -> Audience:
    return AudienceFactory(name="UFR Sciences", kind=Kind.UNIT)


def test_the_narrowest_audience_comes_first_then_the_status_then_everyone(
    sign_in: Any, news_index: Any, catalogue: Any, guidance_index: Any, students: Audience, science: Audience
) -> None:
    for factory, parent in (
        (NewsPageFactory, news_index),
        (AnnouncementPageFactory, news_index),
        (ServicePageFactory, catalogue),
        (GuidancePageFactory, guidance_index),
    ):
        factory(parent=parent, title="Étudiants en sciences", audiences=[students, science])
        factory(parent=parent, title="Tout le monde")
        factory(parent=parent, title="Étudiants", audiences=[students])
    page = sign_in([students, science]).get("/")

    for heading in ("news", "announcements", "services", "guides"):
        assert part(page, heading) == ["Étudiants en sciences", "Étudiants", "Tout le monde"], heading


def test_a_unit_among_alternatives_is_narrow_and_a_narrower_status_is_a_status(
    sign_in: Any, news_index: Any, students: Audience, science: Audience
) -> None:
    doctoral = AudienceFactory(kind=Kind.STATUS, broader=students)
    letters = AudienceFactory(kind=Kind.UNIT)
    NewsPageFactory(parent=news_index, title="Deux UFR", audiences=[science, letters], published_on=aged(3))
    NewsPageFactory(parent=news_index, title="Doctorants", audiences=[doctoral, students], published_on=aged(1))

    assert part(sign_in([doctoral, science]).get("/"), "news") == ["Deux UFR", "Doctorants"]


def test_at_most_two_are_of_one_unit_or_of_one_section(
    sign_in: Any, news_index: Any, sections: Any, students: Audience, science: Audience
) -> None:
    unit, section = UnitFactory(), NewsIndexPageFactory(parent=SectionPageFactory(parent=sections))
    for number in range(4):
        NewsPageFactory(parent=news_index, title=f"Unité {number}", audiences=[science], unit=unit)
        NewsPageFactory(parent=section, title=f"Rubrique {number}", audiences=[students])
        NewsPageFactory(parent=news_index, title=f"Portail {number}")

    page = sign_in([students, science]).get("/")

    assert part(page, "news") == ["Unité 3", "Unité 2", "Rubrique 3", "Rubrique 2", "Portail 3"]


def test_announcements_and_events_are_two_of_one_unit_and_deadlines_are_all_told(
    sign_in: Any, news_index: Any, agenda: Any
) -> None:
    unit, now = UnitFactory(), timezone.now()
    for number in range(4):
        AnnouncementPageFactory(parent=news_index, title=f"Annonce {number}", unit=unit)
        at = now + timedelta(days=number + 1)
        EventPageFactory(parent=agenda, title=f"Rencontre {number}", unit=unit, starts_at=at, ends_at=None)
        deadline = {"kind": EventKind.DEADLINE, "starts_at": at, "ends_at": None}
        EventPageFactory(parent=agenda, title=f"Échéance {number}", unit=unit, **deadline)

    page = sign_in().get("/")

    assert part(page, "announcements") == ["Annonce 3", "Annonce 2"]
    assert part(page, "events") == ["Rencontre 0", "Rencontre 1"]
    assert part(page, "deadlines") == [f"Échéance {number}" for number in range(4)]


def test_nothing_is_older_than_fourteen_days_unless_it_is_pinned(
    client: Any, sign_in: Any, news_index: Any, students: Audience
) -> None:
    soon = timezone.now() + timedelta(hours=1)
    NewsPageFactory(parent=news_index, title="Quatorze jours", published_on=aged(14))
    NewsPageFactory(parent=news_index, title="Quinze jours", audiences=[students], published_on=aged(15))
    NewsPageFactory(parent=news_index, title="Épinglée", published_on=aged(90), pinned_until=soon)
    NewsPageFactory(parent=news_index, title="Aussi", published_on=aged(80), pinned_until=soon)

    expected = ["Aussi", "Épinglée", "Quatorze jours"]
    assert part(sign_in([students]).get("/"), "news") == expected
    assert part(client.get("/"), "news") == expected


def test_one_that_is_pinned_stands_on_top_and_the_others_before_their_like(
    sign_in: Any, news_index: Any, science: Audience
) -> None:
    soon = {"published_on": aged(30), "pinned_until": timezone.now() + timedelta(hours=1)}
    NewsPageFactory(parent=news_index, title="Général épinglé", **soon)
    NewsPageFactory(parent=news_index, title="Sciences épinglé", audiences=[science], **soon)
    NewsPageFactory(parent=news_index, title="Sciences", audiences=[science])
    NewsPageFactory(parent=news_index, title="Général")

    expected = ["Sciences épinglé", "Sciences", "Général épinglé", "Général"]
    assert part(sign_in([science]).get("/"), "news") == expected


def test_the_readers_own_date_comes_next_however_many_others_come_before(
    sign_in: Any, agenda: Any, science: Audience
) -> None:
    now = timezone.now()
    for number in range(12):
        EventPageFactory(parent=agenda, starts_at=now + timedelta(hours=number + 1), ends_at=None)
    for title, days in (("Soutenance", 9), ("Jury", 10)):
        mine = {"starts_at": now + timedelta(days=days), "ends_at": None}
        EventPageFactory(parent=agenda, title=title, audiences=[science], **mine)

    page = sign_in([science]).get("/")

    assert soup(page).select_one(".next-slab__title").get_text() == "Soutenance"
    assert "Jury" in part(page, "events")  # what the slab says is not said again


def test_a_quiet_fortnight_is_said_and_leads_to_all_the_news(sign_in: Any, news_index: Any) -> None:
    NewsPageFactory(parent=news_index, published_on=aged(40))

    news = soup(sign_in().get("/")).select_one('section[aria-labelledby="news"]')

    assert "deux semaines" in news.get_text()
    assert news.select_one(".section-head__more")["href"] == "/actualites/"
