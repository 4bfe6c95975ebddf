"""What the forms of the admin refuse: a nonsense tree, a meaningless date, an image nobody describes."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from wagtail.models import Page

from content.icons import CHOICES, NAMES
from content.models import PortalImage, PortalPage
from events.models import EventPage
from home.models import HomePage
from news.models import NewsPage
from services.models import ServiceFamily, ServicePage
from tests.editing import add_form, send
from tests.factories import NewsPageFactory, SectionPageFactory, StandardPageFactory
from tests.reading import soup

pytestmark = pytest.mark.django_db

HOME_CHILDREN = {
    "StandardPage",
    "NewsIndexPage",
    "AgendaPage",
    "GuidanceIndexPage",
    "CataloguePage",
    "SectionsIndexPage",
}
TREE = {
    "HomePage": HOME_CHILDREN | {"DoorPage"},
    "SectionPage": HOME_CHILDREN - {"SectionsIndexPage"},
    "SectionsIndexPage": {"SectionPage"},
    "StandardPage": {"StandardPage"},
    "NewsIndexPage": {"NewsPage", "AnnouncementPage"},
    "AgendaPage": {"EventPage"},
    "GuidanceIndexPage": {"GuidancePage"},
    "CataloguePage": {"ServicePage"},
}


def page_types() -> list[type[PortalPage]]:
    return [model for model in apps.get_models() if issubclass(model, PortalPage)]


@pytest.mark.parametrize("model", page_types(), ids=lambda model: model.__name__)
def test_each_kind_of_page_takes_below_it_what_makes_sense(model: type[PortalPage]) -> None:
    assert {child.__name__ for child in model.allowed_subpage_models()} == TREE.get(model.__name__, set())


def test_nothing_but_a_home_stands_at_the_top() -> None:
    assert {child for child in page_types() if Page in child.allowed_parent_page_models()} == {HomePage}


def test_the_admin_does_not_build_a_nonsense_tree(administrator: Client, news_index: Any, home: Any) -> None:
    news = NewsPageFactory(parent=news_index)

    for parent, kind in ((news, "newspage"), (home, "newspage"), (news_index, "newsindexpage")):
        address = reverse("wagtailadmin_pages:add", args=["news", kind, parent.pk])
        assert administrator.get(address).status_code in {302, 403}, kind


def test_a_page_is_not_moved_where_it_makes_no_sense(administrator: Client, news_index: Any, home: Any) -> None:
    news = NewsPageFactory(parent=news_index)
    standard = StandardPageFactory(parent=home)

    administrator.post(reverse("wagtailadmin_pages:move_confirm", args=[news.pk, standard.pk]))

    news.refresh_from_db()
    assert news.get_parent().pk == news_index.pk


def test_an_event_that_ends_before_it_starts_is_refused_in_words(administrator: Client, agenda: Any) -> None:
    form = add_form(administrator, agenda, EventPage)

    answer = send(
        administrator,
        form,
        title="Concert",
        slug="concert",
        starts_at="2026-05-02 20:00",
        ends_at="2026-05-02 18:00",
        action="publish",
    )

    assert answer.status_code == 200
    assert "La fin précède le début." in answer.content.decode()
    assert not EventPage.objects.exists()


def test_an_event_needs_a_start(administrator: Client, agenda: Any) -> None:
    form = add_form(administrator, agenda, EventPage)

    assert send(administrator, form, title="Concert", slug="concert", action="publish").status_code == 200
    assert not EventPage.objects.exists()


@pytest.mark.parametrize("address", ["javascript:alert(1)", "moodle", "data:text/html,x"])
def test_a_service_opens_at_an_address_of_the_web(administrator: Client, catalogue: Any, address: str) -> None:
    form = add_form(administrator, catalogue, ServicePage)

    answer = send(administrator, form, title="Moodle", slug="moodle", launch_url=address, action="publish")

    assert answer.status_code == 200
    assert not ServicePage.objects.exists()


def test_the_text_of_an_editor_cannot_carry_a_script(administrator: Client, client: Client, news_index: Any) -> None:
    text = (
        '{"blocks": [{"key": "a", "text": "Lire ici", "type": "unstyled", "depth": 0, "inlineStyleRanges": [],'
        ' "entityRanges": [{"offset": 5, "length": 3, "key": 0}]}],'
        ' "entityMap": {"0": {"type": "LINK", "mutability": "MUTABLE", "data": {"url": "javascript:alert(1)"}}}}'
    )
    form = add_form(administrator, news_index, NewsPage)
    body = {"body-count": "1", "body-0-type": "text", "body-0-order": "0", "body-0-deleted": "", "body-0-value": text}

    body |= {"title": "<script>alert(1)</script>", "summary": "<img src=x>"}
    send(administrator, form, slug="xss", **body, action="publish")

    page = client.get(NewsPage.objects.get(slug="xss").url).content.decode()
    assert "Lire <a>ici</a>" in page or "Lire ici" in page
    assert "javascript:" not in page
    assert "<script>alert" not in page
    assert "<img src=x>" not in page


def picture() -> SimpleUploadedFile:
    made = BytesIO()
    Image.new("RGB", (8, 8), "teal").save(made, "PNG")
    return SimpleUploadedFile("campus.png", made.getvalue(), "image/png")


@pytest.mark.parametrize(
    ("said", "taken"),
    [
        ({}, False),
        ({"alternative": "   "}, False),
        ({"alternative": "Le campus sous la neige"}, True),
        ({"is_decorative": "on"}, True),
    ],
)
def test_an_image_is_described_or_said_to_be_decorative(
    administrator: Client, said: dict[str, str], taken: bool
) -> None:
    sent = {"title": "Campus", "file": picture(), "tags": "", "credit": "", "collection": "1", **said}

    answer = administrator.post(reverse("wagtailimages:add"), sent)

    assert answer.status_code == (302 if taken else 200)
    assert PortalImage.objects.exists() is taken
    if not taken:
        assert "Décrivez l’image, ou dites qu’elle est décorative." in answer.content.decode()


def test_an_image_sent_among_several_waits_until_it_is_described(administrator: Client) -> None:
    sent = {"title": "Campus", "files[]": picture(), "collection": "1"}
    add = reverse("wagtailimages:add_multiple")

    first = administrator.post(add, sent, headers={"X-Requested-With": "XMLHttpRequest"}).json()

    assert first["success"]
    assert not PortalImage.objects.exists()
    form = soup_of(first["form"])
    fields = {one["name"]: one.get("value", "") for one in form.select("input[name]") if one.get("type") != "checkbox"}
    prefix = next(name for name in fields if name.endswith("-title")).removesuffix("-title")
    action = (
        form.form["action"]
        if form.form
        else reverse("wagtailimages:create_multiple_from_uploaded_image", args=[first["uploaded_file_id"]])
    )
    described = {**fields, f"{prefix}-alternative": "Le campus sous la neige"}
    done = administrator.post(action, described, headers={"X-Requested-With": "XMLHttpRequest"}).json()

    assert done["success"]
    assert PortalImage.objects.get().default_alt_text == "Le campus sous la neige"


def soup_of(html: str) -> Any:
    class Answer:
        content = html.encode()

    return soup(Answer)


def test_an_image_on_a_page_carries_what_was_said_of_it(client: Client, home: Any) -> None:
    described = PortalImage.objects.create(title="a.png", file=picture(), alternative="Le campus sous la neige")
    decorative = PortalImage.objects.create(title="b.png", file=picture(), is_decorative=True, alternative="inutile")
    page = StandardPageFactory(
        parent=home,
        body=[("image", {"image": described, "caption": ""}), ("image", {"image": decorative, "caption": ""})],
    )

    shown = soup(client.get(page.url)).select(".prose img")

    assert [image["alt"] for image in shown] == ["Le campus sous la neige", ""]


def test_every_icon_editors_may_choose_is_drawn() -> None:
    drawn = set(soup_of(Path("static/icons.svg").read_text()).select("symbol"))
    names = {symbol["id"] for symbol in drawn}

    assert set(NAMES) <= names
    assert set(CHOICES) == {value for value, _ in ServiceFamily._meta.get_field("icon").choices}


def test_an_icon_nobody_draws_is_refused(administrator: Client, catalogue: Any) -> None:
    form = add_form(administrator, catalogue, ServicePage)

    answer = send(administrator, form, title="Moodle", slug="moodle", icon="skull", action="publish")

    assert answer.status_code == 200
    assert not ServicePage.objects.exists()


def test_every_icon_a_template_asks_for_is_drawn() -> None:
    asked = {
        name
        for template in Path("templates").rglob("*.html")
        for name in re.findall(r'{% icon "([a-z0-9-]+)" %}', template.read_text())
    }

    assert asked
    assert asked <= set(NAMES)


def test_a_section_takes_its_own_lists(administrator: Client, sections: Any) -> None:
    section = SectionPageFactory(parent=sections)

    page = soup(administrator.get(reverse("wagtailadmin_pages:add_subpage", args=[section.pk])))

    offered = [link["href"].split("/")[5] for link in page.select('main a[href*="/pages/add/"]')]
    assert set(offered) == {name.lower() for name in TREE["SectionPage"]}
