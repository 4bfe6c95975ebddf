"""Make the database's own full-text index and fill it from the entries there are."""

from typing import Any

from django.db import migrations

from search.engines.dialect import full_text

BATCH = 500


def make(apps: Any, schema_editor: Any) -> None:
    for statement in full_text(schema_editor.connection.vendor).create:
        schema_editor.execute(statement)


def unmake(apps: Any, schema_editor: Any) -> None:
    for statement in full_text(schema_editor.connection.vendor).drop:
        schema_editor.execute(statement)


def fill(apps: Any, schema_editor: Any) -> None:
    # How words are folded belongs to the code and not to the schema: the index is always written by today's.
    from search.index import indexed

    connection = schema_editor.connection
    entries = apps.get_model("search", "Entry")._default_manager.using(connection.alias)
    ids = list(entries.filter(text__isnull=False).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        some = entries.filter(pk__in=ids[start : start + BATCH]).select_related("text", "unit")
        with connection.cursor() as cursor:
            full_text(connection.vendor).write(cursor, [indexed(entry) for entry in some])


class Migration(migrations.Migration):
    # Homes are made by a migration too, and are found like any page.
    dependencies = [("search", "0001_initial"), ("home", "0002_open_the_front_doors")]

    operations = [
        migrations.RunPython(make, unmake),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
