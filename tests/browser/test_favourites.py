"""A student keeps services with stars and puts them in order: by script, by keyboard, by drag, and without any."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_accessibility import violations

KEPT = ".favourites__name > a"
EMPTY = "from home.favourites import Favourite; Favourite.objects.all().delete()"


@pytest.fixture
def nothing_kept(stack) -> Iterator[None]:
    stack.shell(EMPTY)
    yield
    stack.shell(EMPTY)


def keep_three(page: Page) -> list[str]:
    """Press the first three stars of the catalogue; return the names they keep."""
    names = []
    for number in range(3):
        card = page.locator(".service-card").nth(number)
        names.append(card.locator("h3 a").inner_text().strip())
        card.locator(".star").click()
        expect(card.locator(".star")).to_have_attribute("aria-pressed", "true")
    return names


def shown(page: Page) -> list[str]:
    return [name.strip() for name in page.locator(KEPT).all_inner_texts()]


def test_stars_keep_in_place_and_the_order_follows_keys_and_drag(visit, nothing_kept):
    page = visit("/services/?for=all", persona="ines.marchetti", width=390)
    one, two, three = keep_three(page)
    assert page.url.endswith("/services/?for=all")
    page.goto("/favoris/")
    assert shown(page) == [one, two, three]

    # By keyboard: the focus stays on what moves, and the place is said.
    page.locator(".favourites__grip").nth(2).focus()
    with page.expect_response("**/favoris/ordre/") as saved:
        page.keyboard.press("ArrowUp")
        page.keyboard.press("ArrowUp")
        page.keyboard.press("ArrowUp")
    assert saved.value.status == 204
    expect(page.locator(".favourites__grip").nth(0)).to_be_focused()
    expect(page.locator("[data-favourites-said]")).to_contain_text("1")
    page.reload()
    assert shown(page) == [three, one, two]

    # By drag.
    box = page.locator(".favourites__grip").nth(0).bounding_box()
    last = page.locator(".favourites__item").nth(2).bounding_box()
    page.mouse.move(box["x"] + 10, box["y"] + 10)
    with page.expect_response("**/favoris/ordre/") as saved:
        page.mouse.down()
        page.mouse.move(box["x"] + 10, last["y"] + last["height"] - 5, steps=12)
        page.mouse.up()
    assert saved.value.status == 204
    page.reload()
    assert shown(page) == [one, two, three]

    found = violations(page)
    page.locator("[name=remove]").first.click()
    expect(page.locator(".favourites__undo")).to_contain_text(one)
    assert [*found, *violations(page)] == []
    page.locator(".favourites__undo button").click()
    page.wait_for_url("**/favoris/")
    assert shown(page) == [one, two, three]
    page.goto("/")
    tiles = page.locator("section[aria-labelledby=favourites] .service-tile__name")
    assert [name.strip() for name in tiles.all_inner_texts()] == [one, two, three]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_without_scripts_stars_and_arrows_are_forms(chromium, stack, nothing_kept):
    context = chromium.new_context(base_url=stack.address, java_script_enabled=False, locale="fr-FR")
    page = context.new_page()
    page.goto("/oidc/authenticate/?next=/services/%3Ffor%3Dall")
    page.locator("button[value='ines.marchetti']").click()
    one, two, _three = keep_three(page)
    assert page.url.endswith("/services/?for=all")
    page.locator(".service-card .star").nth(2).click()
    expect(page.locator(".service-card .star").nth(2)).to_have_attribute("aria-pressed", "false")

    page.goto("/favoris/")
    assert page.locator(".favourites__grip:visible").count() == 0
    page.locator("[name=down]").first.click()
    assert shown(page) == [two, one]
    context.close()
