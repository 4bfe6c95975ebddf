"""A secretary announces: four fields, the right readers, published or submitted, changed and taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, WorkflowState

from audience.models import Access
from news.models import AnnouncementPage
from tests.editing import PUBLISHERS
from tests.factories import (
    AudienceFactory,
    NewsIndexPageFactory,
    NewsPageFactory,
    SectionPageFactory,
)
from tests.reading import form_of, links, said, soup
from tests.sections.faculty import Faculty

pytestmark = pytest.mark.django_db
SENT = {"title": "Analyse : salle changée", "text": "Le cours de lundi se tient en B12."}


def new() -> str:
    return reverse("announcement_new")


def options(browser: Client, address: str | None = None) -> dict[str, str]:
    """Return the answers to “for whom?”: words to the value sent."""
    found = soup(browser.get(address or new())).select("select[name=audience] option")
    return {option.get_text(strip=True): option["value"] for option in found}


def option(browser: Client, *starts: str, address: str | None = None) -> str:
    """Return the value of the option whose words begin so."""
    return next(value for words, value in options(browser, address).items() if words.startswith(starts))


def announce(browser: Client, address: str | None = None, **fields: Any) -> Any:
    """Fill in the form and send it, following to where it leads."""
    data = form_of(browser, address or new(), number=form_number(browser, address or new()))
    for name, value in {**SENT, **fields}.items():
        data[name] = value
    return browser.post(address or new(), data.dict(), follow=True)


def form_number(browser: Client, address: str) -> int:
    """Return the place of the announcement's form among the forms of its page."""
    forms = soup(browser.get(address)).select("form")
    return next(number for number, form in enumerate(forms) if form.select_one("[name=until]"))


def shown(browser: Client, page: Page) -> bool:
    return browser.get(page.get_url()).status_code == 200


# The form


def test_the_form_has_four_fields(faculty: Faculty) -> None:
    browser = faculty.announcer()

    form = next(form for form in soup(browser.get(new())).select("form") if form.select_one("[name=until]"))
    asked = [field["name"] for field in form.select("input:not([type=hidden]), select, textarea")]

    assert asked == ["title", "text", "audience", "until"]
    assert form.select_one("[name=until]")["value"] == (timezone.localdate() + timedelta(days=7)).isoformat()
    for field in form.select("input:not([type=hidden]), select, textarea"):
        assert form.select_one(f'label[for="{field["id"]}"]'), field["name"]


def test_an_announcement_takes_unit_contact_and_audience_from_its_section(faculty: Faculty) -> None:
    faculty.readers(3, [faculty.sciences])
    announce(faculty.announcer(rights=PUBLISHERS))

    page = AnnouncementPage.objects.get()
    assert page.unit == faculty.section.unit
    assert page.contact == "03 00 00 12 10 · accueil@valmont.example"
    assert (page.access, list(page.audiences.all())) == (Access.RESERVED, [faculty.sciences])
    assert timezone.localtime(page.expire_at).date() == timezone.localdate() + timedelta(days=8)
    assert page.get_parent().specific == faculty.index


def test_one_year_of_one_programme_is_reached_and_nobody_else(client: Client, faculty: Faculty) -> None:
    (target,) = faculty.readers(1, [faculty.sciences, faculty.miage, faculty.l2])
    others = [
        client,
        *faculty.readers(1, [faculty.sciences, faculty.miage, faculty.l1]),
        *faculty.readers(1, [faculty.sciences, faculty.l2]),
        *faculty.readers(1, [faculty.sciences, faculty.miage], [faculty.l2]),
    ]
    browser = faculty.announcer(rights=PUBLISHERS)
    announce(browser, audience=option(browser, "Licence 2 et MIAGE", "MIAGE et Licence 2"))

    page = AnnouncementPage.objects.get()
    assert shown(target, page)
    assert not any(shown(other, page) for other in others)


# Whom it may be for


def test_each_audience_is_offered_with_its_known_readers(faculty: Faculty) -> None:
    faculty.readers(3, [faculty.sciences, faculty.l1])
    faculty.readers(2, [faculty.sciences, faculty.l2, faculty.miage])
    faculty.readers(1, [faculty.sciences, faculty.l1, faculty.miage])
    faculty.readers(4, [faculty.l1])

    found = options(faculty.announcer())

    known = {words.partition(" (")[0]: words.partition(" (")[2].split()[0] for words in found}
    assert known["UFR Sciences"] == "6"
    assert known["Licence"] == "6"
    assert known["Licence 1"] == "4"
    assert known["Licence 2"] == "2"
    assert known["MIAGE"] == "3"
    assert {words for words in known if " et " in words and "Licence 2" in words}
    assert next(iter(found)).startswith("UFR Sciences")


