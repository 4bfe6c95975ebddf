"""A real browser on the whole demonstration."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.servers.stack import Stack, demonstration

CHROMIUM = "/usr/bin/chromium"
# Without these Chromium looks for its maker's hosts at every start.
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]


@pytest.hookimpl(tryfirst=True)  # before marks are selected
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in Path(item.fspath).parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with demonstration(tmp_path_factory.mktemp("demonstration")) as running:
        yield running


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


Visit = Callable[..., Page]


@pytest.fixture
def visit(chromium: Browser, stack: Stack) -> Iterator[Visit]:
    """Open the portal in a fresh browser, signed in as a persona if one is named. No request may go elsewhere."""
    contexts: list[BrowserContext] = []
    foreign: list[str] = []

    def opened(path: str = "/", *, persona: str = "", width: int = 1280, scheme: str = "light") -> Page:
        context = chromium.new_context(
            base_url=stack.address, viewport={"width": width, "height": 900}, color_scheme=scheme, locale="fr-FR"
        )
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: _note_foreign(request.url, foreign))
        if persona:
            sign_in(page, persona, stack, path)
        else:
            page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert foreign == []


def sign_in(page: Page, persona: str, stack: Stack, path: str = "/") -> None:
    """Sign in as `persona`, and come back to `path`."""
    page.goto(f"/oidc/authenticate/?next={path}")
    page.locator(f"button[value='{persona}']").click()
    page.wait_for_url(f"{stack.address}/**")


def _note_foreign(url: str, foreign: list[str]) -> None:
    if urlsplit(url).hostname not in {"127.0.0.1", None} and not url.startswith("data:"):
        foreign.append(url)
