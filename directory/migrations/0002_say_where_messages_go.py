"""Give units an address to which messages about their pages go."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="unit",
            name="email",
            field=models.EmailField(
                blank=True,
                help_text="Messages of the contact form that concern a page of this unit go there.",
                max_length=254,
                verbose_name="address for messages",
            ),
        ),
    ]