def test_an_audience_that_would_widen_the_sections_own_is_not_offered(faculty: Faculty) -> None:
    other = AudienceFactory(slug="u02", name="UFR Lettres", kind="composante")
    faculty.readers(2, [faculty.sciences, other])

    assert not any("Lettres" in words for words in options(faculty.announcer()))


def test_a_narrower_audience_takes_the_place_of_the_one_it_belongs_to(faculty: Faculty) -> None:
    faculty.section.announcement_audiences = [faculty.l1.broader]
    faculty.section.save()
    faculty.readers(2, [faculty.l1])
    browser = faculty.announcer(rights=PUBLISHERS)

    announce(browser, audience=option(browser, "Licence 1"))

    assert list(AnnouncementPage.objects.get().audiences.all()) == [faculty.l1]


def test_an_audience_that_all_of_them_belong_to_is_not_offered_and_one_group_of_them_is(faculty: Faculty) -> None:
    faculty.miage.broader = faculty.l1
    faculty.miage.save()
    group = AudienceFactory(slug="td3", name="TD 3", kind="group", broader=faculty.miage)
    faculty.section.announcement_audiences = [faculty.miage]
    faculty.section.save()
    faculty.readers(2, [faculty.l1, faculty.miage, group])

    found = [words.partition(" (")[0] for words in options(faculty.announcer())]

    assert "MIAGE" in found
    assert "TD 3" in found
    assert not {"Licence", "Licence 1"} & set(found)


def test_readers_who_may_not_see_the_section_are_not_counted(faculty: Faculty, staff: Any) -> None:
    faculty.readers(2, [faculty.sciences])
    faculty.readers(1, [faculty.sciences, staff])
    faculty.section.access, faculty.section.audiences = Access.RESERVED, [staff]
    faculty.section.announcement_audiences = [faculty.sciences]
    faculty.section.save()

    assert any(words.startswith("UFR Sciences (1 ") for words in options(faculty.announcer()))


def test_a_retired_audience_is_not_offered(faculty: Faculty) -> None:
    faculty.readers(2, [faculty.sciences, faculty.miage])
    faculty.miage.retired = True
    faculty.miage.save()

    assert not any("MIAGE" in words for words in options(faculty.announcer()))


def test_what_everyone_may_read_is_recommended_to_the_section(client: Client, faculty: Faculty) -> None:
    browser = faculty.announcer(rights=PUBLISHERS)
    announce(browser, audience="everyone")

    page = AnnouncementPage.objects.get()
    assert (page.access, list(page.audiences.all())) == (Access.RECOMMENDED, [faculty.sciences])
    assert shown(client, page)


def test_as_many_queries_whatever_the_number_of_readers_and_audiences(faculty: Faculty, count_queries: Any) -> None:
    browser = faculty.announcer()
    faculty.readers(1, [faculty.sciences, faculty.l1])
    browser.get(new())
    one = count_queries(browser.get, new())
    for number in range(9):
        programme = AudienceFactory(name=f"Master {number}", kind="formation")
        faculty.readers(1, [faculty.sciences, faculty.l1, programme], [faculty.l2])
    browser.get(new())

    assert count_queries(browser.get, new()) == one


# Who may


def test_who_may_add_nothing_has_no_such_form(client: Client, faculty: Faculty) -> None:
    (reader,) = faculty.readers(1, [faculty.sciences])
    page = make(faculty)

    addresses = [new(), reverse("announcements"), reverse("announcement_edit", args=[page.pk])]
    assert [reader.get(address).status_code for address in addresses] == [404, 404, 404]
    assert reader.post(reverse("announcement_withdraw", args=[page.pk])).status_code == 404
    assert all(client.get(address)["Location"].startswith("/oidc/authenticate/") for address in addresses)


def make(faculty: Faculty, **fields: Any) -> Any:
    announce(faculty.announcer(rights=PUBLISHERS), **fields)
    return AnnouncementPage.objects.order_by("-pk").first()


def test_one_may_announce_without_access_to_the_admin(faculty: Faculty) -> None:
    browser = faculty.announcer(rights=("add",))
    from django.contrib.auth.models import Group

    Group.objects.filter(user__isnull=False).latest("pk").permissions.clear()

    assert browser.get("/admin/").status_code == 403
    assert browser.get(new()).status_code == 200


def test_an_author_without_access_to_the_admin_opens_what_they_announced_while_they_may_announce(
    faculty: Faculty,
) -> None:
    from django.contrib.auth.models import Group

    faculty.section.direct_publication = True
    faculty.section.save_revision().publish()
    author, other = faculty.announcer(rights=("add",)), faculty.announcer(rights=("add",))
    for group in Group.objects.all():
        group.permissions.clear()
    announce(author)
    address = AnnouncementPage.objects.order_by("-pk").get().url

    assert author.get(address).status_code == 200
    assert other.get(address).status_code == 404
    Group.objects.all().delete()
    assert author.get(address).status_code == 404


