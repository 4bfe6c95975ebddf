"""Let processes know whether a change concerns what they keep whole."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audience", "0001_initial")]

    operations = [
        migrations.AddField(model_name="change", name="reference", field=models.BooleanField(default=False)),
    ]
