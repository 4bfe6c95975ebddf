"""What every browser may keep of the portal tells of no page, and is the same whoever asks."""

from __future__ import annotations

import json
import re

import pytest

from tests.leaks.answers import content, everything
from tests.leaks.rule import LANGUAGES, Rule
from tests.leaks.world import Seeker, World, words

pytestmark = pytest.mark.django_db

# An emergency that is for everyone is said to everyone; the minute it is said changes.
CLOCK = re.compile(r"\d\d:\d\d")


def test_manifest_worker_and_offline_page_are_the_same_for_all(world: World, seeker: Seeker, rule: Rule) -> None:
    anyone = world.seekers[0]
    public = world.told(rule, anyone)
    addresses = ["/sw.js", *(f"/_portal/manifest.{code}.webmanifest" for code in LANGUAGES)]
    addresses += [f"/_portal/offline.{code}" for code in LANGUAGES]
    for address in addresses:
        mine, theirs = seeker.browser.get(address), anyone.browser.get(address)
        assert mine.status_code == 200
        assert CLOCK.sub("", content(mine)) == CLOCK.sub("", content(theirs)), address
        assert words(everything(mine)) <= public, address
        assert "Cookie" not in mine.get("Vary", "")
        if not address.startswith("/_portal/offline"):
            assert not words(everything(mine)), address


def test_what_the_worker_keeps_is_public(world: World, seeker: Seeker, rule: Rule) -> None:
    """It asks without cookies, as a visitor: what it is told to keep shows what anyone may see."""
    told = json.loads(re.search(r"const SHELL = (\{.*?\});\n", content(seeker.browser.get("/sw.js")))[1])  # type: ignore[index]
    public = world.told(rule, world.seekers[0])
    for page in told["pages"].values():
        for address in (page["home"], page["offline"]):
            assert words(everything(world.seekers[0].browser.get(address))) <= public, address
