"""Make a campus of each name that events were given as text, and let events, drafts included, point to it.

Undone, events have their campus as text again.
"""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.utils.text import slugify

BATCH = 500


def name_campuses(apps: Any, schema_editor: Any) -> None:
    _check_at_once(schema_editor)
    campuses, pages = apps.get_model("events", "Campus"), apps.get_model("events", "EventPage")
    found: dict[str, int] = {}
    for name in pages.objects.exclude(campus_text="").order_by("campus_text").values_list("campus_text", flat=True):
        _campus(campuses, name, found)
    for name, pk in found.items():
        pages.objects.filter(campus_text=name).update(campus=pk)
    _rewrite_revisions(apps, lambda given: _campus(campuses, given, found) if given else None)


def _campus(campuses: Any, name: Any, found: dict[str, int]) -> int:
    if name not in found:
        slug = slugify(name)[:36] or "campus"
        taken = set(campuses.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
        free = next(one for one in (slug, *(f"{slug}-{n}" for n in range(2, 100))) if one not in taken)
        found[name] = campuses.objects.create(slug=free, name=name, order=len(found) + 1).pk
    return found[name]


def write_out_campuses(apps: Any, schema_editor: Any) -> None:
    _check_at_once(schema_editor)
    names = dict(apps.get_model("events", "Campus").objects.values_list("pk", "name"))
    for pk, name in names.items():
        apps.get_model("events", "EventPage").objects.filter(campus=pk).update(campus_text=name)
    _rewrite_revisions(apps, lambda given: names.get(given, ""))


def _check_at_once(schema_editor: Any) -> None:
    """PostgreSQL alters no table while checks of its rows are put off to the end of the transaction."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _rewrite_revisions(apps: Any, rewrite: Any) -> None:
    """Drafts and history hold what a page was: their campus is read as it is now."""
    types = apps.get_model("contenttypes", "ContentType").objects.filter(app_label="events", model="eventpage")
    revisions = apps.get_model("wagtailcore", "Revision").objects.filter(content_type__in=types).order_by("pk")
    changed: list[Any] = []
    for revision in revisions.iterator(chunk_size=BATCH):
        if "campus" in revision.content:
            revision.content["campus"] = rewrite(revision.content["campus"])
            changed.append(revision)
        if len(changed) == BATCH:
            revisions.model.objects.bulk_update(changed, ["content"])
            changed.clear()
    revisions.model.objects.bulk_update(changed, ["content"])


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0001_initial"),
        ("wagtailcore", "0098_apitoken"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.CreateModel(
            name="Campus",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, unique=True, verbose_name="name in French")),
                ("name_en", models.CharField(blank=True, max_length=60, verbose_name="name in English")),
                ("order", models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="order")),
                ("slug", models.SlugField(editable=False, max_length=40, unique=True)),
            ],
            options={
                "verbose_name": "campus",
                "verbose_name_plural": "campuses",
                "ordering": ["order", "name"],
                "abstract": False,
            },
        ),
        migrations.RenameField("eventpage", "campus", "campus_text"),
        migrations.AddField(
            model_name="eventpage",
            name="campus",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="events.campus",
                verbose_name="campus",
            ),
        ),
        migrations.RunPython(name_campuses, write_out_campuses),
        migrations.RemoveField("eventpage", "campus_text"),
        migrations.AlterField(
            model_name="eventpage",
            name="starts_at",
            field=models.DateTimeField(
                help_text="At midnight: a whole day, whose hour is not said.", verbose_name="start"
            ),
        ),
    ]
