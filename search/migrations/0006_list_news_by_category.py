"""The category of news, and the index by which the list of one category is read."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0005_keep_key_dates"),
    ]

    operations = [
        migrations.AddField(
            model_name="entry",
            name="category",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                condition=models.Q(("category__isnull", False)),
                fields=["category", "-published_at", "-id"],
                name="entry_of_category",
            ),
        ),
    ]
