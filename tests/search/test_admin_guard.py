"""The admin names no page to an editor that neither lists nor the explorer would show them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Collection, Page

from audience.models import Access, Audience
from tests.editing import editors_of
from tests.factories import PortalDocumentFactory, SectionPageFactory, StandardPageFactory

pytestmark = pytest.mark.django_db

SECRET = "Réorganisation du service"


@dataclass
class Scene:
    """An editor of one section, what stands in it, and what they may not know of."""

    editor: Client
    own: Page
    public: Page
    hidden: Page
    draft: Page


@pytest.fixture
def scene(home: Page, sections: Page, staff: Audience, sign_in: Callable[..., Client]) -> Scene:
    section = SectionPageFactory(parent=sections, title="UFR Sciences")
    own = StandardPageFactory(parent=section, title="Scolarité", slug="scolarite")
    public = StandardPageFactory(parent=home, title="Aide", slug="aide")
    hidden = StandardPageFactory(
        parent=public, title=SECRET, slug="reorganisation", audiences=[staff], access=Access.RESERVED
    )
    StandardPageFactory(parent=hidden, title="Calendrier", slug="scolarite")
    draft = StandardPageFactory(parent=public, title=f"{SECRET}, la suite", live=False)
    return Scene(sign_in(groups=(editors_of(section),)), own, public, hidden, draft)


def read(answer: Any) -> str:
    return str(answer.content.decode("unicode_escape", errors="replace")) + str(answer.content.decode())


def test_choosers_offer_what_the_editor_sees_and_what_they_edit(scene: Scene) -> None:
    below = read(scene.editor.get(reverse("wagtailadmin_choose_page_child", args=[scene.public.pk])))
    found = read(scene.editor.get(reverse("wagtailadmin_choose_page_search"), {"q": "Réorganisation"}))
    own = read(scene.editor.get(reverse("wagtailadmin_choose_page_search"), {"q": "Scolarité"}))

    assert "Aide" in below
    assert SECRET not in below + found
    assert "Scolarité" in own
    assert "Accueil" in read(scene.editor.get(reverse("wagtailadmin_choose_page")))


@pytest.mark.parametrize("which", ["hidden", "draft"])
def test_no_chooser_and_no_move_names_a_page_the_editor_may_not_know(scene: Scene, which: str) -> None:
    page = getattr(scene, which)
    answers = [
        scene.editor.get(reverse("wagtailadmin_choose_page_child", args=[page.pk])),
        scene.editor.get(reverse("wagtailadmin_choose_page_chosen_multiple"), {"id": [scene.public.pk, page.pk]}),
        scene.editor.get(reverse("wagtailadmin_pages:move_confirm", args=[page.pk, scene.own.pk])),
        # A page of this slug stands there: Wagtail says so, whoever asks.
        scene.editor.get(reverse("wagtailadmin_pages:move_confirm", args=[scene.own.pk, page.pk])),
        scene.editor.post(reverse("wagtailadmin_pages:move", args=[scene.own.pk]), {"new_parent_page": page.pk}),
        scene.editor.post(reverse("wagtailadmin_pages:copy", args=[scene.own.pk]), {"new_parent_page": page.pk}),
        scene.editor.post(
            f"/admin/bulk/wagtailcore/page/move/?id={scene.own.pk}", {"chooser": page.pk, "move_applicable": "1"}
        ),
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert SECRET not in "".join(map(read, answers))


def test_what_the_editor_may_know_is_chosen_and_moved_as_ever(scene: Scene) -> None:
    chosen = scene.editor.get(reverse("wagtailadmin_choose_page_chosen_multiple"), {"id": [scene.public.pk]})
    confirm = scene.editor.get(
        reverse("wagtailadmin_pages:move_confirm", args=[scene.own.pk, scene.own.get_parent().pk])
    )

    assert chosen.json()["result"][0]["adminTitle"] == "Aide"
    assert confirm.status_code in {200, 302}


def test_a_link_typed_by_hand_becomes_a_page_only_if_the_editor_may_know_it(scene: Scene) -> None:
    def typed(url: str) -> dict[str, Any]:
        fields = {"external-link-chooser-url": url, "external-link-chooser-link_text": "ici"}
        said: dict[str, Any] = scene.editor.post(reverse("wagtailadmin_choose_page_external_link"), fields).json()
        return said

    absent = typed("http://localhost/aide/nulle-part/")
    hidden = typed("http://localhost/aide/reorganisation/")
    asked = typed("http://localhost/aide/reorganisation/?page=2")
    public = typed("http://localhost/aide/")

    assert absent["result"].keys() == hidden["result"].keys() == asked["result"].keys()
    assert (hidden["step"], hidden["result"]["url"]) == (absent["step"], "http://localhost/aide/reorganisation/")
    assert asked["result"]["url"] == "http://localhost/aide/reorganisation/?page=2"
    assert public["result"]["id"] == scene.public.pk


@pytest.mark.parametrize("action", ["delete", "move", "publish", "unpublish"])
def test_bulk_actions_name_no_page_the_editor_may_not_know(scene: Scene, action: str) -> None:
    address = f"/admin/bulk/wagtailcore/page/{action}/"
    ids = [scene.own.pk, scene.public.pk, scene.hidden.pk, scene.draft.pk]

    answers = [
        scene.editor.get(address, {"id": ids}),
        scene.editor.get(address, {"id": "all", "childOf": scene.public.pk}),
    ]

    assert "Aide" in read(answers[0])
    assert SECRET not in "".join(map(read, answers))


def test_bulk_actions_name_no_document_the_editor_may_not_know(scene: Scene, staff: Audience) -> None:
    document = PortalDocumentFactory(title=SECRET, collection=Collection.get_first_root_node(), access=Access.RESERVED)
    document.audiences.set([staff])

    for action in ("delete", "add_tags", "add_to_collection"):
        answer = scene.editor.get(f"/admin/bulk/content/portaldocument/{action}/", {"id": document.pk})
        assert SECRET not in read(answer)


def test_the_administrator_chooses_any_page(scene: Scene, administrator: Client) -> None:
    below = administrator.get(reverse("wagtailadmin_choose_page_child", args=[scene.public.pk]))
    chosen = administrator.get(reverse("wagtailadmin_choose_page_chosen_multiple"), {"id": [scene.hidden.pk]})

    assert SECRET in read(below)
    assert chosen.status_code == 200
