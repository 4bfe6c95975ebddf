"""Make a need of each text that guidance was filed under, and let pages, drafts included, point to it.

What an English page says is the English name of the need of the page it translates. Undone, needs are text again.
"""

from collections.abc import Callable
from typing import Any

import django.db.models.deletion
from django.db import migrations, models

BATCH = 500


def name_needs(apps: Any, schema_editor: Any) -> None:
    _check_at_once(schema_editor)
    needs, pages = apps.get_model("guidance", "Need").objects, apps.get_model("guidance", "GuidancePage").objects
    found: dict[str, int] = {}

    def need(name: str) -> int:
        if name not in found:
            found[name] = needs.create(name=name, order=len(found) + 1).pk
        return found[name]

    said = pages.exclude(need_text="").order_by("need_text", "path")
    rows = list(said.values_list("pk", "need_text", "translation_key", "locale__language_code"))
    french = {key: text for _pk, text, key, language in rows if language == "fr"}
    for text in sorted({*french.values()}):
        need(text)
    for _pk, text, key, language in rows:
        if language != "fr" and key in french and text not in found:
            found[text] = need(french[key])
            needs.filter(pk=found[text], name_en="").update(name_en=text)
    for text in {text for _pk, text, _key, _language in rows}:
        pages.filter(need_text=text).update(need=need(text))
    _rewrite_revisions(apps, lambda given: need(given) if given else None)


def write_out_needs(apps: Any, schema_editor: Any) -> None:
    _check_at_once(schema_editor)
    names = {
        pk: (name, name_en or name)
        for pk, name, name_en in apps.get_model("guidance", "Need").objects.values_list("pk", "name", "name_en")
    }
    pages = apps.get_model("guidance", "GuidancePage").objects
    for pk, (name, name_en) in names.items():
        pages.filter(need=pk).update(need_text=name)
        pages.filter(need=pk).exclude(locale__language_code="fr").update(need_text=name_en)
    _rewrite_revisions(apps, lambda given: names.get(given, ("", ""))[0])


def _check_at_once(schema_editor: Any) -> None:
    """PostgreSQL alters no table while checks of its rows are put off to the end of the transaction."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _rewrite_revisions(apps: Any, rewrite: Callable[[Any], Any]) -> None:
    """Drafts and history hold what a page was: their need is read as it is now."""
    types = apps.get_model("contenttypes", "ContentType").objects.filter(app_label="guidance", model="guidancepage")
    revisions = apps.get_model("wagtailcore", "Revision").objects.filter(content_type__in=types).order_by("pk")
    changed: list[Any] = []
    for revision in revisions.iterator(chunk_size=BATCH):
        if "need" in revision.content:
            revision.content["need"] = rewrite(revision.content["need"])
            changed.append(revision)
        if len(changed) == BATCH:
            revisions.model.objects.bulk_update(changed, ["content"])
            changed.clear()
    revisions.model.objects.bulk_update(changed, ["content"])


class Migration(migrations.Migration):
    dependencies = [
        ("guidance", "0001_initial"),
        ("wagtailcore", "0098_apitoken"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.CreateModel(
            name="Need",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, unique=True, verbose_name="name in French")),
                ("name_en", models.CharField(blank=True, max_length=60, verbose_name="name in English")),
                ("order", models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="order")),
            ],
            options={
                "verbose_name": "need",
                "verbose_name_plural": "needs",
                "ordering": ["order", "name"],
                "abstract": False,
            },
        ),
        migrations.RenameField("guidancepage", "need", "need_text"),
        migrations.AddField(
            model_name="guidancepage",
            name="need",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="guidance.need",
                verbose_name="need",
            ),
        ),
        migrations.RunPython(name_needs, write_out_needs),
        migrations.RemoveField("guidancepage", "need_text"),
    ]
