import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    """Whose turn it is to beat."""

    dependencies = [("portal", "0043_webhooks_of_the_vendor")]

    operations = [
        migrations.CreateModel(
            name="Beat",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False),
                ),
                ("holder", models.CharField(max_length=32)),
                ("machine", models.CharField(max_length=255)),
                (
                    "renewed_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "held_until",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("asked_at", models.JSONField(default=dict)),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="there_is_one_beat")
                ],
            },
        ),
    ]
