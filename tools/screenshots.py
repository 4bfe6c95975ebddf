"""Take the pictures of docs/screenshots/ from the demonstration, in a real browser.

All of them go to docs/screenshots/all/, which git ignores: each page as four readers, at three widths, in light and in
dark. Those that documents show, and a choice that says what the portal looks like, are kept in docs/screenshots/.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.servers.stack import Stack, demonstration  # noqa: E402  # found once the path is set

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
FOLDER = ROOT / "docs" / "screenshots"
HEIGHTS = {360: 800, 390: 844, 768: 1024, 1440: 1500}
WIDTHS, SCHEMES = (360, 768, 1440), ("light", "dark")
READERS = {"anonymous": "", "student": "ines.marchetti", "teacher": "antoine.delestre", "staff": "sylvie.combes"}
EDITOR = "mathilde.roche"
PAGES = {
    "home": "/",
    "news": "/actualites/",
    "news-page": "/actualites/calendrier-des-examens/",
    "agenda": "/agenda/",
    "agenda-month": f"/agenda/{date.today():%Y/%m}/",  # noqa: DTZ011  # of this machine, as the portal's
    "services": "/services/",
    "service": "/services/arche/",
    "guidance": "/demarches/",
    "guidance-page": "/demarches/s-inscrire-a-l-universite/",
    "sections": "/composantes-et-services/",
    "section": "/composantes-et-services/ufr-sciences/",
    "page": "/mentions-legales/",
    "search": "/recherche/?q=examen",
}
FOUND = {"event": ("/agenda/", ".event-row__title a"), "announcement": ("/", ".announcement-card__title a")}
# As documents show them: name, reader, page, width, scheme.
SHOWN = [
    ("home-1440", "student", "home", 1440, "light"),
    ("home-dark-1440", "student", "home", 1440, "dark"),
    ("home-390", "student", "home", 390, "light"),
    ("search-1440", "student", "search", 1440, "light"),
]
CHOSEN = {
    *(f"home-{reader}-{width}-light" for reader in ("anonymous", "teacher", "staff") for width in (360, 1440)),
    *(f"{name}-student-1440-light" for name in PAGES if name not in {"home", "page"}),
    *(f"{name}-student-360-dark" for name in ("home", "services", "guidance-page")),
    "event-student-768-light",
    "styleguide-editor-1440-light",
    "styleguide-editor-1440-dark",
}


def sign_in(browser: Browser, stack: Stack, persona: str) -> Page:
    """Return a page of a browser signed in as `persona`, if one is named. Nothing moves in it."""
    page = browser.new_context(base_url=stack.address, locale="fr-FR", reduced_motion="reduce").new_page()
    if persona:
        page.goto("/oidc/authenticate/")
        page.locator(f"button[value='{persona}']").click()
        page.wait_for_url(f"{stack.address}/**")
    return page


def go(page: Page, name: str) -> bool:
    """Open the page called `name`; returns whether the reader has it."""
    path = PAGES.get(name, f"/{name}/")
    if name in FOUND:
        here, link = FOUND[name]
        page.goto(here)
        first = page.locator(link).first
        path = (first.get_attribute("href") or "") if first.count() else ""  # a visitor may have no announcement
    answer = page.goto(path) if path else None
    return bool(answer and answer.ok)


def take(page: Page, width: int, scheme: str) -> Image.Image:
    """Return the first view of the page that is open, and some of what follows."""
    page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # light or dark
    page.wait_for_load_state("networkidle")
    return Image.open(BytesIO(page.screenshot())).convert("RGB")


def pictures(browser: Browser, stack: Stack) -> Iterator[tuple[str, Image.Image]]:
    """Yield all pictures with their names, each page loaded once for a reader."""
    for reader, persona in [*READERS.items(), ("editor", EDITOR)]:
        page = sign_in(browser, stack, persona)
        for name in ["styleguide"] if reader == "editor" else [*PAGES, *FOUND]:
            if not go(page, name):
                continue
            for width in WIDTHS:
                for scheme in SCHEMES:
                    yield f"{name}-{reader}-{width}-{scheme}", take(page, width, scheme)
            for shown, who, what, width, scheme in SHOWN:
                if (who, what) == (reader, name):
                    yield shown, take(page, width, scheme)
        page.context.close()


def main() -> None:
    (FOLDER / "all").mkdir(parents=True, exist_ok=True)
    shown = {name for name, *_rest in SHOWN}
    with tempfile.TemporaryDirectory() as temporary, demonstration(Path(temporary)) as stack, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for name, picture in pictures(browser, stack):
            if name in shown:
                picture.quantize(255).save(FOLDER / f"{name}.png", optimize=True)
            else:
                folder = FOLDER if name in CHOSEN else FOLDER / "all"
                picture.save(folder / f"{name}.webp", quality=72, method=5)
            print(name, flush=True)
        browser.close()


if __name__ == "__main__":
    main()
