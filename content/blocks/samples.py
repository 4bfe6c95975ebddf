"""What block previews show where an editor would choose a page, a document or an image: nothing of the library."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

Sample = tuple[Any, Any]  # what stands for the thing chosen (it has a `pk`), what stands for its entry


class SampleImage:
    """An image of the portal's own, with as much of an image's face as templates use."""

    pk = 0
    credit = ""
    is_decorative = False
    default_alt_text = ""

    def get_rendition(self, _filter: Any) -> SampleImage:
        return self

    def get_renditions(self, *filters: Any) -> dict[str, SampleImage]:
        return {"": self}

    @property
    def url(self) -> str:
        return static("img/front.svg")

    def img_tag(self, attributes: dict[str, str]) -> SafeString:
        return format_html('<img src="{}" alt="{}" width="500" height="600">', self.url, attributes.get("alt", ""))


class SampleEntry:
    """What cards print of an entry."""

    url = "#"

    def __init__(self, **said: Any) -> None:
        self.__dict__.update(said)


def _sample(pk: int, **entry: Any) -> Sample:
    return SimpleNamespace(pk=pk), SampleEntry(**entry)


def sample_pages() -> list[Sample]:
    return [
        _sample(1, kind="guidance", get_kind_display=_("Guidance"), title=_("Enrol at the university")),
        _sample(2, kind="news", get_kind_display=_("News"), title=_("The library opens on Sundays")),
    ]


def sample_documents() -> list[Sample]:
    file = {"extension": "pdf", "size": 184_320}
    return [
        _sample(1, kind="document", title=_("Study regulations"), extra=file),
        _sample(2, kind="document", title=_("Request form"), extra={**file, "size": 51_200}),
    ]


def sample_service() -> Sample:
    said = {"icon": "wifi", "launch_url": "#"}
    return _sample(1, kind="service", title=_("Wi-Fi on campus"), summary=_("Connect everywhere."), extra=said)
