"""The admin screens of audiences and rules, through HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from audience.claims import known_attributes
from audience.models import Access, Audience, Condition, Kind, KnownReader, Rule
from audience.services import remember
from tests.factories import AudienceFactory, NewsPageFactory, ReaderFactory
from tests.reading import said, soup

pytestmark = pytest.mark.django_db
RULES, AUDIENCES = "/admin/audience/rule/", "/admin/audience/audience/"
STUDENT = {"eduPersonAffiliation": ["student", "member"], "supannEtuCursusAnnee": "{SUPANN}L2"}


def rule_form(audience: Audience, *conditions: tuple[str, str, str]) -> dict[str, str]:
    rows = [{"attribute": name, "operator": how, "values": values} for name, how, values in conditions]
    return nested_form_data({"audience": audience.pk, "conditions": inline_formset(rows)})


def known(*claims: dict[str, Any]) -> list[Any]:
    return [remember(ReaderFactory(), one) for one in claims]


@pytest.fixture
def editor(sign_in: Any) -> Client:
    """A browser of an editor who may write pages, and no rules."""
    group = Group.objects.create(name="Rédaction")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    return sign_in(groups=(group,))


def test_an_administrator_makes_a_rule_and_readers_already_known_are_in_it(
    administrator: Client, students: Audience
) -> None:
    (reader,) = known(STUDENT)

    answer = administrator.post(
        f"{RULES}create/", rule_form(students, ("affiliation", "in", "student"), ("level", "not_in", "L1, M1"))
    )

    assert answer.status_code == 302
    rule = Rule.objects.get()
    assert [str(one) for one in rule.conditions.all()] == ["Affiliation est student", "Niveau n’est pas L1 ou M1"]
    reader.refresh_from_db()
    assert reader.positions == f"[[{students.pk}]]"
    assert "Niveau n’est pas L1 ou M1" in administrator.get(RULES).content.decode()


def test_an_attribute_nobody_knows_is_refused_with_those_that_are(administrator: Client, students: Audience) -> None:
    answer = administrator.post(f"{RULES}create/", rule_form(students, ("shoesize", "in", "42")))

    page = soup(answer).get_text(" ")
    assert answer.status_code == 200
    assert "« shoesize » n’est pas un attribut que le portail connaît." in page
    assert "affiliation, campus, corps" in page
    assert not Rule.objects.exists()


@pytest.mark.parametrize(
    "conditions",
    [(), (("affiliation", "in", ""),), (("affiliation", "in", " , "),), (("affiliation", "like", "student"),)],
)
def test_a_rule_that_would_match_nobody_or_is_not_understood_is_refused(
    administrator: Client, students: Audience, conditions: Any
) -> None:
    answer = administrator.post(f"{RULES}create/", rule_form(students, *conditions))

    assert answer.status_code == 200
    assert soup(answer).select(".w-field__errors, .error-message, .messages")
    assert not Rule.objects.exists()


def test_the_form_offers_the_attributes_and_counts_as_one_types(administrator: Client) -> None:
    page = soup(administrator.get(f"{RULES}create/"))

    # The first row is drawn; those that are added come from a template.
    offered = [option["value"] for option in page.select("select[name=conditions-0-attribute] option")]
    assert offered == ["", *known_attributes()]
    assert page.select_one("[data-rule-count]")["data-rule-count"] == reverse("rule_count")
    assert page.select_one('script[src$="admin/audience.js"]')


def test_a_condition_taken_from_a_rule_widens_it_for_readers_at_once(administrator: Client, students: Audience) -> None:
    (reader,) = known(STUDENT)
    rule = Rule.objects.create(audience=students)
    kept = Condition.objects.create(rule=rule, attribute="affiliation", values="student")
    gone = Condition.objects.create(rule=rule, attribute="level", values="L1")
    reader.refresh_from_db()
    assert reader.positions == "[[]]"

    rows = [
        {
            "id": one.pk,
            "attribute": one.attribute,
            "operator": "in",
            "values": one.values,
            "DELETE": "on" if drop else "",
        }
        for one, drop in ((kept, False), (gone, True))
    ]
    sent = nested_form_data({"audience": students.pk, "conditions": inline_formset(rows, initial=2)})
    assert administrator.post(f"{RULES}edit/{rule.pk}/", sent).status_code == 302

    reader.refresh_from_db()
    assert reader.positions == f"[[{students.pk}]]"


def test_a_rule_that_is_removed_leaves_its_readers(administrator: Client, students: Audience) -> None:
    (reader,) = known(STUDENT)
    rule = Rule.objects.create(audience=students)
    Condition.objects.create(rule=rule, attribute="affiliation", values="student")

    administrator.post(f"{RULES}delete/{rule.pk}/")

    reader.refresh_from_db()
    assert reader.positions == "[[]]"


def test_the_count_is_of_known_readers_who_match(administrator: Client) -> None:
    known(STUDENT, STUDENT, {"eduPersonAffiliation": "staff"})
    asked = {"attribute": ["affiliation", "level"], "operator": ["in", "in"], "values": ["student", "l2"]}

    answer = administrator.get(reverse("rule_count"), asked).json()

    assert answer["sentence"] == "2 lecteurs connus"
    assert answer["values"] == {"affiliation": ["member", "staff", "student"], "level": ["L2"]}


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"attribute": "affiliation"},
        {"attribute": ["affiliation", "level"], "operator": ["in", "in"], "values": ["student", ""]},
        {"attribute": "", "operator": "in", "values": "student"},
    ],
)
def test_conditions_still_incomplete_match_nobody(administrator: Client, asked: dict[str, Any]) -> None:
    known(STUDENT)

    answer = administrator.get(reverse("rule_count"), asked).json()

    assert answer["sentence"] == said("A rule without complete conditions matches nobody.")


@pytest.mark.parametrize(
    "asked",
    [
        {"attribute": "shoesize", "operator": "in", "values": "42"},
        {"attribute": "affiliation", "operator": "drop table", "values": "'; --"},
        {"attribute": ["affiliation"] * 200, "operator": ["in"] * 3, "values": ["x" * 5000] * 200},
    ],
)
def test_the_count_takes_whatever_is_typed(administrator: Client, asked: dict[str, Any]) -> None:
    known(STUDENT)

    answer = administrator.get(reverse("rule_count"), asked)

    assert answer.status_code == 200
    assert answer.json()["sentence"]


def test_pasted_claims_say_which_audiences_follow_and_by_which_rule(administrator: Client, students: Audience) -> None:
    second = AudienceFactory(name="L2", kind=Kind.LEVEL, broader=students)
    rule = Rule.objects.create(audience=second)
    Condition.objects.create(rule=rule, attribute="level", values="L2")
    pasted = '{"eduPersonAffiliation": "student", "supannEtuCursusAnnee": ["{SUPANN}L2"], "given_name": "Inès"}'

    page = soup(administrator.post(reverse("try_claims"), {"claims": pasted}))
    rows = [[cell.get_text() for cell in row.select("td")] for row in page.select("table.listing tbody tr")]

    assert ["L2", "Niveau est L2"] in rows
    assert ["Étudiants", "L2"] in rows
    assert "Inès" not in page.select_one("table.listing").get_text()


@pytest.mark.parametrize("pasted", ["{", "[1, 2]", '"student"', "null", "", "x" * 20_001, "NaN", '{"a": ' * 2000])
def test_what_is_no_claims_is_said_and_nothing_breaks(administrator: Client, pasted: str) -> None:
    answer = administrator.post(reverse("try_claims"), {"claims": pasted})

    assert answer.status_code == 200
    assert soup(answer).select(".w-field__errors .error-message, .error-message")
    assert soup(answer).select("table.listing") == []


@pytest.mark.parametrize(
    "pasted", ["{}", '{"eduPersonAffiliation": {"a": [1]}, "supannEtuInscription": [null, 3, "["]}']
)
def test_claims_that_say_nothing_give_no_audience(administrator: Client, pasted: str) -> None:
    answer = administrator.post(reverse("try_claims"), {"claims": pasted})

    assert said("No rule matches: this reader sees what everyone who signs in sees.") in answer.content.decode()


def test_trying_claims_keeps_nothing(administrator: Client) -> None:
    before = list(KnownReader.objects.values())
    administrator.post(reverse("try_claims"), {"claims": '{"eduPersonAffiliation": "student"}'})

    assert list(KnownReader.objects.values()) == before


def test_the_audiences_of_a_page_are_read_back_as_a_sentence(editor: Client) -> None:
    second, third = (AudienceFactory(name=name, kind=Kind.LEVEL) for name in ("L2", "L3"))
    history = AudienceFactory(name="Histoire", kind=Kind.PROGRAMME)
    chosen = {"audiences": [second.pk, third.pk, history.pk]}

    reserved = editor.get(reverse("audience_sentence"), {**chosen, "access": "reserved"}).json()["sentence"]
    recommended = editor.get(reverse("audience_sentence"), {**chosen, "access": "recommended"}).json()["sentence"]

    assert reserved.startswith("Réservée à Histoire et (L2 ou L3) : 0 lecteur connu.")
    assert recommended.startswith("Recommandée à Histoire et (L2 ou L3)")


def test_the_sentence_counts_who_is_known_position_by_position(editor: Client, sign_in: Any) -> None:
    second = AudienceFactory(name="L2", kind=Kind.LEVEL)
    history = AudienceFactory(name="Histoire", kind=Kind.PROGRAMME)
    sign_in([second, history])
    sign_in([second], [history])

    asked = {"audiences": [second.pk, history.pk], "access": "reserved"}

    assert "1 lecteur connu" in editor.get(reverse("audience_sentence"), asked).json()["sentence"]


@pytest.mark.parametrize("pk", ["", "x", "-1", "0", "²", "٣", "9" * 40])
def test_the_sentence_takes_whatever_is_sent(editor: Client, pk: str) -> None:
    answer = editor.get(reverse("audience_sentence"), {"audiences": [pk], "access": "drop"})

    assert answer.status_code == 200
    assert answer.json()["sentence"] == said("Everyone may read it; it is recommended to nobody in particular.")


def test_reserved_without_audience_says_that_nobody_reads(editor: Client) -> None:
    answer = editor.get(reverse("audience_sentence"), {"access": "reserved"})

    assert answer.json()["sentence"] == said("Nobody can read it: it is reserved, and no audience is chosen.")


@pytest.mark.parametrize(
    "address",
    [RULES, f"{RULES}create/", AUDIENCES, f"{AUDIENCES}create/", "/admin/audiences/count/", "/admin/audiences/try/"],
)
def test_an_editor_without_the_right_gets_no_access(editor: Client, students: Audience, address: str) -> None:
    for ask in (editor.get, editor.post):
        answer = ask(address, {"claims": "{}", "name": "X", "slug": "x", "kind": "statut"}, follow=True)
        assert answer.redirect_chain or answer.status_code in {403, 405}, address
        assert not soup(answer).select("table.listing, form textarea[name=claims]")
    assert not Rule.objects.exists()
    assert Audience.objects.count() == 1


@pytest.mark.parametrize("address", [RULES, "/admin/audiences/sentence/", "/admin/audiences/try/"])
def test_who_is_no_editor_gets_no_access(client: Client, sign_in: Any, address: str) -> None:
    assert client.get(address).status_code == 302
    assert sign_in().get(address).status_code == 403


def test_an_audience_is_made_in_the_admin(administrator: Client, students: Audience) -> None:
    sent = {
        "name": "L1",
        "name_en": "First year",
        "slug": "l1",
        "kind": "niveau",
        "broader": students.pk,
        "retired": "",
    }

    assert administrator.post(f"{AUDIENCES}create/", sent).status_code == 302
    made = Audience.objects.get(slug="l1")
    assert (made.label, made.broader) == ("L1", students)


def test_an_audience_does_not_belong_to_itself(administrator: Client, students: Audience) -> None:
    first = AudienceFactory(name="L1", slug="l1", kind=Kind.LEVEL, broader=students)
    sent = {"name": "Étudiants", "name_en": "", "slug": "etudiants", "kind": "statut", "broader": first.pk}

    answer = administrator.post(f"{AUDIENCES}edit/{students.pk}/", sent)

    assert answer.status_code == 200
    assert "Un public ne peut pas faire partie de lui-même." in answer.content.decode()


def test_an_audience_in_use_is_not_deleted_and_its_page_stays_closed(
    administrator: Client, client: Client, news_index: Any, staff: Audience
) -> None:
    news = NewsPageFactory(parent=news_index, title="Conseil", audiences=[staff], access=Access.RESERVED)

    answer = administrator.post(f"{AUDIENCES}delete/{staff.pk}/", follow=True)

    assert answer.status_code == 200
    assert Audience.objects.filter(pk=staff.pk).exists()
    assert client.get(news.url).status_code == 404
