"""Sort titles as readers of their language do, and keep the codes of languages so that a part of one is none."""

from typing import Any

from django.db import migrations, models
from django.db.models import F, Value
from django.db.models.functions import Concat, Trim

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
    # With a space at either end, as the field writes them from now on.
    text = models.CharField(max_length=200)
    padded = Concat(Value(" "), Trim(F("shown_in")), Value(" "), output_field=text)
    entry_model.objects.update(shown_in=padded)


def strip_codes(apps: Any, schema_editor: Any) -> None:
    apps.get_model("search", "Entry").objects.update(shown_in=Trim(F("shown_in")))


class Migration(migrations.Migration):
    dependencies = [("search", "0003_leave_room_for_changes")]

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
        migrations.RunPython(write_keys, strip_codes),
    ]
