"""Say of the portal what the law asks, when its accessibility was audited, and what is new in it."""

import uuid

import django.db.models.deletion
import wagtail.fields
from django.conf import settings
from django.db import migrations, models

import content.accessibility
import content.changes
import content.models


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0001_initial"),
        ("wagtailcore", "0098_apitoken"),
        migrations.swappable_dependency(settings.WAGTAIL_PAGE_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AccessibilityAudit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "carried_out_on",
                    models.DateField(default=content.accessibility.today, verbose_name="date of the audit"),
                ),
                ("auditor", models.CharField(max_length=160, verbose_name="carried out by")),
                ("standard", models.CharField(default="RGAA 4.1.2", max_length=40, verbose_name="standard")),
                ("criteria_met", models.PositiveSmallIntegerField(verbose_name="criteria met")),
                (
                    "criteria_applicable",
                    models.PositiveSmallIntegerField(
                        help_text="Those of the standard that concern something in the portal.",
                        verbose_name="applicable criteria",
                    ),
                ),
                ("non_conformities", wagtail.fields.RichTextField(blank=True, verbose_name="what is not compliant")),
                (
                    "derogations",
                    wagtail.fields.RichTextField(blank=True, verbose_name="derogations for disproportionate burden"),
                ),
                (
                    "exemptions",
                    wagtail.fields.RichTextField(blank=True, verbose_name="content that the law leaves out"),
                ),
                ("sample", models.TextField(blank=True, help_text="One a line.", verbose_name="pages checked")),
                (
                    "tools",
                    models.TextField(
                        blank=True, help_text="One a line.", verbose_name="technologies, browsers and assistive tools"
                    ),
                ),
            ],
            options={
                "verbose_name": "accessibility audit",
                "verbose_name_plural": "accessibility audits",
                "ordering": ["-carried_out_on", "-pk"],
            },
        ),
        migrations.AddField(
            model_name="portalsettings",
            name="accessibility_page",
            field=models.ForeignKey(
                blank=True,
                help_text="The page to which the mention at the foot of each page leads.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.WAGTAIL_PAGE_MODEL,
                verbose_name="accessibility statement",
            ),
        ),
        migrations.AddField(
            model_name="portalsettings",
            name="contact_email",
            field=models.EmailField(
                blank=True,
                help_text="Messages of the contact form go there, unless the page’s unit has an address.",
                max_length=254,
                verbose_name="address for messages",
            ),
        ),
        migrations.AddField(
            model_name="portalsettings",
            name="data_officer",
            field=models.CharField(
                blank=True,
                help_text="Name and address, e-mail or both.",
                max_length=200,
                verbose_name="data protection officer",
            ),
        ),
        migrations.AddField(
            model_name="portalsettings",
            name="director",
            field=models.CharField(
                blank=True, help_text="Name and office.", max_length=160, verbose_name="publication director"
            ),
        ),
        migrations.AddField(
            model_name="portalsettings",
            name="host_address",
            field=models.TextField(blank=True, verbose_name="host: address"),
        ),
        migrations.AddField(
            model_name="portalsettings",
            name="host_name",
            field=models.CharField(blank=True, max_length=160, verbose_name="host: name"),
        ),
        migrations.AddField(
            model_name="portalsettings",
            name="host_phone",
            field=models.CharField(blank=True, max_length=40, verbose_name="host: telephone"),
        ),
        migrations.AddField(
            model_name="portalsettings",
            name="legal_form",
            field=models.CharField(blank=True, max_length=160, verbose_name="legal form"),
        ),
        migrations.AddField(
            model_name="portalsettings",
            name="phone",
            field=models.CharField(blank=True, max_length=40, verbose_name="telephone"),
        ),
        migrations.AlterField(
            model_name="portaldocument",
            name="language",
            field=models.CharField(
                choices=content.models.languages, default="fr", max_length=12, verbose_name="language"
            ),
        ),
        migrations.CreateModel(
            name="PortalChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("translation_key", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("day", models.DateField(default=content.changes.today, verbose_name="day")),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                ("text", models.TextField(blank=True, max_length=800, verbose_name="text")),
                (
                    "reach",
                    models.CharField(
                        choices=[("readers", "Readers and editors"), ("editors", "Editors only, in the admin")],
                        default="readers",
                        max_length=10,
                        verbose_name="told to",
                    ),
                ),
                (
                    "locale",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="wagtailcore.locale",
                        verbose_name="locale",
                    ),
                ),
            ],
            options={
                "verbose_name": "change of the portal",
                "verbose_name_plural": "changes of the portal",
                "ordering": ["-day", "-pk"],
                "abstract": False,
                "unique_together": {("translation_key", "locale")},
            },
        ),
    ]
