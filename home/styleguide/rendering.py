"""How a template is shown more than once on a page."""

from __future__ import annotations

import re

from django.utils.safestring import SafeString, mark_safe

ID = re.compile(r'\sid="([^"]+)"')
SAID = re.compile(r'\s(id|for|aria-labelledby|aria-describedby|aria-controls|href)="([^"]*)"')


def with_own_ids(html: str, *, number: int) -> SafeString:
    """Return `html`, which templates have rendered, with ids that no other specimen has, and what refers to them."""
    known = set(ID.findall(html))

    def own(said: re.Match[str]) -> str:
        name, value = said.groups()
        if name == "href":
            mine = f"{value}-{number}" if value.removeprefix("#") in known and value.startswith("#") else value
        else:
            mine = " ".join(f"{one}-{number}" if one in known else one for one in value.split())
        return f' {name}="{mine}"'

    return mark_safe(SAID.sub(own, html))  # noqa: S308  # rendered, and only its ids change
