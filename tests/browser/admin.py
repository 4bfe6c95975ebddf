"""What an editor does in the admin, in French."""

from __future__ import annotations

import re

from playwright.sync_api import Page


def publish(editor: Page) -> None:
    """Publish the page whose form is open."""
    editor.locator("footer [data-w-dropdown-target='toggle']").click()
    editor.get_by_role("button", name="Publier").click()
    editor.wait_for_load_state()


def translate(editor: Page, *, language: str, title: str) -> None:
    """From a page of the portal, make its translation into `language` (its French name), and publish it."""
    editor.locator(".site-header details.menu:not(.language-menu) summary").click()
    editor.get_by_role("link", name="Modifier cette page").click()
    editor.get_by_role("button", name="Actions").first.click()
    editor.get_by_role("link", name="Traduire").first.click()
    editor.get_by_role("checkbox", name=language).check()
    editor.get_by_role("button", name="Soumettre").click()
    editor.wait_for_url(re.compile("/admin/pages/.*/edit/"))
    editor.get_by_role("textbox", name="Titre").first.fill(title)
    publish(editor)
