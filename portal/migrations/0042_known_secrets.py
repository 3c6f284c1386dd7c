import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    """When each of the service's own secrets was first seen."""

    dependencies = [("portal", "0041_alerts_not_written")]

    operations = [
        migrations.CreateModel(
            name="KnownSecret",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("setting", models.CharField(max_length=50)),
                ("mark", models.CharField(max_length=64)),
                (
                    "first_seen_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
            ],
            options={
                "ordering": ["first_seen_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("setting", "mark"), name="secret_is_known_once")
                ],
            },
        ),
    ]