def test_another_section_is_not_offered_nor_taken(faculty: Faculty, sections: Any) -> None:
    other = NewsIndexPageFactory(parent=SectionPageFactory(parent=sections, title="Lettres"))
    browser = faculty.announcer(rights=PUBLISHERS)

    answer = announce(browser, f"{new()}?list={other.pk}")

    assert answer.status_code == 200
    assert AnnouncementPage.objects.get().get_parent().pk == faculty.index.pk


def test_who_may_in_several_sections_chooses_first(faculty: Faculty, sections: Any, news_index: Any) -> None:
    other = NewsIndexPageFactory(parent=SectionPageFactory(parent=sections, title="Lettres"))
    browser = faculty.announcer(rights=PUBLISHERS, on=Page.objects.get(depth=2, locale__language_code="fr"))

    choices = {link.get_text(strip=True): link["href"] for link in soup(browser.get(new())).select("main li a")}
    announce(browser, f"{new()}?list={other.pk}")

    assert choices["Lettres"] == f"?list={other.pk}"
    assert choices["Sciences"] == f"?list={faculty.index.pk}"
    assert f"?list={news_index.pk}" in choices.values()
    assert AnnouncementPage.objects.get().get_parent().pk == other.pk


def test_the_list_and_the_section_offer_the_form_to_who_may_use_it(client: Client, faculty: Faculty) -> None:
    browser, address = faculty.announcer(), f"{new()}?list={faculty.index.pk}"
    (reader,) = faculty.readers(1, [faculty.sciences])

    for page in (faculty.section, faculty.index):
        assert address in browser.get(page.get_url()).content.decode()
        for other in (client, reader):
            assert new() not in other.get(page.get_url()).content.decode()


def test_the_menu_of_who_may_announce_leads_to_the_form(client: Client, faculty: Faculty) -> None:
    (reader,) = faculty.readers(1, [faculty.sciences])

    assert new() in links(faculty.announcer().get("/"), ".menu__panel").values()
    for other in (client, reader):
        assert new() not in other.get("/").content.decode()


def test_nothing_is_written_while_seeing_as_others(faculty: Faculty) -> None:
    browser = faculty.announcer(rights=PUBLISHERS)
    data = {**form_of(browser, new(), number=form_number(browser, new())).dict(), **SENT}
    browser.post(reverse("see_as"), {"audience": []})

    assert browser.get(new()).status_code == 404
    assert browser.post(new(), data).status_code == 403
    assert not AnnouncementPage.objects.exists()


# Published, or proofread first


def test_the_sections_choice_publishes_what_a_writer_may_not(faculty: Faculty) -> None:
    faculty.section.direct_publication = True
    faculty.section.save()
    (reader,) = faculty.readers(1, [faculty.sciences])
    browser = faculty.announcer(rights=("add",))

    answer = announce(browser)
    page = AnnouncementPage.objects.get()

    assert page.live
    assert shown(reader, page)
    assert answer.redirect_chain[-1][0] == page.get_url()


