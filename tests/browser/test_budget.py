"""Home as a student is light, still and of one origin; on a slow phone it is there within a second."""

from __future__ import annotations

import statistics
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import sign_in
from tests.servers.stack import Stack

LARGEST_PAINT = 1_000  # milliseconds, the median of five
WEIGHT = 250_000  # bytes on the wire, all that is asked for
# A phone of some years, on a weak network.
SLOWDOWN = 4
NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8}
WATCH = """
window.seen = {paint: 0, shift: 0};
new PerformanceObserver(list => { for (const one of list.getEntries()) seen.paint = one.startTime; })
  .observe({type: 'largest-contentful-paint', buffered: true});
new PerformanceObserver(list => { for (const one of list.getEntries()) seen.shift += one.value; })
  .observe({type: 'layout-shift', buffered: true});
"""


class Load:
    """One load of home, with nothing kept from the one before."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.wire = page.context.new_cdp_session(page)
        self.wire.send("Network.enable")
        self.bytes = 0
        self.addresses: list[str] = []
        self.wire.on("Network.loadingFinished", self._count)
        self.wire.on("Network.requestWillBeSent", self._note)

    def _count(self, said: dict[str, float]) -> None:
        self.bytes += int(said["encodedDataLength"])

    def _note(self, said: dict[str, dict[str, str]]) -> None:
        self.addresses.append(said["request"]["url"])

    def slow(self) -> None:
        self.wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
        self.wire.send("Network.emulateNetworkConditions", NETWORK)

    def again(self) -> dict[str, float]:
        """Return the instant of the largest paint, in milliseconds, and how much moved."""
        self.bytes, self.addresses = 0, []
        self.wire.send("Network.clearBrowserCache")
        self.page.goto("/")
        self.page.wait_for_load_state("networkidle")
        self.page.wait_for_timeout(200)
        seen: dict[str, float] = self.page.evaluate("window.seen")
        return seen


@pytest.fixture
def load(chromium: Browser, stack: Stack) -> Load:
    context = chromium.new_context(
        base_url=stack.address,
        viewport={"width": 390, "height": 844},
        locale="fr-FR",
        device_scale_factor=2,
        service_workers="block",  # it would answer for the network
    )
    page = context.new_page()
    sign_in(page, "ines.marchetti", stack)
    page.goto("/")  # what readers of her audiences share is kept from now on
    page.add_init_script(WATCH)
    return Load(page)


def test_home_is_light_moves_nothing_and_asks_no_other_origin(load: Load, stack: Stack) -> None:
    seen = load.again()

    assert seen["paint"] > 0
    assert seen["shift"] == 0
    assert 0 < load.bytes < WEIGHT
    assert {urlsplit(url).netloc for url in load.addresses if not url.startswith("data:")} == {
        urlsplit(stack.address).netloc
    }
    assert load.page.evaluate("document.querySelectorAll('link[rel=stylesheet]').length") == 1


@pytest.mark.long
def test_home_is_painted_within_a_second_on_a_slow_phone(load: Load) -> None:
    load.slow()
    seen = [load.again() for _time in range(5)]

    paints = [one["paint"] for one in seen]
    assert statistics.median(paints) < LARGEST_PAINT, paints
    assert {one["shift"] for one in seen} == {0}
