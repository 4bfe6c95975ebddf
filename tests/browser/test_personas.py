"""Each persona signs in and finds what is theirs."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect


@pytest.mark.parametrize(
    ("persona", "greeting", "tag"),
    [
        ("ines.marchetti", "Bonjour Inès", "Licence 1"),
        ("malik.sauvage", "Bonjour Malik", "Apprentis"),
        ("antoine.delestre", "Bonjour Antoine", "UFR Sciences et techniques"),
        ("sylvie.combes", "Bonjour Sylvie", "Direction des ressources humaines"),
    ],
)
def test_home_greets_each_by_name_and_says_their_profile(visit, persona, greeting, tag):
    page = visit("/", persona=persona)

    expect(page.locator("h1")).to_have_text(greeting)
    expect(page.locator(".greeting__profile")).to_contain_text(tag)


def test_a_reader_of_whom_the_provider_says_nothing_is_told_why_home_is_empty(visit):
    page = visit("/", persona="a7f3c1d9")

    expect(page.locator("h1")).to_have_text("Bonjour")
    expect(page.locator(".empty-state").first).to_be_visible()


def test_a_mailed_link_to_a_reserved_page_opens_after_one_sign_in(visit, stack):
    path = "/composantes-et-services/espace-drh/"
    page = visit(path)
    expect(page.locator("h1")).to_contain_text("n’existe pas, ou ne vous est pas ouverte")

    page.get_by_role("link", name="Se connecter et revenir ici").click()
    page.locator("button[value='sylvie.combes']").click()

    page.wait_for_url(f"{stack.address}{path}")
    expect(page.locator("h1")).not_to_contain_text("n’existe pas, ou ne vous est pas ouverte")


def test_signing_out_leaves_the_public_home(visit):
    page = visit("/", persona="ines.marchetti")
    page.locator("details.menu:not(.language-menu) > summary").click()
    page.get_by_role("button", name="Se déconnecter").click()
    page.wait_for_timeout(1500)
    page.goto("/")

    expect(page.get_by_role("link", name="Se connecter").first).to_be_visible()
    expect(page.locator("body")).not_to_contain_text(re.compile("Inès"))
