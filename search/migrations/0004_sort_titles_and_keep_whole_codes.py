"""Sort titles as readers of their language do; keep the codes of languages so that a part of one is none, and say anew
in whose lists each page stands, there being a language more."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby, islice
from typing import Any

from django.conf import settings
from django.db import migrations, models
from django.db.models import F
from django.db.models.functions import Trim

import search.fields
from audience.names import sort_key

BATCH = 2000


def write_keys(apps: Any, schema_editor: Any) -> None:
    entry_model = apps.get_model("search", "Entry")
    entries = entry_model.objects.order_by("pk").only("pk", "title", "language", "kind", "extra")
    some = []
    for entry in entries.iterator(chunk_size=BATCH):
        entry.sort_title = sort_key(entry.title, entry.language)[:255]
        if entry.kind == "guidance":
            entry.extra["need_order"] = sort_key(entry.extra.get("need", ""))
        some.append(entry)
        if len(some) == BATCH:
            entry_model.objects.bulk_update(some, ["sort_title", "extra"])
            some.clear()
    entry_model.objects.bulk_update(some, ["sort_title", "extra"])


def share_languages(apps: Any, schema_editor: Any) -> None:
    entries = apps.get_model("search", "Entry").objects
    entries.filter(translation_key=None).update(shown_in=" ".join(_codes()))
    for mirror in entries.filter(is_alias=True).values("pk", "shown_in").iterator(chunk_size=BATCH):
        entries.filter(pk=mirror["pk"]).update(shown_in=mirror["shown_in"])  # written anew, as the field writes codes
    pages = entries.exclude(translation_key=None).filter(is_alias=False).order_by("translation_key", "path")
    rows = pages.values("pk", "translation_key", "language", "withdrawn").iterator(chunk_size=BATCH)
    shown: dict[str, list[int]] = defaultdict(list)
    for _key, group in groupby(rows, key=lambda row: row["translation_key"]):
        for row, languages in _shared(list(group)):
            shown[languages].append(row["pk"])
    for languages, pks in shown.items():
        remaining = iter(pks)
        while some := list(islice(remaining, BATCH)):
            entries.filter(pk__in=some).update(shown_in=languages)


def _codes() -> list[str]:
    return [code for code, _name in settings.LANGUAGES]


def _shared(group: list[Any]) -> Iterator[tuple[Any, str]]:
    """Each translation of a thing stands in its own language, one of them where there is none."""
    live = [row for row in group if not row["withdrawn"]]
    spoken = {row["language"] for row in live}
    first = next((row for row in live if row["language"] == settings.LANGUAGE_CODE), live[0] if live else None)
    for row in group:
        others = [code for code in _codes() if row is first and code not in spoken]
        yield row, " ".join([row["language"], *others])


def strip_codes(apps: Any, schema_editor: Any) -> None:
    apps.get_model("search", "Entry").objects.update(shown_in=Trim(F("shown_in")))


class Migration(migrations.Migration):
    # After home's, which plants the first entries: they stand in the lists of the languages there are now.
    dependencies = [("search", "0003_leave_room_for_changes"), ("home", "0002_open_the_front_doors")]

    operations = [
        migrations.RemoveIndex(model_name="entry", name="entry_by_title"),
        migrations.AddField(
            model_name="entry",
            name="sort_title",
            field=search.fields.SortKeyField(default="", editable=False, max_length=255),
        ),
        migrations.AlterField(model_name="entry", name="shown_in", field=search.fields.LanguagesField(max_length=200)),
        migrations.AddIndex(
            model_name="entry", index=models.Index(fields=["kind", "sort_title"], name="entry_by_title")
        ),
        migrations.RunPython(write_keys, migrations.RunPython.noop),
        migrations.RunPython(share_languages, strip_codes),
    ]
