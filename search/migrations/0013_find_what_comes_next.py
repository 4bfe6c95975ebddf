from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0012_keep_pages_discreet"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="entry", name="entry_ends_at"),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                fields=["kind", "starts_at", "id"],
                name="entry_for_everyone_next",
                condition=Q(recommendation__isnull=True, starts_at__isnull=False),
            ),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                fields=["kind", "path"], name="entry_for_everyone_in_tree", condition=Q(recommendation__isnull=True)
            ),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                fields=["ends_at", "starts_at"], name="entry_under_way", condition=Q(ends_at__isnull=False)
            ),
        ),
    ]
