"""Announcements, what is kept of their openings, and categories with an address."""

import django.core.validators
import django.db.models.deletion
import modelcluster.fields
from django.conf import settings
from django.db import migrations, models
from django.utils.text import slugify

import content.fields


def name_addresses(apps, schema_editor):
    """Give each category the part of an address that its name makes."""
    taken = set()
    for category in apps.get_model("news", "NewsCategory").objects.order_by("pk"):
        base = slugify(category.name)[:50] or "category"
        category.slug = next(s for s in (base, *(f"{base}-{n}" for n in range(2, 999))) if s not in taken)
        taken.add(category.slug)
        category.save(update_fields=["slug"])


class Migration(migrations.Migration):
    dependencies = [
        ("audience", "0001_initial"),
        ("content", "0001_initial"),
        ("directory", "0001_initial"),
        ("news", "0001_initial"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [
        migrations.AddField(
            model_name="newscategory",
            name="slug",
            field=models.CharField(default="", max_length=60),
        ),
        migrations.RunPython(name_addresses, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="newscategory",
            name="slug",
            field=models.SlugField(
                blank=True,
                help_text="Stands in the address of its list and of its feed. Made of the name if left empty.",
                max_length=60,
                unique=True,
                verbose_name="identifier",
            ),
        ),
        migrations.CreateModel(
            name="AnnouncementPage",
            fields=[
                (
                    "page_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to=settings.WAGTAIL_PAGE_MODEL,
                    ),
                ),
                (
                    "summary",
                    models.CharField(
                        blank=True,
                        help_text="One or two sentences, shown on cards and in results.",
                        max_length=300,
                        verbose_name="summary",
                    ),
                ),
                ("body", content.fields.StreamField([], blank=True, verbose_name="body")),
                (
                    "contact",
                    models.CharField(
                        blank=True, help_text="Who helps, where, how.", max_length=200, verbose_name="contact"
                    ),
                ),
                ("review_on", models.DateField(blank=True, null=True, verbose_name="review on")),
                (
                    "access",
                    models.CharField(
                        choices=[
                            ("recommended", "Recommended to these readers; everyone may read"),
                            ("reserved", "Reserved for these readers; nobody else sees that it exists"),
                        ],
                        default="recommended",
                        max_length=12,
                        verbose_name="access",
                    ),
                ),
                (
                    "text",
                    models.TextField(
                        help_text="At most 500 characters.",
                        validators=[django.core.validators.MaxLengthValidator(500)],
                        verbose_name="text",
                    ),
                ),
                (
                    "audiences",
                    modelcluster.fields.ParentalManyToManyField(
                        blank=True, related_name="+", to="audience.audience", verbose_name="audiences"
                    ),
                ),
                (
                    "image",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="content.portalimage",
                        verbose_name="image",
                    ),
                ),
                (
                    "topics",
                    modelcluster.fields.ParentalManyToManyField(
                        blank=True, related_name="+", to="content.topic", verbose_name="topics"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        help_text="Who publishes it and answers for it.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="directory.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "announcement",
                "verbose_name_plural": "announcements",
            },
            bases=("wagtailcore.page",),
        ),
        migrations.CreateModel(
            name="Opening",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64)),
                (
                    "announcement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="openings", to="news.announcementpage"
                    ),
                ),
            ],
            options={
                "verbose_name": "opening of an announcement",
                "verbose_name_plural": "openings of announcements",
                "constraints": [
                    models.UniqueConstraint(fields=("announcement", "key"), name="news_one_opening_a_reader")
                ],
            },
        ),
    ]
