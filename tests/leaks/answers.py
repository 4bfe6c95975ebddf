"""What an answer says, all of it."""

from __future__ import annotations

import re
from urllib.parse import quote

from django.http import HttpResponse
from wagtail.models import Page

TOKEN = re.compile(r'(name="(?:csrfmiddlewaretoken|token)" value=")[\w:-]+"')
ABSENT = "xk9999qv"
OFTEN_CHANGING = {"X-Request-ID", "Expires"}


def content(response: HttpResponse) -> str:
    raw = b"".join(response.streaming_content) if response.streaming else response.content
    return raw.decode(errors="replace")


def everything(response: HttpResponse) -> str:
    """Return all that an answer says: its body and its headers, its new cookies too."""
    return content(response) + repr(dict(response.headers)) + response.cookies.output()


def faceless(response: HttpResponse, asked: str) -> tuple[int, str, str]:
    """Return what an answer says once what was asked, of one length each time, and what is random are taken out."""
    body = TOKEN.sub(r'\1"', content(response).replace(response["X-Request-ID"], ""))
    for written in (asked, quote(asked, safe=""), quote(quote(asked, safe=""), safe="")):
        body = body.replace(written, "…")
    headers = {name: value for name, value in response.headers.items() if name not in OFTEN_CHANGING}
    return response.status_code, body, repr(sorted(headers.items())).replace(asked, "…")


def address(page: Page) -> str:
    return str(page.get_url_parts()[2])
