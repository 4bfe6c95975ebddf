"""Take the pictures of docs/screenshots/ from the demonstration, in a real browser."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.servers.stack import demonstration  # noqa: E402  # found once the path is set

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
# name, persona ("" is a visitor), path, width, height, colour scheme
PICTURES = [
    ("home-1440", "ines.marchetti", "/", 1440, 1500, "light"),
    ("home-dark-1440", "ines.marchetti", "/", 1440, 1500, "dark"),
    ("home-390", "ines.marchetti", "/", 390, 844, "light"),
    ("search-1440", "ines.marchetti", "/recherche/?q=examen", 1440, 1100, "light"),
]


def main() -> None:
    folder = ROOT / "docs" / "screenshots"
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary, demonstration(Path(temporary)) as stack, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for name, persona, path, width, height, scheme in PICTURES:
            context = browser.new_context(
                viewport={"width": width, "height": height}, color_scheme=scheme, locale="fr-FR"
            )
            page = context.new_page()
            if persona:
                page.goto(f"{stack.address}/oidc/authenticate/")
                page.locator(f"button[value='{persona}']").click()
                page.wait_for_url(f"{stack.address}/**")
            page.goto(stack.address + path)
            page.wait_for_load_state("networkidle")
            page.screenshot(path=folder / f"{name}.png")
            context.close()
            print(folder / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
