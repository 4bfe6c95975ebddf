import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("audience", "0002_say_what_a_change_concerns"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.AddField(
            model_name="audience",
            name="sensitive",
            field=models.BooleanField(
                default=False,
                help_text=(
                    "Disability, health, social aid, union: never shown in a profile, counted, logged or exported, "
                    "and used by the group below alone."
                ),
                verbose_name="sensitive",
            ),
        ),
        migrations.AddField(
            model_name="audience",
            name="used_by",
            field=models.ForeignKey(
                blank=True,
                help_text="The group of the editors of its unit, for a sensitive audience.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="auth.group",
                verbose_name="used by",
            ),
        ),
    ]
