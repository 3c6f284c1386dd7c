import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    """From which networks each API token was used."""

    dependencies = [("portal", "0029_kept_forms")]

    operations = [
        migrations.AddField(
            model_name="apitoken",
            name="networks",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=43),
                blank=True,
                db_default=[],
                default=list,
                help_text="Where it was used from, such as 192.0.2.0/24.",
                size=None,
            ),
        ),
    ]
