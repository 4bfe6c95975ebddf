"""Sign-in and sign-out at two real providers, in a real browser: Keycloak and oidc-provider."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, BrowserContext, Page

from tests.servers.identity import Keycloak, OidcProvider, keycloak, oidc_provider, running
from tests.servers.stack import ROOT, Stack, free_port

AGE = 2  # seconds after which a session is asked for again
# On her account alone: the page that sends round by the provider stands at the same address for a moment.
ACCOUNT = "main form[action='/oidc/logout/'] button"
LEA: dict[str, Any] = {"given_name": "Léa", "family_name": "Martin", "eduPersonAffiliation": ["student", "member"]}


@dataclass
class Real:
    """A portal, the provider it stands behind, and how one signs in and out there."""

    portal: str
    provider: Keycloak | OidcProvider
    log: Path
    fill: Callable[[Page], None]

    def sign_in(self, context: BrowserContext) -> Page:
        """Sign in as Léa and open her account."""
        page, to = context.new_page(), "/compte/"
        page.goto(f"{self.portal}/oidc/authenticate/?next={to}")
        self.fill(page)
        page.wait_for_url(f"{self.portal}{to}")
        page.wait_for_selector(ACCOUNT)
        return page

    def said_of_lea(self, page: Page) -> str:
        """Return what her account says, after going round by the provider if it is time."""
        page.goto(f"{self.portal}/compte/")
        page.wait_for_selector(ACCOUNT)
        return page.inner_text("main")

    def ended(self) -> int:
        """Return how many sessions the provider has ended by the back channel."""
        lines = [line for line in self.log.read_text().splitlines() if "back-channel sign-out:" in line]
        return sum(int(line.partition("back-channel sign-out: ")[2].split()[0]) for line in lines)


def serve(stack: Stack, port: int, issuer: str, log: Path) -> Any:
    """Serve the demonstration once more, behind another provider."""
    environment = {
        **stack.environment,
        "OIDC_ISSUER": issuer,
        "OIDC_RP_CLIENT_SECRET": "s3cret",
        "OIDC_RECHECK_AGE": str(AGE),
        "PARVIS_BASE_URL": f"http://127.0.0.1:{port}",
    }
    command = [
        sys.executable, "-m", "gunicorn", "--pythonpath", "site,.", "--bind", f"127.0.0.1:{port}",
        "--threads", "4", "--no-control-socket", "portal.wsgi",
    ]  # fmt: skip
    return running(command, f"http://127.0.0.1:{port}/health/live", log, cwd=ROOT, env=environment)


def fill_keycloak(page: Page) -> None:
    page.fill("#username", "lea")
    page.fill("#password", "lea")
    page.click("#kc-login")


def fill_panva(page: Page) -> None:
    page.fill("input[name=login]", "lea")
    page.click("button")


@contextmanager
def started(name: str, stack: Stack, folder: Path) -> Iterator[Real]:
    """Run a provider and a portal behind it, until both have shown the form to sign in with."""
    port, start = free_port(), keycloak if name == "keycloak" else oidc_provider
    portal, log = f"http://127.0.0.1:{port}", folder / "portal.log"
    with (
        start(folder, port=free_port(), portal=portal) as provider,
        serve(stack, port, provider.issuer, log),
    ):
        if isinstance(provider, OidcProvider):
            provider.say("lea", **LEA)
        requests.get(f"{portal}/oidc/authenticate/?next=/", timeout=120)  # the first one takes long
        yield Real(portal, provider, log, fill_keycloak if name == "keycloak" else fill_panva)


@pytest.fixture(scope="module")
def providers(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Real]]:
    """Start each provider when it is first asked for, and once, whatever the order of the tests."""
    with ExitStack() as running_ones:
        yield cache(lambda name: running_ones.enter_context(started(name, stack, tmp_path_factory.mktemp(name))))


@pytest.fixture(params=["oidc-provider", "keycloak"])
def real(request: pytest.FixtureRequest, providers: Callable[[str], Real]) -> Real:
    wanted = ("java", "mvn") if request.param == "keycloak" else ("node", "npm")
    if absent := [name for name in wanted if shutil.which(name) is None]:
        pytest.skip(f"{', '.join(absent)} not here")
    return providers(request.param)


@pytest.fixture
def browsers(chromium: Browser) -> Iterator[Callable[[], BrowserContext]]:
    """Make browsers that know nothing of one another."""
    made: list[BrowserContext] = []

    def make() -> BrowserContext:
        made.append(chromium.new_context(locale="fr-FR"))
        made[-1].set_default_timeout(60_000)
        return made[-1]

    yield make
    for context in made:
        context.close()


def test_two_tabs_come_back_each_to_its_own_page(real: Real, browsers: Callable[[], BrowserContext]) -> None:
    context = browsers()
    second = context.new_page()
    second.goto(f"{real.portal}/oidc/authenticate/?next=/recherche/?q=aide")

    first = real.sign_in(context)
    assert "Léa Martin" in first.inner_text("main")

    # Keycloak's own page goes on by itself once another tab has signed in.
    if isinstance(real.provider, OidcProvider):
        second.reload()
        real.fill(second)
    second.wait_for_url(f"{real.portal}/recherche/?q=aide")


def test_claims_change_between_two_pages_and_between_two_sign_ins_and_signing_out_ends_both_sessions(
    real: Real, browsers: Callable[[], BrowserContext]
) -> None:
    context = browsers()
    real.provider.say("lea", eduPersonAffiliation=["student"])
    page = real.sign_in(context)
    assert "student" in page.inner_text("main")

    real.provider.say("lea", eduPersonAffiliation=["employee"])
    time.sleep(AGE + 0.5)
    assert "employee" in real.said_of_lea(page)

    page.locator(ACCOUNT).click()
    if isinstance(real.provider, OidcProvider):
        page.wait_for_url(f"{real.provider.issuer}/**")
        page.click("button[name=logout]")
    page.wait_for_url(f"{real.portal}/")

    real.provider.say("lea", eduPersonAffiliation=["alum"])
    again = real.sign_in(context)  # asked who one is: the session there is over as well
    assert "alum" in again.inner_text("main")


def test_a_session_ended_at_the_provider_is_over_here_before_anyone_asks(
    real: Real, browsers: Callable[[], BrowserContext]
) -> None:
    if isinstance(real.provider, Keycloak):
        real.provider.end_sessions("lea")  # those of other tests: of several that it ends at once it may tell one alone
    context = browsers()
    page = real.sign_in(context)
    before = real.ended()

    if isinstance(real.provider, Keycloak):
        real.provider.end_sessions("lea")
    else:
        elsewhere = context.new_page()
        elsewhere.goto(f"{real.provider.issuer}/session/end")
        elsewhere.click("button[name=logout]")
        elsewhere.wait_for_load_state()
    until = time.monotonic() + 30
    while real.ended() == before and time.monotonic() < until:
        time.sleep(0.2)
    assert real.ended() > before

    page.goto(f"{real.portal}/compte/")
    page.wait_for_selector("input[name=login], #username")


def test_new_keys_are_found_and_a_late_answer_is_not_waited_for(
    real: Real, browsers: Callable[[], BrowserContext]
) -> None:
    if not isinstance(real.provider, OidcProvider):
        pytest.skip("Keycloak does neither when asked")
    real.provider.go_wrong(key=1)
    real.sign_in(browsers())

    real.provider.go_wrong(late=7)
    try:
        page = browsers().new_page()
        page.goto(f"{real.portal}/oidc/authenticate/?next=/")
        real.fill(page)
        page.wait_for_selector("text=Le service de connexion ne répond pas")
    finally:
        real.provider.go_wrong(late=0)
