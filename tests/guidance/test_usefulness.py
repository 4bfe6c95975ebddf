"""“Was this useful?”: asked of every reader of a fiche, kept without saying whose, read by those who write."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audience.models import Access
from guidance.answers import LONGEST_WORDS, MOST_IN_AN_HOUR, Answer, Reason
from tests.editing import WRITERS, edit_form, editors_of
from tests.factories import GuidanceIndexPageFactory, GuidancePageFactory, SectionPageFactory, UnitFactory
from tests.reading import soup

pytestmark = pytest.mark.django_db


@pytest.fixture
def fiche(guidance_index: Any) -> Any:
    return GuidancePageFactory(parent=guidance_index, title="S’inscrire", unit=UnitFactory())


def address(fiche: Any) -> str:
    return f"{fiche.url}useful/"


def kept() -> list[tuple[bool, str, str]]:
    return list(Answer.objects.order_by("pk").values_list("useful", "reason", "words"))


@pytest.mark.parametrize("signed_in", [False, True])
def test_a_reader_answers_with_the_form_of_the_page(sign_in: Any, fiche: Any, signed_in: bool) -> None:
    browser = Client(enforce_csrf_checks=True)
    if signed_in:
        browser.cookies = sign_in().cookies
    form = soup(browser.get(fiche.url)).select_one(".feedback form")
    token = form.select_one("[name=csrfmiddlewaretoken]")["value"]

    answer = browser.post(form["action"], {"csrfmiddlewaretoken": token, "useful": "yes", "website": ""})

    assert (answer.status_code, answer["Location"]) == (302, f"{fiche.url}#useful")
    assert kept() == [(True, "", "")]
    after = soup(browser.get(fiche.url)).select_one("#useful")
    assert after.select_one(".feedback__thanks")
    assert not after.select("form")


def test_a_reader_says_why_not(client: Client, fiche: Any) -> None:
    client.post(address(fiche), {"useful": "no", "reason": "incomplete", "words": "  Où\npayer ? "})

    assert kept() == [(False, "incomplete", "Où payer ?")]


def test_a_session_answers_once_about_a_page(client: Client, fiche: Any, guidance_index: Any) -> None:
    other = GuidancePageFactory(parent=guidance_index)

    for page, said in [(fiche, "yes"), (fiche, "no"), (other, "no")]:
        client.post(address(page), {"useful": said})
    Client().post(address(fiche), {"useful": "no"})

    assert list(Answer.objects.order_by("pk").values_list("page", "useful")) == [
        (fiche.pk, True), (other.pk, False), (fiche.pk, False),
    ]  # fmt: skip


def test_nothing_of_the_reader_is_kept_with_an_answer(sign_in: Any, fiche: Any) -> None:
    browser = sign_in(first_name="Ada", email="ada@valmont.example")

    browser.post(address(fiche), {"useful": "no"}, REMOTE_ADDR="192.0.2.7")

    (row,) = Answer.objects.values()
    assert set(row) == {"id", "page_id", "useful", "reason", "words", "hour"}
    assert (row["hour"].minute, row["hour"].second, row["hour"].microsecond) == (0, 0, 0)
    assert browser.session["answered"] == [fiche.pk]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Écrivez à ada.byron@valmont.example", "Écrivez à …"),
        ("Mon numéro est 22614873, rappelez", "Mon numéro est …, rappelez"),
        ("06 12 34 56 78 svp", "… svp"),
        ("Bâtiment A, salle 014", "Bâtiment A, salle 014"),
        ("x" * 900, "x" * LONGEST_WORDS),
        ("a\0b", "ab"),
    ],
)
def test_what_would_tell_who_writes_is_not_kept(client: Client, fiche: Any, written: str, shown: str) -> None:
    client.post(address(fiche), {"useful": "no", "words": written})

    assert kept() == [(False, "", shown)]


def test_words_come_with_no_only_and_a_reason_that_is_none_is_left_out(client: Client, fiche: Any) -> None:
    Client().post(address(fiche), {"useful": "yes", "reason": "wrong", "words": "Bravo"})
    client.post(address(fiche), {"useful": "no", "reason": "<script>", "words": "<b>gras</b>"})

    assert kept() == [(True, "", ""), (False, "", "<b>gras</b>")]


@pytest.mark.parametrize("given", [{}, {"useful": ""}, {"useful": "maybe"}, {"words": "Bonjour"}])
def test_what_is_no_answer_changes_nothing(client: Client, fiche: Any, given: dict[str, str]) -> None:
    answer = client.post(address(fiche), given)

    assert answer.status_code == 302
    assert kept() == []
    assert "answered" not in client.session


def test_of_a_machine_that_fills_in_every_field_nothing_is_kept(client: Client, fiche: Any) -> None:
    said = {"useful": "no", "website": "https://spam.example", "words": "Achetez"}

    answer = client.post(address(fiche), said)
    by_htmx = client.post(address(fiche), said, headers={"HX-Request": "true"})

    assert (answer.status_code, kept()) == (302, [])
    assert soup(by_htmx).select_one(".feedback__thanks")
    assert "sessionid" not in client.cookies


def test_a_flood_ends_and_its_last_is_told_so(client: Client, fiche: Any, guidance_index: Any) -> None:
    for _number in range(MOST_IN_AN_HOUR):
        Client().post(address(fiche), {"useful": "no"})

    refused = client.post(address(fiche), {"useful": "yes"}, follow=True)
    by_htmx = Client().post(address(fiche), {"useful": "yes"}, headers={"HX-Request": "true"})
    Client().post(address(GuidancePageFactory(parent=guidance_index)), {"useful": "yes"})

    assert Answer.objects.filter(page=fiche).count() == MOST_IN_AN_HOUR
    assert soup(refused).select_one(".notices")
    assert soup(refused).select_one(".feedback form")
    assert soup(by_htmx).select_one("[role=alert]")
    assert Answer.objects.exclude(page=fiche).count() == 1


def test_by_htmx_the_form_alone_comes_back(client: Client, fiche: Any) -> None:
    answer = client.post(address(fiche), {"useful": "yes"}, headers={"HX-Request": "true"})

    assert answer.status_code == 200
    assert answer.content.decode().lstrip().startswith("<section")
    assert soup(answer).select_one(".feedback__thanks[autofocus]")
    assert "no-store" in answer["Cache-Control"]
    assert kept() == [(True, "", "")]


def test_asked_with_get_the_form_is_on_its_page(client: Client, fiche: Any) -> None:
    answer = client.get(address(fiche))

    assert (answer.status_code, answer["Location"]) == (302, fiche.url)


def test_about_a_page_for_others_there_is_nothing_to_answer(
    client: Client, sign_in: Any, administrator: Client, guidance_index: Any, staff: Any
) -> None:
    hidden = GuidancePageFactory(parent=guidance_index, title="Congés", audiences=[staff], access=Access.RESERVED)
    absent = client.post(f"{guidance_index.url}nulle-part/useful/", {"useful": "yes"})

    for browser in (client, sign_in()):
        assert browser.post(address(hidden), {"useful": "yes"}).status_code == absent.status_code == 404
    assert administrator.post(address(hidden), {"useful": "yes"}).status_code == 404
    assert not soup(administrator.get(hidden.url)).select("#useful")
    assert kept() == []
    assert sign_in([staff]).post(address(hidden), {"useful": "yes"}).status_code == 302
    assert len(kept()) == 1


def test_while_seeing_as_another_nothing_is_asked_nor_sent(administrator: Client, fiche: Any) -> None:
    administrator.post(reverse("see_as"), {})

    assert not soup(administrator.get(fiche.url)).select("#useful")
    assert administrator.post(address(fiche), {"useful": "yes"}).status_code == 403
    assert kept() == []


def test_the_form_of_one_is_not_in_the_page_of_another(sign_in: Any, fiche: Any, kept_bodies: None) -> None:
    first, second = Client(), Client()
    first.get(fiche.url)
    first.post(address(fiche), {"useful": "yes"})

    assert soup(first.get(fiche.url)).select_one(".feedback__thanks")
    assert soup(second.get(fiche.url)).select_one(".feedback form")["action"] == address(fiche)


# What editors read


def answer(fiche: Any, useful: bool, reason: str = "", words: str = "", *, days: int = 0) -> None:
    hour = timezone.now() - timedelta(days=days)
    Answer.objects.create(page=fiche, useful=useful, reason=reason, words=words, hour=hour)


@pytest.fixture
def section(sections: Any) -> Any:
    return SectionPageFactory(parent=sections, title="UFR Sciences")


@pytest.fixture
def writer(sign_in: Any, section: Any) -> Client:
    browser: Client = sign_in(groups=(editors_of(section, rights=WRITERS),))
    return browser


def rows(browser: Client, **query: str) -> dict[str, list[str]]:
    table = soup(browser.get(reverse("guidance_usefulness"), query)).select("table.listing tbody tr")
    cells = [[cell.get_text(" ", strip=True) for cell in row.select("td")] for row in table]
    return {row[0]: row[1:] for row in cells}


def test_the_report_counts_the_answers_of_the_pages_one_may_edit(
    writer: Client, administrator: Client, section: Any, fiche: Any
) -> None:
    own = GuidancePageFactory(parent=GuidanceIndexPageFactory(parent=section), title="Mémoire")
    for useful, reason in [(True, ""), (False, "wrong"), (False, "wrong"), (False, "unclear")]:
        answer(own, useful, reason)
    answer(fiche, True)

    seen = rows(writer)

    assert list(seen) == ["Mémoire"]
    assert seen["Mémoire"][:3] == ["1", "3", "25 %"]
    assert seen["Mémoire"][3] == f"{Reason.WRONG.label} (2), {Reason.UNCLEAR.label} (1)"
    assert list(rows(administrator)) == ["Mémoire", "S’inscrire"]


def test_the_report_counts_the_answers_of_a_period(administrator: Client, fiche: Any) -> None:
    answer(fiche, True, days=40)
    answer(fiche, False, days=1)
    since = str(timezone.localdate() - timedelta(days=7))

    assert rows(administrator)["S’inscrire"][:2] == ["1", "1"]
    assert rows(administrator, period_from=since)["S’inscrire"][:2] == ["0", "1"]
    assert rows(administrator, period_to=since)["S’inscrire"][:2] == ["1", "0"]


def test_the_report_says_what_is_to_be_reviewed(administrator: Client, guidance_index: Any, fiche: Any) -> None:
    GuidancePageFactory(parent=guidance_index, title="Vieille", review_on=timezone.localdate() - timedelta(days=1))

    assert list(rows(administrator, overdue="true")) == ["Vieille"]
    assert "S’inscrire" in rows(administrator, overdue="false")


def test_the_report_goes_into_a_spreadsheet(administrator: Client, fiche: Any) -> None:
    answer(fiche, False, "wrong")

    sent = administrator.get(reverse("guidance_usefulness"), {"export": "csv"})
    _heading, row = csv.reader(io.StringIO(b"".join(sent.streaming_content).decode("utf-8-sig")))

    assert row[:3] == ["S’inscrire", "0", "1"]
    assert row[3:7] == ["0", "0", "1", "0"]


def test_ten_pages_cost_the_report_no_more_queries_than_one(
    administrator: Client, guidance_index: Any, fiche: Any, count_queries: Any
) -> None:
    ask = reverse("guidance_usefulness")
    administrator.get(ask)
    one = count_queries(administrator.get, ask)
    for page in GuidancePageFactory.create_batch(9, parent=guidance_index):
        answer(page, False, "wrong")
    administrator.get(ask)

    assert count_queries(administrator.get, ask) == one


def test_what_readers_said_is_for_those_who_may_edit_the_page(
    writer: Client, administrator: Client, client: Client, sign_in: Any, section: Any, fiche: Any
) -> None:
    own = GuidancePageFactory(parent=GuidanceIndexPageFactory(parent=section), title="Mémoire")
    answer(own, False, "unclear", "<b>Où</b> déposer ?")
    answer(fiche, False, "wrong", "Le lien est mort")
    ours, theirs = (reverse("guidance_answers", args=[page.pk]) for page in (own, fiche))

    assert "&lt;b&gt;Où&lt;/b&gt; déposer ?" in writer.get(ours).content.decode()
    assert writer.get(theirs).status_code == 404
    assert "Le lien est mort" in administrator.get(theirs).content.decode()
    for outside in (client, sign_in()):
        for ask in (ours, reverse("guidance_usefulness")):
            refused = outside.get(ask)
            assert refused.status_code in {302, 403, 404}
            assert "Mémoire" not in refused.content.decode()


def test_the_editor_of_a_page_shows_its_answers_and_that_its_review_is_due(administrator: Client, fiche: Any) -> None:
    fiche.review_on = timezone.localdate() - timedelta(days=3)
    fiche.save()
    answer(fiche, True)
    answer(fiche, False, "wrong", "Le lien est mort")
    address, _form = edit_form(administrator, fiche)

    shown = administrator.get(address).content.decode()

    assert "Le lien est mort" in shown
    assert str(Reason.WRONG.label) in shown
    assert 'class="help-block help-warning"' in shown
    assert reverse("guidance_answers", args=[fiche.pk]) in shown
