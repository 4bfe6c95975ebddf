"""What a browser keeps of the portal: after a session, nothing of it; offline, whom to ask and what is urgent."""

from __future__ import annotations

import json
import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.reading import said
from tests.servers.stack import Stack

KEPT = """async () => {
    const kept = {};
    for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const request of await cache.keys()) {
            kept[new URL(request.url).pathname] = await (await cache.match(request)).text();
        }
    }
    return kept;
}"""
PUBLIC = re.compile(r"/|/static/(css|js|img)/[\w.-]+|/static/[\w.-]+\.svg|/_portal/(offline|accent|front)\.[\w.]+")
PUBLISH = """
from datetime import timedelta
from django.utils import timezone
from home.models import Alert
Alert(level="emergency", title="Campus Nord évacué", text="Quittez les bâtiments.").save()
"""
END = "from home.models import Alert; [one.delete() for one in Alert.objects.filter(title='Campus Nord évacué')]"


def until_kept(page: Page, words: str) -> dict[str, Any]:
    """Wait until the browser keeps the home of visitors and an offline page that says `words`."""
    page.wait_for_function("() => navigator.serviceWorker.controller")
    ready = f"async () => {{ const kept = await ({KEPT})(); return '/' in kept && "
    ready += f"(kept['/_portal/offline.fr'] || '').includes({json.dumps(words)}) ? kept : null; }}"
    for _try in range(60):
        if kept := page.evaluate(ready):
            return dict(kept)
        page.wait_for_timeout(250)
    raise AssertionError(f"not kept: {words}")


def test_a_shared_computer_keeps_nothing_of_a_session_and_helps_offline(visit: Visit, stack: Stack) -> None:
    away, offline = said("The portal cannot be reached"), said("You are offline.")
    page = visit("/", persona="ines.marchetti", width=390)
    name = page.locator(".avatar").first.inner_text()
    until_kept(page, away)
    for path in ("/actualites/", "/agenda/", "/services/", "/", "/recherche/?q=bourse"):
        page.goto(path)
    page.locator("summary.header-link:has(.avatar)").click()
    page.get_by_role("button", name="Se déconnecter").click()
    page.wait_for_load_state()
    page.goto("/")

    kept = until_kept(page, away)

    assert [path for path in kept if not PUBLIC.fullmatch(path)] == []
    assert "Se connecter" in kept["/"]
    for body in kept.values():
        for word in ("Inès", "Marchetti", "Bonjour ", "Se déconnecter", "csrfmiddlewaretoken", f">{name}<"):
            assert word not in body, word

    # An emergency reaches the page that is open, and through it what is kept for later.
    stack.shell(PUBLISH)
    try:
        expect(page.locator(".emergencies")).to_contain_text("Campus Nord évacué", timeout=20_000)
        until_kept(page, "Campus Nord évacué")
        page.context.set_offline(True)
        page.goto("/agenda/")
        expect(page.get_by_role("heading", level=1)).to_have_text(away)
        expect(page.locator(".emergencies")).to_contain_text("Campus Nord évacué")
        expect(page.locator("a[href^='mailto:']")).to_be_visible()
        page.goto("/")
        expect(page.locator(".offline-note")).to_contain_text(offline)
        expect(page.get_by_role("link", name="Se connecter").first).to_be_visible()

        page.context.set_offline(False)
        page.goto("/agenda/")
        expect(page.get_by_role("heading", level=1)).to_have_text("Agenda")
    finally:
        stack.shell(END)
