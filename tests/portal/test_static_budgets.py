"""What a page weighs and whom it asks, without a browser: files as they are served."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.test import Client

from home.models import HomePage
from tests.reading import soup

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
CSS_BUDGET, JS_BUDGET, OURS_BUDGET = 40_000, 30_000, 20_000
ELSEWHERE = re.compile(r"""(?:<(?:script|img|iframe|source|video|audio|embed|object)\b[^>]*\b(?:src|srcset|data)|"""
                       r"""<link\b(?=[^>]*rel="(?:stylesheet|preload|icon|manifest|preconnect|dns-prefetch))[^>]*href)"""
                       r"""=["'](?:https?:)?//""", re.IGNORECASE)  # fmt: skip


def weight(*files: Path) -> int:
    return sum(len(gzip.compress(file.read_bytes(), 9)) for file in files)


def test_the_stylesheet_is_within_its_budget() -> None:
    assert weight(ROOT / "static" / "css" / "portal.css") < CSS_BUDGET


def test_all_scripts_together_are_within_the_budget_of_a_page() -> None:
    ours = [*(ROOT / "static" / "js").glob("*.js"), ROOT / "templates" / "home" / "installable" / "worker.js"]
    vendor = list((ROOT / "static" / "vendor").glob("*.js"))

    assert weight(*ours) < OURS_BUDGET
    assert weight(*ours, *vendor) < JS_BUDGET


def test_no_template_asks_another_origin_for_anything() -> None:
    assert [file.name for file in TEMPLATES if ELSEWHERE.search(file.read_text(encoding="utf-8"))] == []


def test_no_stylesheet_or_drawing_asks_another_file_or_origin() -> None:
    for file in (ROOT / "static").rglob("*.css"):
        text = file.read_text(encoding="utf-8")
        assert "@import" not in text, file.name
        assert re.findall(r"url\(\s*[\"']?(?:https?:)?//", text) == [], file.name
    for file in (ROOT / "static").rglob("*.svg"):
        assert re.findall(r"(?:href|src)=\"(?!#)|<script|\bon\w+=", file.read_text(encoding="utf-8")) == [], file.name


def test_our_own_scripts_name_no_other_origin() -> None:
    for file in (*(ROOT / "static" / "js").glob("*.js"), ROOT / "templates" / "home" / "installable" / "worker.js"):
        assert re.findall(r"https?://", file.read_text(encoding="utf-8")) == [], file.name


@pytest.mark.django_db
def test_a_page_links_one_stylesheet(client: Client, home: HomePage) -> None:
    for address in ("/", "/recherche/", "/nulle-part/"):
        assert len(soup(client.get(address)).select("link[rel=stylesheet], style")) == 1, address
