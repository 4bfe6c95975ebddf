"""Whatever a body holds, by whatever way it came there, it is shown harmless."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from content.blocks import BodyBlock
from content.blocks.addresses import link_address, web_address
from content.blocks.text import KEPT_TAGS, expand
from tests.content.everything import every_block, picture, poisoned
from tests.factories import StandardPageFactory
from tests.reading import soup

NAMES = list(BodyBlock().child_blocks)
FORGED_SLOT = "<!--slot:profile:1-->"
HOSTILE = {
    "script": '<script>alert(1)</script><img src=x onerror=alert(1)>"\'><svg/onload=alert(1)>',
    "closing": "</p></div></main></body></html><h1>Ailleurs</h1>",
    "link": '<p><a href="javascript:alert(1)" onclick="alert(1)" style="position:fixed">ici</a></p>',
    "data": '<p><a href="data:text/html,<script>alert(1)</script>">ici</a><a href=" javascript:alert(1)">là</a></p>',
    "bare address": "javascript:alert(1)",
    "data address": "data:text/html;base64,PHNjcmlwdD4=",
    "template": "{{ request.user }} {% include 'base.html' %} {{ '<b>' }}",
    "slot": f"{FORGED_SLOT}<p>{FORGED_SLOT}</p>",
    "forged id": '<p><a linktype="page" id="1 OR 1=1">a</a><a linktype="../x" id="-1">b</a><a linktype="page">c</a>',
    "huge id": f'<p><a linktype="document" id="{"9" * 400}">a</a></p>',
    "unfinished": "<p><a href=\"x",
    "long": "x" * 10_000,
    "long words": "mot " * 2_500,
    "right to left": "\u202eمرحبا بالجامعة\u202c שלום",
    "control": "a\u0000b\u0008c\u2028d",
    "empty": "",
}  # fmt: skip


def harm(main: Any) -> list[str]:
    """Return what a browser might run, load or follow that is not of the portal or of the web."""
    found = [tag.name for tag in main.select("script, iframe, object, embed, form, style, base, meta, link, h1 ~ h1")]
    for tag in main.find_all():
        found += [f"{tag.name} {name}" for name in tag.attrs if name.startswith("on") or name == "style"]
        found += [
            f"{tag.name} {tag[name]}"
            for name in ("href", "src", "action", "formaction", "xlink:href")
            if urlsplit(tag.get(name, "")).scheme not in {"", "http", "https", "mailto", "tel", "geo"}
        ]
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("case", HOSTILE)
@pytest.mark.parametrize("name", NAMES)
def test_no_block_does_harm(client: Client, home: Any, name: str, case: str) -> None:
    image = picture().pk
    raw = [one for one in every_block(page=1, service=1, document=1, unit=1, image=image) if one["type"] == name]
    words = HOSTILE[case].replace("\u0000", "")  # no database keeps that one
    value = poisoned(raw[0]["value"], words)
    page = StandardPageFactory(parent=home, title="Page", body=[{"type": name, "value": value}])

    answer = client.get(page.url)

    assert answer.status_code == 200
    read = soup(answer)
    assert len(read.select("h1")) == 1
    assert read.select_one("body > footer.site-footer")
    assert harm(read.select_one("main")) == []
    assert read.select_one("main").select(".profile, .header-link, details.menu") == []
    assert FORGED_SLOT not in answer.content.decode()


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("<p>un <b>deux</b></p>", "<p>un <b>deux</b></p>"),
        ('<p data-block-key="ab12" class="x">un</p>', "<p>un</p>"),
        ("<h2>un</h2><p>deux<br/>trois</p>", "un<p>deux<br>trois</p>"),
        ("<script>alert(1)</script>", "alert(1)"),
        ("1 < 2 et <!-- rien -->", "1 &lt; 2 et &lt;!-- rien -->"),
        ('<a href="https://a.example/?x=1&amp;y=2">a</a>', '<a href="https://a.example/?x=1&amp;y=2">a</a>'),
        ('<a href="#dates">a</a>', '<a href="#dates">a</a>'),
        ('<a href="/aide/">a</a>', '<a href="/aide/">a</a>'),
        ('<a href="tel:+33300001810">a</a>', '<a href="tel:+33300001810">a</a>'),
        ('<a href="mailto:a@b.example?body=à vous">a</a>', '<a href="mailto:a@b.example?body=à vous">a</a>'),
        ('<a href="java&#10;script:alert(1)">a</a>', "<a>a</a>"),
        ("<A HREF=javascript:alert(1)>a</A>", "<a>a</a>"),
        ("<<b>script>", "&lt;<b>script>"),
        ('<embed embedtype="media" url="https://a.example/"/>', ""),
        ('<a linktype="page" id="1">a</a>', "<a>a</a>"),
    ],
)  # fmt: skip
def test_rich_text_is_written_anew(source: str, shown: str) -> None:
    assert expand(source, {}) == shown


def test_rich_text_of_any_kind_becomes_the_tags_editors_have() -> None:
    class Answer:
        content = expand(
            "".join(f"<{tag} onclick=x>" for tag in ("p", "svg", "math", "a", "template", "b")), {}
        ).encode()

    assert {tag.name for tag in soup(Answer).find_all()} <= KEPT_TAGS


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", " JaVaScript:alert(1)", "java\nscript:x", "\x01javascript:x", "data:text/html,x",
     "vbscript:x", "file:///etc/passwd", "view-source:x", "//[", "java script:alert(1)", ":x", ""],
)  # fmt: skip
def test_an_address_that_might_do_harm_is_none(address: str) -> None:
    assert link_address(address) == ""
    assert web_address(address) == ""


@pytest.mark.parametrize(
    "address", ["https://a.example/x?y=javascript:z", "http://a.example:8080/", "https://é.example/"]
)
def test_an_address_of_the_web_is_kept(address: str) -> None:
    assert web_address(address) == address
