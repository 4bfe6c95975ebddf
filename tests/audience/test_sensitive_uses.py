"""Only its unit uses a sensitive audience: whoever else sends it is refused, in each form that asks for audiences."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Collection

from audience.forms import UsableAudiencesForm
from audience.models import Access, Audience, Kind
from content.models import PortalDocument, PortalPage, StandardPage
from content.records import Record
from home.models import Alert, DoorPage, HomeOrder
from search.steering import Promotion
from sections.models import SectionPage
from services.imports import Importer
from tests.editing import add_form, edit_form
from tests.factories import (
    AudienceFactory,
    NewsIndexPageFactory,
    NewsPageFactory,
    PortalDocumentFactory,
    ReaderFactory,
    SectionPageFactory,
    ServicePageFactory,
    StandardPageFactory,
    know,
)
from tests.reading import form_of, soup

pytestmark = pytest.mark.django_db
NAME = "Suivis par la mission handicap"
Use = Callable[[Client, Any, Audience], set[int]]  # sends a form that chooses the audience; returns what was saved


@pytest.fixture
def mission(db: None) -> Group:
    return Group.objects.create(name="Mission handicap")


@pytest.fixture
def followed(mission: Group) -> Audience:
    return AudienceFactory(slug="handicap", name=NAME, kind=Kind.GROUP, sensitive=True, used_by=mission)


@pytest.fixture
def insider(sign_in: Any, mission: Group) -> Client:
    browser: Client = sign_in(is_superuser=True, groups=(mission,))
    return browser


def post(browser: Client, form: tuple[str, Any], **fields: Any) -> Any:
    address, data = form
    for name, value in fields.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return browser.post(address, data.urlencode(), content_type="application/x-www-form-urlencoded")


def form_with(browser: Client, address: str, name: str) -> tuple[str, Any]:
    """Return the form at `address` that has a field of this name."""
    forms = soup(browser.get(address)).select("form")
    number = next(number for number, form in enumerate(forms) if form.select(f'[name="{name}"]'))
    return address, form_of(browser, address, number=number)


def of(found: Any, field: str = "audiences") -> set[int]:
    return {one.pk for one in getattr(found, field).all()} if found else set()


def a_page(browser: Client, home: Any, chosen: Audience) -> set[int]:
    form = add_form(browser, home, StandardPage)
    post(browser, form, title="Page", slug="page", audiences=[str(chosen.pk)], **{"action-publish": "1"})
    return of(StandardPage.objects.filter(slug="page").first())


def a_page_changed(browser: Client, home: Any, chosen: Audience) -> set[int]:
    page = StandardPageFactory(parent=home)
    post(browser, edit_form(browser, page), audiences=[str(chosen.pk)], **{"action-publish": "1"})
    return of(StandardPage.objects.get(pk=page.pk))


def the_announcements_of_a_section(browser: Client, home: Any, chosen: Audience) -> set[int]:
    section = SectionPageFactory(parent=home)
    address, form = edit_form(browser, section)
    form["quick_links-count"] = "0"
    post(browser, (address, form), announcement_audiences=[str(chosen.pk)], **{"action-publish": "1"})
    return of(SectionPage.objects.get(pk=section.pk), "announcement_audiences")


def a_door(browser: Client, home: Any, chosen: Audience) -> set[int]:
    address, form = add_form(browser, home, DoorPage)
    for stream in ("services", "guides"):
        form[f"{stream}-count"] = "0"
    post(browser, (address, form), title="Porte", slug="porte", concerned=[str(chosen.pk)], **{"action-publish": "1"})
    return of(DoorPage.objects.filter(slug="porte").first(), "concerned")


def a_document(browser: Client, home: Any, chosen: Audience) -> set[int]:
    said = {
        "title": "Guide", "collection": Collection.get_first_root_node().pk, "access": "reserved", "language": "fr",
        "audiences": [chosen.pk], "file": SimpleUploadedFile("guide.txt", b"Texte."),
    }  # fmt: skip
    browser.post(reverse("wagtaildocs:add"), said)
    return of(PortalDocument.objects.filter(title="Guide").first())


def a_document_changed(browser: Client, home: Any, chosen: Audience) -> set[int]:
    document = PortalDocumentFactory(title="Guide")
    said = {
        "title": "Guide", "collection": document.collection_id, "access": "reserved", "language": "fr",
        "audiences": [chosen.pk], "file": SimpleUploadedFile("guide.txt", b"Texte."),
    }  # fmt: skip
    browser.post(reverse("wagtaildocs:edit", args=[document.pk]), said)
    return of(PortalDocument.objects.get(pk=document.pk))


def documents_sent_together(browser: Client, home: Any, chosen: Audience) -> set[int]:
    file = {"title": "Guide", "files[]": SimpleUploadedFile("guide.txt", b"Texte.")}
    pk = browser.post(reverse("wagtaildocs:add_multiple"), file).json()["uploaded_file_id"]
    said: dict[str, Any] = {
        f"uploaded-document-{pk}-{name}": value
        for name, value in {
            "title": "Guide", "collection": Collection.get_first_root_node().pk, "access": "reserved",
            "language": "fr", "audiences": [chosen.pk],
        }.items()
    }  # fmt: skip
    browser.post(reverse("wagtaildocs:create_multiple_from_uploaded_document", args=[pk]), said)
    return of(PortalDocument.objects.filter(title="Guide").first())


def a_document_in_the_chooser(browser: Client, home: Any, chosen: Audience) -> set[int]:
    said = {
        "document-chooser-upload-title": "Guide",
        "document-chooser-upload-collection": Collection.get_first_root_node().pk,
        "document-chooser-upload-access": "reserved",
        "document-chooser-upload-language": "fr",
        "document-chooser-upload-audiences": [chosen.pk],
        "document-chooser-upload-file": SimpleUploadedFile("guide.txt", b"Texte."),
    }
    browser.post(reverse("wagtaildocs_chooser:create"), said)
    return of(PortalDocument.objects.filter(title="Guide").first())


def an_alert(browser: Client, home: Any, chosen: Audience) -> set[int]:
    ends_at = (timezone.localtime() + timedelta(days=2)).strftime("%Y-%m-%d %H:%M")
    said = {"level": "info", "title": "Alerte", "text": "Texte.", "ends_at": ends_at, "access": "reserved"}
    form = form_with(browser, "/admin/home/alert/create/", "title")
    post(browser, form, audiences=[str(chosen.pk)], **said, **{"places-TOTAL_FORMS": "0"})
    return of(Alert.objects.first())


def an_emergency(browser: Client, home: Any, chosen: Audience) -> set[int]:
    said = {"title": "Urgence", "text": "Texte.", "access": "reserved", "audiences": [chosen.pk], "publish": "1"}
    browser.post(reverse("emergency"), said)
    return of(Alert.objects.first())


def an_order_of_home(browser: Client, home: Any, chosen: Audience) -> set[int]:
    from tests.home.test_orders import ORDERS, order_form

    browser.post(f"{ORDERS}add/", order_form("news", audiences=(chosen,)))
    return of(HomeOrder.objects.first())


def a_promoted_result(browser: Client, home: Any, chosen: Audience) -> set[int]:
    form = form_with(browser, "/admin/snippets/search/promotion/add/", "questions")
    post(browser, form, questions="aide", page=str(home.pk), order="1", audiences=[str(chosen.pk)])
    return of(Promotion.objects.first())


def an_audience_that_belongs_to_it(browser: Client, home: Any, chosen: Audience) -> set[int]:
    """Whoever is in the narrower one would be in the sensitive one."""
    form = form_with(browser, "/admin/audience/audience/create/", "slug")
    post(browser, form, name="Narrow", slug="narrow", kind="group", broader=str(chosen.pk))
    found = Audience.objects.filter(slug="narrow").first()
    return {found.broader_id} if found and found.broader_id else set()


FOR_ITS_UNIT = [
    a_page,
    a_page_changed,
    the_announcements_of_a_section,
    a_door,
    a_document,
    a_document_changed,
    documents_sent_together,
    a_document_in_the_chooser,
    an_alert,
    an_audience_that_belongs_to_it,
]
FOR_NOBODY = [an_emergency, an_order_of_home, a_promoted_result]  # whom they are for is said to readers, or to all


@pytest.mark.parametrize("use", FOR_ITS_UNIT)
def test_who_is_not_of_its_unit_sends_it_in_vain_be_it_an_administrator(
    administrator: Client, home: Any, followed: Audience, use: Use
) -> None:
    assert use(administrator, home, followed) == set()


@pytest.mark.parametrize("use", FOR_ITS_UNIT)
def test_its_unit_uses_it(insider: Client, home: Any, followed: Audience, use: Use) -> None:
    assert use(insider, home, followed) == {followed.pk}


@pytest.mark.parametrize("use", FOR_NOBODY)
def test_what_readers_are_told_of_is_for_no_sensitive_audience(
    insider: Client, home: Any, followed: Audience, students: Audience, use: Use
) -> None:
    assert use(insider, home, followed) == set()
    assert use(insider, home, students) == {students.pk}


@pytest.mark.parametrize("use", [*FOR_ITS_UNIT, *FOR_NOBODY])
def test_a_retired_audience_is_offered_nowhere(insider: Client, home: Any, use: Use) -> None:
    assert use(insider, home, AudienceFactory(retired=True)) == set()


def test_no_model_lets_audiences_be_chosen_in_another_form() -> None:
    """A new form in which audiences are chosen must be one of those above."""
    found = set()
    for model in apps.get_models():
        fields = [field for field in model._meta.get_fields() if getattr(field, "related_model", None) is Audience]
        if (
            any(not field.auto_created and field.name != "audience" for field in fields)
            and not model._meta.auto_created
        ):
            form = getattr(model, "base_form_class", None)
            usable = issubclass(model, PortalPage | PortalDocument) or (form and issubclass(form, UsableAudiencesForm))
            if not usable:
                found.add(model._meta.label)
        assert not issubclass(model, Record) or issubclass(model, Alert | PortalDocument), model

    assert found == set()


def test_an_announcement_takes_it_from_a_section_for_its_unit_alone_and_counts_nobody(
    administrator: Client, insider: Client, sections: Any, followed: Audience, students: Audience
) -> None:
    section = SectionPageFactory(parent=sections, title="Mission handicap", announcement_audiences=[followed])
    index = NewsIndexPageFactory(parent=section)
    for _number in range(3):
        know(ReaderFactory(), [students, followed])
    address = f"{reverse('announcement_new')}?list={index.pk}"

    def offered(browser: Client) -> str:
        return " ".join(option.get_text() for option in soup(browser.get(address)).select("[name=audience] option"))

    assert NAME in offered(insider)
    assert "3" not in offered(insider)
    assert "Étudiants" not in offered(insider)  # that some of them are students would be a figure
    assert NAME not in offered(administrator)
    form = form_with(administrator, address, "until")
    assert post(administrator, form, title="A", text="B", audience=str(followed.pk)).status_code == 422
    assert post(insider, form_with(insider, address, "until"), title="A", text="B").status_code == 302


def test_a_section_reserved_for_it_counts_nobody(
    insider: Client, sections: Any, followed: Audience, students: Audience
) -> None:
    section = SectionPageFactory(parent=sections, audiences=[followed], access=Access.RESERVED)
    section.announcement_audiences = [students]
    section.save()
    index = NewsIndexPageFactory(parent=section)
    for _number in range(3):
        know(ReaderFactory(), [students, followed])

    shown = soup(insider.get(f"{reverse('announcement_new')}?list={index.pk}")).select("[name=audience] option")

    assert shown
    assert not [option for option in shown if "3" in option.get_text()]


def test_what_it_is_announced_has_no_figures(insider: Client, sections: Any, followed: Audience, sign_in: Any) -> None:
    from news.models import Opening
    from news.openings import figures_of
    from search.models import Entry
    from tests.factories import AnnouncementPageFactory

    index = NewsIndexPageFactory(parent=SectionPageFactory(parent=sections))
    page = AnnouncementPageFactory(parent=index, audiences=[followed], access=Access.RESERVED, owner=ReaderFactory())
    reader = sign_in([followed])

    assert reader.get(page.url).status_code == 200
    assert not Opening.objects.exists()
    found = figures_of([Entry.objects.of_page(page).get()], opened={page.pk: 50})[page.pk]
    assert (found.addressed, found.opened) == (None, None)


@pytest.mark.parametrize("by", ["session", "preview"])
def test_one_sees_as_it_by_no_other_way(
    administrator: Client, insider: Client, news_index: Any, followed: Audience, mission: Group, by: str
) -> None:
    NewsPageFactory(parent=news_index, title="Tiers temps", audiences=[followed], access=Access.RESERVED)
    news_index.save_revision()

    def sees(browser: Client) -> bool:
        if by == "preview":
            mode = {"mode": f"audience-{followed.pk}"}
            answer = browser.get(f"/admin/pages/{news_index.pk}/view_draft/", mode)
        else:
            session = browser.session
            session["see_as"] = {"audiences": [followed.pk], "at": None, "chosen": True}
            session.save()
            answer = browser.get(news_index.url)
        return "Tiers temps" in answer.content.decode()

    assert not sees(administrator)
    assert sees(insider)
    mission.user_set.clear()  # who has left the unit
    assert not sees(insider)


def test_no_list_is_headed_by_it(sign_in: Any, catalogue: Any, followed: Audience, students: Audience) -> None:
    ServicePageFactory(parent=catalogue, title="Preneur de notes", audiences=[followed])
    ServicePageFactory(parent=catalogue, title="Notes", audiences=[students])

    for reader in (sign_in([followed, students]), sign_in()):
        shown = reader.get(catalogue.url, {"by": "audience", "for": "all"}).content.decode()
        assert "Preneur de notes" in shown
        assert "Étudiants" in shown
        assert NAME not in shown


def test_claims_tried_by_another_do_not_tell_that_someone_is_in_it(
    administrator: Client, insider: Client, followed: Audience
) -> None:
    from audience.models import Condition, Rule

    rule = Rule.objects.create(audience=followed)
    Condition.objects.create(rule=rule, attribute="entitlement", values="urn:valmont:handicap")
    pasted = {"claims": '{"eduPersonEntitlement": ["urn:valmont:handicap"]}'}

    assert NAME not in administrator.post(reverse("try_claims"), pasted).content.decode()
    assert NAME in insider.post(reverse("try_claims"), pasted).content.decode()


def test_an_import_of_services_does_not_know_it(followed: Audience, students: Audience) -> None:
    known = Importer(publish=False).audiences

    assert "handicap" not in known
    assert "etudiants" in known
