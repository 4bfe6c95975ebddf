"""In whose lists each translation of a thing stands, so that every list shows it once and in one language."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django_tasks import task

from audience.version import touch
from search.dates import date_type, follow_languages
from search.models import Entry

CHUNK = 2000


def every_language() -> str:
    """Return the codes of the portal's languages, as `shown_in` says them: what has no translation stands in all."""
    return " ".join(code for code, _name in settings.LANGUAGES)


def share_languages(keys: Iterable[UUID | None]) -> None:
    """Say it for the translations of `keys`: each stands in its own language, one of them where there is none.

    What is withdrawn speaks no language. Aliases beside their source stand in no list, so they are left alone.
    """
    remaining = iter(sorted({key for key in keys if key is not None}))
    while some := list(islice(remaining, CHUNK)):
        groups: dict[UUID | None, list[Any]] = defaultdict(list)
        rows = Entry.objects.pages().translations_of(some).filter(is_alias=False).order_by("path")
        for row in rows.values("pk", "path", "translation_key", "language", "withdrawn", "shown_in", "extra__dates"):
            groups[row["translation_key"]].append(row)
        changed: dict[str, list[int]] = defaultdict(list)
        dated: dict[str, list[str]] = defaultdict(list)
        for group in groups.values():
            for row, shown in _shared(group):
                if shown != row["shown_in"]:
                    changed[shown].append(row["pk"])
                    if row["extra__dates"]:
                        dated[shown].append(row["path"])
        for shown, pks in changed.items():
            Entry.objects.filter(pk__in=pks).update(shown_in=shown, version=F("version") + 1)
        # After the pages, which others hold while they write the dates: nobody then waits in a circle.
        for shown, paths in dated.items():
            follow_languages(paths, shown_in=shown)


@transaction.atomic
def share_all() -> None:
    """Say it for everything published: a language was added to the portal, or taken away."""
    entries = Entry.objects.order_by()
    share_languages(entries.exclude(translation_key=None).values_list("translation_key", flat=True).distinct())
    # Dates have no translation of their own: they stand where their page does.
    alone = entries.filter(translation_key=None).exclude(content_type=date_type())
    alone.update(shown_in=every_language(), version=F("version") + 1)
    touch()


@task()
def share_all_languages() -> None:
    """The same, in the worker: it reads a row for everything published."""
    share_all()


def shown_alone(entry: Entry) -> str:
    """Return in whose lists a thing without translation stands: in all, unless it is withdrawn."""
    row = {"language": entry.language, "withdrawn": entry.withdrawn}
    return next(shown for _row, shown in _shared([row]))


def _shared(group: list[Any]) -> Iterator[tuple[Any, str]]:
    live = [row for row in group if not row["withdrawn"]]
    spoken = {row["language"] for row in live}
    first = next((row for row in live if row["language"] == settings.LANGUAGE_CODE), live[0] if live else None)
    for row in group:
        others = [code for code, _ in settings.LANGUAGES if row is first and code not in spoken]
        yield row, " ".join([row["language"], *others])
