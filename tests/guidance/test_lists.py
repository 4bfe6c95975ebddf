"""The list of fiches: needs in the editors' order, what is timely on top, what is the reader's own first."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audience.models import Access, Kind
from guidance.models import GuidancePage
from guidance.needs import Need
from tests.dates import dates_block
from tests.factories import AudienceFactory, GuidancePageFactory, UnitFactory
from tests.reading import part, soup, titles

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")


def fiche(index: Any, title: str, need: Need | None = None, **more: Any) -> Any:
    return GuidancePageFactory(parent=index, title=title, need=need, **more)


def shelves(answer: Any) -> list[str]:
    return [heading.get_text() for heading in soup(answer).select('main section[aria-labelledby^="need-"] h2')]


@pytest.fixture
def needs(db: None) -> list[Need]:
    return [Need.objects.create(name=name) for name in ("Je pars à l’étranger", "Je m’inscris", "Je suis malade")]


def test_needs_stand_in_the_order_their_editors_gave_them(
    client: Client, administrator: Client, guidance_index: Any, needs: list[Need], kept_bodies: None
) -> None:
    for need in needs:
        fiche(guidance_index, f"Fiche {need.pk}", need)
    fiche(guidance_index, "Divers")
    assert shelves(client.get(guidance_index.url))[:3] == [need.name for need in needs]

    moved = reverse(Need.snippet_viewset.get_url_name("reorder"), args=[needs[2].pk])
    assert administrator.post(f"{moved}?position=0").status_code == 200

    assert shelves(client.get(guidance_index.url))[:3] == [needs[n].name for n in (2, 0, 1)]


def test_a_need_is_named_in_the_readers_language(
    client: Client, guidance_index: Any, english_home: Any, needs: list[Need]
) -> None:
    needs[1].name_en = "I enrol"
    needs[1].save()
    page = fiche(guidance_index, "S’inscrire", needs[1])
    english = page.copy_for_translation(english_home.locale, copy_parents=True)
    english.save_revision().publish()

    assert shelves(client.get(guidance_index.url)) == ["Je m’inscris"]
    assert shelves(client.get(english.get_parent().url)) == ["I enrol"]


def test_a_need_renamed_is_found_and_shown_by_its_new_words(
    client: Client, guidance_index: Any, needs: list[Need], kept_bodies: None
) -> None:
    fiche(guidance_index, "Erasmus", needs[0])
    client.get(guidance_index.url)
    needs[0].name = "Je voyage"
    needs[0].save()

    assert shelves(client.get(guidance_index.url)) == ["Je voyage"]
    assert titles(client.get("/recherche/", {"q": "voyage"})) == ["Erasmus"]
    assert titles(client.get("/recherche/", {"q": "étranger"})) == []


def test_a_need_in_use_is_not_deleted(guidance_index: Any, needs: list[Need]) -> None:
    fiche(guidance_index, "Erasmus", needs[0])

    with pytest.raises(ProtectedError):
        needs[0].delete()


def test_the_list_is_narrowed_to_a_need(client: Client, guidance_index: Any, needs: list[Need]) -> None:
    for title, need in [("Erasmus", needs[0]), ("Payer", needs[1]), ("Divers", None)]:
        fiche(guidance_index, title, need)

    page = client.get(guidance_index.url, {"need": needs[1].pk})

    assert titles(page) == ["Payer"]
    (current,) = [link["href"] for link in soup(page).select('.choices [aria-current="true"]')]
    assert current == f"{guidance_index.url}?need={needs[1].pk}"
    for nonsense in ("0", "-1", "9" * 30, "²", "x", "99999"):
        assert len(titles(client.get(guidance_index.url, {"need": nonsense}))) == 3


def test_what_is_recommended_to_the_reader_comes_first_within_each_need(
    sign_in: Any, client: Client, guidance_index: Any, needs: list[Need], students: Any, staff: Any
) -> None:
    fiche(guidance_index, "Avant tout", needs[0])
    fiche(guidance_index, "Bourses", needs[0], audiences=[students])
    fiche(guidance_index, "Congés", needs[0], audiences=[staff])
    fiche(guidance_index, "Amphis", needs[1], audiences=[staff])

    assert titles(client.get(guidance_index.url)) == ["Avant tout", "Bourses", "Congés", "Amphis"]
    assert titles(sign_in([students]).get(guidance_index.url)) == ["Bourses", "Avant tout", "Congés", "Amphis"]
    assert titles(sign_in([staff]).get(guidance_index.url)) == ["Congés", "Avant tout", "Bourses", "Amphis"]


def test_anyone_narrows_the_list_to_a_status_and_those_within_it(
    client: Client, guidance_index: Any, students: Any, staff: Any
) -> None:
    first_year = AudienceFactory(slug="l1", name="L1", kind=Kind.LEVEL, broader=students)
    AudienceFactory(slug="anciens", name="Anciens", kind=Kind.STATUS)
    AudienceFactory(slug="retire", name="Retiré", kind=Kind.STATUS, retired=True)
    fiche(guidance_index, "Pour tous")
    fiche(guidance_index, "Bourses", audiences=[students])
    fiche(guidance_index, "Tutorat", audiences=[first_year])
    fiche(guidance_index, "Congés", audiences=[staff])

    page = client.get(guidance_index.url)

    offered = [link.get_text() for link in soup(page).select(".choices__link")][1:]
    assert offered == ["Étudiants", "Personnels"]
    assert titles(client.get(guidance_index.url, {"audience": "etudiants"})) == ["Bourses", "Pour tous", "Tutorat"]
    assert titles(client.get(guidance_index.url, {"audience": "personnels"})) == ["Congés", "Pour tous"]
    for unknown in ("l1", "retire", "anciens", "x"):
        assert len(titles(client.get(guidance_index.url, {"audience": unknown}))) == 4


def test_a_status_named_only_by_what_is_reserved_is_not_offered_to_others(
    client: Client, sign_in: Any, guidance_index: Any, staff: Any
) -> None:
    fiche(guidance_index, "Pour tous")
    fiche(guidance_index, "Congés", audiences=[staff], access=Access.RESERVED)

    assert "Personnels" not in soup(client.get(guidance_index.url)).main.get_text()
    assert titles(client.get(guidance_index.url, {"audience": "personnels"})) == ["Pour tous"]
    assert set(titles(sign_in([staff]).get(guidance_index.url, {"audience": "personnels"}))) == {"Congés", "Pour tous"}


@pytest.mark.parametrize(
    ("months", "timely"),
    [((9, 10), [9, 10]), ((11, 2), [11, 12, 1, 2]), ((5, 5), [5]), ((1, 12), list(range(1, 13))), ((12, 1), [12, 1])],
)
def test_a_season_holds_its_months_and_crosses_the_new_year(
    client: Client, guidance_index: Any, months: tuple[int, int], timely: list[int]
) -> None:
    fiche(guidance_index, "Erasmus", season_from=months[0], season_to=months[1])
    fiche(guidance_index, "Sans saison")

    def shown(month: int) -> list[str]:
        with time_machine.travel(datetime(2027, month, 15, 12, tzinfo=PARIS), tick=False):
            return part(client.get(guidance_index.url), "timely")

    assert [month for month in range(1, 13) if shown(month) == ["Erasmus"]] == sorted(timely)


def test_what_is_timely_for_others_is_not_on_top(
    sign_in: Any, client: Client, guidance_index: Any, students: Any, staff: Any
) -> None:
    season = {"season_from": 1, "season_to": 12}
    fiche(guidance_index, "Bourses", audiences=[students], **season)
    fiche(guidance_index, "Congés", audiences=[staff], **season)
    fiche(guidance_index, "Pour tous", **season)

    assert part(client.get(guidance_index.url), "timely") == ["Pour tous"]
    assert part(sign_in([students]).get(guidance_index.url), "timely") == ["Bourses", "Pour tous"]


def test_a_list_kept_for_readers_alike_ends_when_a_season_begins(
    client: Client, guidance_index: Any, kept_bodies: None
) -> None:
    fiche(guidance_index, "Erasmus", season_from=12, season_to=2)

    with time_machine.travel(datetime(2026, 11, 30, 23, 59, tzinfo=PARIS), tick=False):
        before = part(client.get(guidance_index.url), "timely")
    with time_machine.travel(datetime(2026, 12, 1, 0, 0, 1, tzinfo=PARIS), tick=False):
        after = part(client.get(guidance_index.url), "timely")

    assert (before, after) == ([], ["Erasmus"])


def test_a_season_has_both_its_ends(guidance_index: Any) -> None:
    for months, missing in [({"season_from": 9}, "season_to"), ({"season_to": 9}, "season_from")]:
        with pytest.raises(ValidationError) as refused:
            guidance_index.add_child(instance=GuidancePage(title="Erasmus", slug="erasmus", **months))
        assert set(refused.value.message_dict) == {missing}


def test_ten_fiches_of_ten_needs_and_audiences_cost_no_more_queries_than_one(
    client: Client, guidance_index: Any, needs: list[Need], count_queries: Any
) -> None:
    fiche(guidance_index, "Première", needs[0], audiences=[AudienceFactory()], season_from=1, season_to=12)
    client.get(guidance_index.url)
    one = count_queries(client.get, guidance_index.url)
    for number in range(9):
        need = Need.objects.create(name=f"Besoin {number}")
        fiche(guidance_index, f"Fiche {number}", need, audiences=[AudienceFactory()], season_from=1, season_to=12)
    client.get(guidance_index.url)

    assert count_queries(client.get, guidance_index.url) == one


# One fiche


def test_a_fiche_says_who_made_sure_of_it_and_when(client: Client, guidance_index: Any) -> None:
    today = timezone.localdate()
    page = fiche(guidance_index, "Payer", unit=UnitFactory(name="Scolarité"), checked_on=today)

    facts = soup(client.get(page.url)).select_one(".page-facts")

    assert facts.select_one("time")["datetime"] == str(today)
    assert "Scolarité" in facts.span.get_text()


def test_a_fiche_shows_its_next_key_date_and_no_other(client: Client, guidance_index: Any) -> None:
    today = timezone.localdate()
    block = dates_block(
        ("Ouverture", today - timedelta(days=3)),
        ("Clôture", today + timedelta(days=9), "17:00"),
        ("Rappel", today),
    )
    page = fiche(guidance_index, "Payer", body=[block])
    other = fiche(guidance_index, "Rien", body=[dates_block(("Ouverture", today - timedelta(days=3)))])

    shown = soup(client.get(page.url)).select(".callout[data-state=deadline]")

    assert [callout.select_one(".callout__title").get_text(strip=True) for callout in shown] == ["Rappel"]
    assert not soup(client.get(other.url)).select(".callout")


@pytest.mark.parametrize("steps", [True, False])
def test_the_script_of_steps_comes_with_steps_alone(client: Client, guidance_index: Any, steps: bool) -> None:
    said = [("step", {"title": "Payer", "text": ""})] if steps else []
    page = soup(client.get(fiche(guidance_index, "Payer", steps=said).url))

    assert bool(page.select('script[src$="js/steps.js"]')) == steps
    assert bool(page.select("[data-ticks]")) == steps
    assert not page.select("input[type=checkbox]")  # boxes come with the script that keeps them
