"""Every link of the demonstration, followed as three readers."""

from __future__ import annotations

import os
from collections import deque
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup

START = ("/", "/en/", "/es/")
# What acts when it is asked, leaves the portal's pages, or answers differently the second time.
NOT_FOLLOWED = ("/oidc/", "/admin/", "/_util/", "/see-as/", "/why/", "/help/", "/aide/demander/")
SAMPLE = None if os.environ.get("PARVIS_WHOLE") else 80


def is_followed(url: str) -> bool:
    parts = urlsplit(url)
    return not parts.path.startswith(NOT_FOLLOWED) and not parts.query


@pytest.mark.whole
@pytest.mark.parametrize("persona", ["", "ines.marchetti", "antoine.delestre"])
def test_every_link_leads_somewhere(visit, stack, persona):
    get = visit("/", persona=persona).request.get
    waiting, known, dead = deque((url, "") for url in START), set(START), []
    followed = 0
    while waiting and (SAMPLE is None or followed < SAMPLE):
        path, found_on = waiting.popleft()
        answer = get(path)
        followed += 1
        if not answer.ok:
            dead.append((path, answer.status, found_on))
            continue
        if "text/html" not in answer.headers["content-type"]:
            continue
        page = BeautifulSoup(answer.text(), "html.parser")
        anchors = {part["id"] for part in page.select("[id]")}
        for link in page.select("a[href]"):
            url, anchor = urldefrag(urljoin(f"{stack.address}{path}", link["href"]))
            if link["href"].startswith("#") and anchor and anchor not in anchors:
                dead.append((link["href"], "no such anchor", path))
            here = url.removeprefix(stack.address)
            if url.startswith(stack.address) and here not in known and is_followed(here):
                known.add(here)
                waiting.append((here, path))

    assert dead == []
    assert followed > 60
