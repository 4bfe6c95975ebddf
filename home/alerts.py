"""Alerts as a reader is shown them: in their language, with a link only where they may go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from uuid import UUID

from audience.reader import Reader
from search.chrome import Chrome
from search.entries import entries_for
from search.links import in_the_language_of, succeeded
from search.models import Entry

EMERGENCY = "emergency"
ORDER = ("emergency", "warning", "info")
MOST_SHOWN = 4  # on one page, emergencies not counted; the others stand on the page of alerts


@dataclass(frozen=True)
class ShownAlert:
    """One alert, as the templates print it. `key` changes with its text: what is hidden is shown again then."""

    number: int  # of the alert
    key: int
    level: str
    title: str
    text: str
    language: str
    url: str = ""
    label: str = ""
    label_language: str = ""
    ends_at: datetime | None = None

    @property
    def is_emergency(self) -> bool:
        return self.level == EMERGENCY


def text_key(*said: object) -> int:
    """Return a number that changes with what is said."""
    return int.from_bytes(blake2b(repr(said).encode(), digest_size=6).digest(), "big")


def shown(alerts: Iterable[Entry], *, reader: Reader) -> list[ShownAlert]:
    """Return these alerts, the gravest first: one query when some of them link to a page, else none."""
    entries = sorted(alerts, key=lambda entry: ORDER.index(entry.extra["level"]))
    links = _links({UUID(key) for entry in entries if (key := entry.extra["link"])}, reader=reader)
    return [_shown(entry, links.get(UUID(key)) if (key := entry.extra["link"]) else None, reader) for entry in entries]


def _links(keys: set[UUID], *, reader: Reader) -> dict[UUID | None, Entry]:
    """Return the pages of these translation keys that the reader may see, each in their language if it has one."""
    if not keys:
        return {}
    found = in_the_language_of(reader, entries_for(reader).translations_of(keys))
    heirs = succeeded({entry.pk: entry for entry in found.values()}, reader=reader)
    return {key: heirs[entry.pk] for key, entry in found.items()}


def _shown(entry: Entry, link: Entry | None, reader: Reader) -> ShownAlert:
    words: dict[str, dict[str, str]] = entry.extra["words"]
    said = words.get(reader.language, {"title": entry.title, "text": entry.summary})
    return ShownAlert(
        number=entry.object_id,
        key=text_key(entry.pk, entry.extra["level"], entry.title, entry.summary, words),
        level=entry.extra["level"],
        title=said["title"],
        text=said["text"],
        language=reader.language if reader.language in words else entry.language,
        url=link.url if link else "",
        label=link.title if link else "",
        label_language=link.spoken if link else "",
        ends_at=entry.ends_at,
    )


@dataclass(frozen=True)
class AlertsHere:
    """What stands above one page: emergencies, then the others, as many as are shown."""

    emergencies: Sequence[ShownAlert]
    others: Sequence[ShownAlert]
    more: bool

    @property
    def version(self) -> str:
        """What the script compares with what it is told: see home.emergency."""
        return version_of(self.emergencies)


def version_of(emergencies: Sequence[ShownAlert]) -> str:
    return f"{text_key(*emergencies):x}" if emergencies else "none"


def alerts_here(chrome: Chrome) -> AlertsHere:
    """Return the alerts of the page that `chrome` stands around."""
    every = shown(chrome.alerts, reader=chrome.reader)
    emergencies = [alert for alert in every if alert.is_emergency]
    others = [alert for alert in every if not alert.is_emergency]
    return AlertsHere(emergencies, others[:MOST_SHOWN], more=len(others) > MOST_SHOWN)


def outage_key(service: Entry) -> int:
    """Return the key under which the state of a service is hidden: another state shows again."""
    return text_key(service.pk, service.extra["state"])