def test_otherwise_it_is_submitted_and_the_author_is_told(faculty: Faculty, proofreaders: Callable[[], Client]) -> None:
    (reader,) = faculty.readers(1, [faculty.sciences])
    author, approver = faculty.announcer(rights=("add",)), proofreaders()

    offered = soup(author.get(new())).main.get_text(" ", strip=True)
    answer = announce(author)
    page = AnnouncementPage.objects.get()

    assert said("Send for proofreading") in offered
    assert soup(answer).select_one('.alert-banner[data-state="info"]')
    assert SENT["title"] in soup(answer).select_one(".alert-banner").get_text()
    assert not page.live
    assert not shown(reader, page)
    assert WorkflowState.objects.get().requested_by == page.owner

    task = page.current_workflow_task_state
    approver.post(reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", task.pk]), {"comment": ""})
    assert shown(reader, page)


def test_who_may_publish_is_not_proofread(faculty: Faculty, proofreaders: Callable[[], Client]) -> None:
    announce(faculty.announcer(rights=PUBLISHERS))

    assert AnnouncementPage.objects.get().live
    assert not WorkflowState.objects.exists()


def test_without_anybody_to_proofread_it_stays_a_draft_and_says_so(faculty: Faculty) -> None:
    from wagtail.models import Workflow

    Workflow.objects.update(active=False)

    answer = announce(faculty.announcer(rights=("add",)))

    assert soup(answer).select_one('.alert-banner[data-state="warning"]')
    assert not AnnouncementPage.objects.get().live


def test_only_who_may_publish_there_decides_that_announcements_are_direct(faculty: Faculty) -> None:
    from tests.editing import edit_form, send

    for rights, kept in ((("add", "change"), False), (PUBLISHERS, True)):
        browser = faculty.announcer(rights=rights)
        form = edit_form(browser, faculty.section)
        form[1]["quick_links-count"] = "0"
        send(browser, form, direct_publication="on")
        draft = type(faculty.section).objects.get(pk=faculty.section.pk).get_latest_revision_as_object()
        assert draft.direct_publication is kept, rights


# What is sent


def test_the_same_form_sent_twice_makes_one_announcement(faculty: Faculty) -> None:
    browser = faculty.announcer(rights=PUBLISHERS)
    data = {**form_of(browser, new(), number=form_number(browser, new())).dict(), **SENT}

    first, second = browser.post(new(), data, follow=True), browser.post(new(), data, follow=True)

    assert AnnouncementPage.objects.count() == 1
    assert soup(first).h1.get_text() == SENT["title"]
    assert second.redirect_chain[-1][0] == reverse("announcements")
    assert soup(second).select_one('.alert-banner[data-state="info"]')


def test_the_same_words_sent_from_two_forms_are_two_announcements(faculty: Faculty) -> None:
    browser = faculty.announcer(rights=PUBLISHERS)
    announce(browser)
    announce(browser)

    assert sorted(AnnouncementPage.objects.values_list("slug", flat=True)) == [
        "analyse-salle-changee",
        "analyse-salle-changee-2",
    ]


def test_nobody_makes_an_announcement_a_translation_of_another_page(faculty: Faculty, news_index: Any) -> None:
    public = NewsPageFactory(parent=news_index, title="Publique")
    announce(faculty.announcer(rights=PUBLISHERS), token=str(public.translation_key))

    assert AnnouncementPage.objects.get().translation_key != public.translation_key


BAD = {
    "no title": ({"title": " \n "}, "title"),
    "a long title": ({"title": "x" * 121}, "title"),
    "no text": ({"text": ""}, "text"),
    "a long text": ({"text": "x" * 501}, "text"),
    "a day that has passed": ({"until": "2020-01-01"}, "until"),
    "a day too far": ({"until": "2099-01-01"}, "until"),
    "no day": ({"until": "demain"}, "until"),
    "an audience not offered": ({"audience": "1-2-3"}, "audience"),
    "no audience": ({"audience": ""}, "audience"),
}


@pytest.mark.parametrize(("fields", "wrong"), BAD.values(), ids=BAD)
def test_what_cannot_be_sent_is_said_beside_its_field_and_the_rest_is_kept(
    faculty: Faculty, fields: dict[str, str], wrong: str
) -> None:
    browser = faculty.announcer(rights=PUBLISHERS)

    answer = announce(browser, **fields)
    page = soup(answer)

    assert answer.status_code == 422
    assert not AnnouncementPage.objects.exists()
    assert page.select_one(f"#id_{wrong}")["aria-invalid"] == "true"
    assert page.select_one(f"#id_{wrong}_error").get_text(strip=True)
    kept = {**SENT, **fields}
    assert page.select_one("#id_title")["value"].strip() == kept["title"].strip()
    assert page.select_one("#id_text").get_text().strip() == kept["text"].strip()


def test_500_characters_are_counted_as_they_will_be_shown(faculty: Faculty) -> None:
    text = "\r\n".join(["x" * 49] * 10)

    announce(faculty.announcer(rights=PUBLISHERS), text=text)

    assert AnnouncementPage.objects.get().text == text.replace("\r\n", "\n")


@pytest.mark.parametrize("title", ["2026", "rss", "???", "日本語", "a" * 120])
def test_any_title_finds_an_address(faculty: Faculty, title: str) -> None:
    browser = faculty.announcer(rights=PUBLISHERS)

    answer = announce(browser, title=title)

    assert soup(answer).h1.get_text() == title


def test_hostile_words_are_shown_as_they_are_and_break_no_feed(faculty: Faculty) -> None:
    browser = faculty.announcer(rights=PUBLISHERS)
    words = {"title": "Salle\x0b \u202e<img src=x onerror=alert(1)>", "text": "<svg/onload=alert(1)>\x00\x1b"}

    answer = announce(browser, **words, audience="everyone")

    assert answer.status_code == 200
    assert soup(answer).h1.get_text() == "Salle <img src=x onerror=alert(1)>"
    assert soup(answer).main.select("img, svg[onload]") == []
    feed = browser.get(f"{faculty.index.get_url()}rss/")
    assert feed.status_code == 200
    assert (ElementTree.fromstring(feed.content).findtext("channel/item/title") or "").startswith("Salle")  # noqa: S314


# Changed and taken back
