"""The blocks pages are made of: what each shows, to whom, and what it does with what it should not hold."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from wagtail.blocks.struct_block import StructBlockValidationError

from audience.models import Access
from content.blocks import BodyBlock
from content.models import StandardPage
from content.outline import TAKEN
from content.targets import targets_of
from content.text import body_text
from search.models import EntryText
from tests.content.everything import every_block, picture, plant
from tests.factories import GuidancePageFactory, NewsPageFactory, StandardPageFactory, UnitFactory
from tests.reading import soup

pytestmark = pytest.mark.django_db
BLOCKS = BodyBlock().child_blocks
ONCE = BodyBlock().meta.block_counts
LEADING = ("pages", "documents", "service", "contact")  # what they show, somebody chose among what others may not see


def prose(browser: Client, page: Any) -> Any:
    return soup(browser.get(page.url)).select_one(".prose")


def stream() -> Any:
    return StandardPage._meta.get_field("body").stream_block


def page_of(home: Any, *body: dict[str, Any]) -> Any:
    return StandardPageFactory(parent=home, body=list(body))


def heading(text: str, level: str = "2") -> dict[str, Any]:
    return {"type": "heading", "value": {"text": text, "level": level}}


def test_the_page_of_all_blocks_holds_each_of_them() -> None:
    raw = every_block(page=1, service=2, document=3, unit=4, image=5)

    assert {block["type"] for block in raw} == set(BLOCKS)


def test_each_block_is_shown(client: Client, home: Any) -> None:
    shown = prose(client, plant(home))

    for selector, words in {
        "h2#ce-quil-faut-savoir": "Ce qu’il faut savoir",
        ".callout[data-state=deadline] .callout__title": "Avant le 30 septembre",
        "blockquote": "J’ai trouvé ma voie.",
        "pre[tabindex='0'] code": "for mot in mots:",
        "ol.steps > li:nth-of-type(2) .steps__link a[href='https://cvec.example/']": "https://cvec.example/",
        ".steps__link a[href$='-news/page-1/'], .steps__link a": "Concert au parvis",
        "details summary": "Puis-je m’inscrire en retard ?",
        ".table-scroll[tabindex='0'] caption": "Droits d’inscription",
        "th[scope=row]": "Licence",
        "figure > figcaption": "",
        ".entry-card__title": "Concert au parvis",
        ".document-card__title": "Règlement des études",
        ".service-card__title": "Prêt d’ordinateurs",
        ".contact-card__title": "Accueil",
        ".contact-card a[href='tel:0300001810']": "03 00 00 18 10",
        ".contact-card a[href='mailto:accueil@valmont.example']": "accueil@valmont.example",
        ".key-dates time[datetime='2031-05-12']": "lundi 12 mai 2031",
        ".key-dates time[datetime='17:00']": "17\u00a0h\u00a000",
        ".figures dd": "1 400",
        ".place-card__title": "Présidence",
        ".video-card__title": "La bibliothèque en trois minutes",
    }.items():
        found = shown.select_one(selector)
        assert found is not None, selector
        assert words in found.get_text(), selector
    assert "La scolarité" not in shown.select_one(".contact-card").get_text()
    assert shown.select_one(".contact-card a[href*='-sections/']").get_text() == "Scolarité centrale"


def test_a_video_asks_nothing_of_its_host_before_the_reader_does(client: Client, home: Any) -> None:
    answer = client.get(plant(home).url)

    assert not soup(answer).select("iframe, video, embed, object, source, script:not([src^='/'])")
    assert [one["src"] for one in soup(answer).select("main [src]") if not one["src"].startswith("/media/")] == []
    assert soup(answer).select_one(".video-card__link")["href"] == "https://pod.valmont.example/video/12"
    assert "frame-src" not in answer["Content-Security-Policy"]
    assert "pod.valmont.example" not in answer["Content-Security-Policy"]


def test_a_place_is_a_drawing_and_links_to_maps(client: Client, home: Any) -> None:
    card = prose(client, plant(home)).select_one(".place-card")

    assert [link["href"] for link in card.select("a")] == [
        "https://www.openstreetmap.org/?mlat=48.850000&mlon=-2.350000#map=17/48.850000/-2.350000",
        "geo:48.850000,-2.350000",
    ]
    assert "48,85°" in card.get_text()


# Who is shown what


@pytest.mark.parametrize("block", LEADING)
def test_what_is_reserved_for_others_vanishes_with_the_heading_over_it(
    client: Client, sign_in: Any, home: Any, staff: Any, block: str
) -> None:
    whole = plant(home, audiences=[staff], access=Access.RESERVED)
    chosen = next(one for one in whole.body.raw_data if one["type"] == block)
    if block == "contact":
        chosen["value"] = {**chosen["value"], "name": "", "unit": 999_999}
    raw = [heading("Introduction"), {"type": "text", "value": "<p>Bonjour</p>"}, heading("Réservé"), dict(chosen)]
    page = page_of(home, *raw, heading("Fin"), {"type": "text", "value": "<p>Au revoir</p>"})

    shown = prose(client, page)

    told = [one.get_text() for one in shown.find_all(recursive=False)]
    assert told == ["Introduction", "Bonjour", "Fin", "Au revoir"]
    if block != "contact":
        assert "Réservé" in prose(sign_in([staff]), page).get_text()


def test_nothing_of_what_is_reserved_is_on_the_page_of_all_blocks(
    client: Client, sign_in: Any, home: Any, staff: Any
) -> None:
    page = plant(home, audiences=[staff], access=Access.RESERVED)
    secret = ["Concert au parvis", "Règlement des études", "Prêt d’ordinateurs"]
    secret += ["-news/page", "/documents/", "-sections/page"]

    for_all, member = client.get(page.url).content.decode(), sign_in([staff]).get(page.url).content.decode()

    assert [words for words in secret if words in for_all] == []
    assert [words for words in secret if words not in member] == []
    indexed = EntryText.objects.get(entry__object_id=page.pk, entry__kind="page").body
    assert not any(words in indexed for words in secret)


def test_a_heading_over_nothing_that_its_editor_left_there_stays(client: Client, home: Any) -> None:
    shown = prose(client, page_of(home, heading("Un"), heading("Deux")))

    assert [one.get_text() for one in shown.select("h2")] == ["Un", "Deux"]


def test_a_part_stays_as_long_as_something_in_it_is_shown(client: Client, home: Any, news_index: Any) -> None:
    shown = NewsPageFactory(parent=news_index)
    gone = {"type": "pages", "value": [999_999]}
    there = {"type": "pages", "value": [shown.pk]}
    page = page_of(home, heading("Part"), heading("Vide", "3"), gone, heading("Pleine", "3"), there)

    assert [(one.name, one.get_text()) for one in prose(client, page).select("h2, h3:not([class])")] == [
        ("h2", "Part"),
        ("h3", "Pleine"),
    ]


def test_the_table_of_contents_is_of_the_headings_shown(client: Client, guidance_index: Any) -> None:
    gone = {"type": "pages", "value": [999_999]}
    body = [heading("Un"), {"type": "text", "value": "<p>a</p>"}, heading("Deux"), gone]
    page = GuidancePageFactory(parent=guidance_index, body=body)

    links = soup(client.get(page.url)).select(".toc--side a")

    assert [(link.get_text(), link["href"]) for link in links] == [("Un", "#un")]


def test_ten_of_each_cost_no_more_queries_than_one(client: Client, home: Any, count_queries: Any) -> None:
    one = plant(home, slug="un")
    raw: list[Any] = []
    for number in range(10):
        blocks = plant(home, slug=f"dix-{number}").body.raw_data
        raw += [block for block in blocks if number == 0 or block["type"] not in ONCE]
    ten = StandardPageFactory(parent=home, body=raw)
    for page in (one, ten):
        client.get(page.url)  # sizes of images are made the first time

    assert count_queries(client.get, one.url) == count_queries(client.get, ten.url)


# Headings


def test_headings_have_anchors_of_their_own(client: Client, home: Any) -> None:
    titles = [
        "Contact",
        "Dates",
        "Bourses",
        "Bourses",
        "",
        "عنوان",
        "عنوان",
        "Contenu",
        "content",
        "Étape n° 1 : s’inscrire",
    ]
    shown = prose(client, page_of(home, *map(heading, titles)))

    anchors = [one["id"] for one in shown.select("h2")]

    assert len(set(anchors)) == len(titles)
    assert not set(anchors) & TAKEN
    assert anchors[:4] == ["contact-2", "dates-2", "bourses", "bourses-2"]


def test_the_first_key_dates_of_a_page_can_be_led_to(client: Client, home: Any) -> None:
    dates = {"type": "dates", "value": {"items": [{"label": "Clôture", "starts_on": "2031-05-12"}]}}
    shown = prose(client, page_of(home, heading("Dates"), dates, dates))

    assert [one.get("id") for one in shown.select(".key-dates")] == ["dates", None]
    assert shown.select_one("h2")["id"] == "dates-2"


def test_no_heading_takes_an_id_that_templates_give_themselves() -> None:
    used = {
        found
        for template in Path("templates").rglob("*.html")
        if template.parent.name not in {"accounts", "admin", "audience"}
        for found in re.findall(r'\sid="([a-z][a-z0-9-]*)"', template.read_text())
    }

    assert used <= TAKEN


def test_no_heading_skips_a_level_whatever_was_chosen(client: Client, home: Any) -> None:
    body = [
        heading("Seul", "3"),
        heading("Partie"),
        {"type": "accordion", "value": {"items": [{"title": "Q", "text": "<p>R</p>"}]}},
        {"type": "steps", "value": {"items": [{"title": "Faire", "text": ""}]}},
        heading("Dedans", "3"),
        {"type": "steps", "value": {"items": [{"title": "Refaire", "text": ""}]}},
    ]

    first = {"type": "steps", "value": {"items": [{"title": "D’abord", "text": ""}]}}
    shown = prose(client, page_of(home, first, *body))

    assert [(one.name, one.get_text()) for one in shown.select("h1, h2, h3, h4")] == [
        ("h2", "D’abord"),
        ("h2", "Seul"),
        ("h2", "Partie"),
        ("h3", "Faire"),
        ("h3", "Dedans"),
        ("h4", "Refaire"),
    ]


def test_a_heading_stored_before_there_were_levels_opens_a_part(client: Client, home: Any) -> None:
    page = page_of(home, {"type": "heading", "value": {"text": "Ancien"}})

    assert prose(client, page).select_one("h2#ancien")


# Images


def test_an_image_is_described_in_its_place_or_by_itself(client: Client, home: Any) -> None:
    described = picture(alternative="Le campus").pk
    values = [
        {"image": described},
        {"image": described, "alternative": "La bibliothèque, à droite"},
        {"image": described, "decorative": True},
        {"image": picture(is_decorative=True).pk},
    ]
    page = page_of(home, *({"type": "image", "value": value} for value in values))

    assert [one["alt"] for one in prose(client, page).select("img")] == [
        "Le campus",
        "La bibliothèque, à droite",
        "",
        "",
    ]


@pytest.mark.parametrize(
    ("said", "refused"),
    [({}, True), ({"alternative": "  "}, True), ({"alternative": "Le campus"}, False), ({"decorative": True}, False)],
)
@pytest.mark.parametrize("block", ["image", "gallery"])
def test_an_image_nobody_described_is_refused_when_published_not_when_drafted(
    home: Any, block: str, said: dict[str, Any], refused: bool
) -> None:
    item = {"image": picture(), **said}
    body = stream()
    value = body.normalize([(block, item if block == "image" else {"items": [item, item]})])

    body.clean_deferred(value)
    if refused:
        with pytest.raises(ValidationError):
            body.clean(value)
    else:
        body.clean(value)


def test_an_image_that_says_what_it_shows_needs_no_more_words(home: Any) -> None:
    body = stream()

    body.clean(body.normalize([("image", {"image": picture(alternative="Le campus")})]))


def test_an_image_that_is_gone_leaves_nothing(client: Client, home: Any) -> None:
    gone = {"image": 999_999, "caption": "Une légende"}
    page = page_of(home, {"type": "image", "value": gone}, {"type": "gallery", "value": {"items": [gone, gone]}})

    assert prose(client, page).find_all() == []


def test_a_contact_is_a_unit_or_has_a_name() -> None:
    block = BLOCKS["contact"]
    with pytest.raises(StructBlockValidationError):
        block.clean(block.normalize({"phone": "03 00 00 18 10"}))
    block.clean(block.normalize({"name": "Accueil"}))


# Search


def test_the_text_of_each_block_is_found(home: Any) -> None:
    raw = every_block(page=1, service=1, document=1, unit=1, image=picture().pk)
    for name, words in {
        "heading": ["Ce qu’il faut savoir"],
        "text": ["la nouvelle", "deux"],
        "callout": ["Avant le 30 septembre", "le fichier"],
        "quote": ["J’ai trouvé ma voie.", "Amina Diallo"],
        "code": ["for mot in mots"],
        "steps": ["S’inscrire", "Payer"],
        "accordion": ["Puis-je m’inscrire en retard ?", "appeler"],
        "table": ["Droits d’inscription", "Diplôme", "Licence", "Écrire"],
        "image": ["Campus Nord", "Le campus sous la neige"],
        "gallery": ["Campus Nord", "Le campus sous la neige"],
        "video": ["La bibliothèque en trois minutes", "Bienvenue à la bibliothèque."],
        "contact": ["Accueil", "Inscriptions", "Bâtiment A", "03 00 00 18 10", "accueil@valmont.example"],
        "dates": ["Calendrier", "Clôture des inscriptions"],
        "figures": ["1 400", "places de travail"],
        "map": ["Présidence", "1, place du Parvis"],
        "pages": [],
        "documents": [],
        "service": [],
    }.items():
        text = body_text(stream().to_python([one for one in raw if one["type"] == name]))
        assert [one for one in words if one not in text] == [], name
        assert bool(text) == bool(words), name
        assert not re.search(r"\bNone\b|Information|Avertissement|\bTrue\b|https?:", text), (name, text)


def test_what_a_body_leads_to_is_read_from_its_raw_data(home: Any, django_assert_num_queries: Any) -> None:
    body = stream().to_python(every_block(page=11, service=12, document=13, unit=14, image=15))

    with django_assert_num_queries(0):
        assert targets_of(body) == {"page": {11, 12}, "document": {13}, "unit": {14}}


# Editors


@pytest.mark.parametrize("name", BLOCKS)
def test_an_editor_is_shown_each_block_before_it_is_added(administrator: Client, name: str) -> None:
    block = stream().child_blocks[name]

    answer = administrator.get(reverse("wagtailadmin_block_preview"), {"id": block.definition_prefix})

    page = soup(answer)
    assert block.is_previewable
    assert answer.status_code == 200
    assert page.select_one("link[rel=stylesheet]")["href"].endswith("css/portal.css")
    assert page.select_one(".prose").get_text(strip=True) or page.select(".prose img[alt]")
    assert "style-src 'self' 'unsafe-inline'" in answer["Content-Security-Policy"]
    assert not page.select("[style]")


@pytest.mark.parametrize("name", BLOCKS)
def test_each_block_says_what_it_is_for(name: str) -> None:
    block = BLOCKS[name]

    assert block.label
    assert block.meta.group
    assert len(str(block.get_description())) > 30
    assert block.meta.icon != "placeholder"


@pytest.mark.parametrize("sent", ["", "nothing", "9" * 30, "-1"])
def test_no_unit_is_a_choice_too(sent: str) -> None:
    block = BLOCKS["contact"].child_blocks["unit"]

    assert block.value_from_datadict({"unit": sent}, {}, "unit") is None


def test_the_unit_chosen_comes_back_in_the_form() -> None:
    unit = UnitFactory()
    block = BLOCKS["contact"].child_blocks["unit"]

    assert block.value_from_datadict({"unit": str(unit.pk)}, {}, "unit") == unit
    assert block.get_form_state(unit) == [str(unit.pk)]
    assert list(block.extract_references(unit)) == [(type(unit), str(unit.pk), "", "")]
