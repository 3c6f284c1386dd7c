import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    """What a scope is called tells of emergency seats."""

    dependencies = [
        ("support", "0036_beat"),
    ]

    operations = [
        migrations.AlterField(
            model_name="stafftoken",
            name="scopes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("read", "Read accounts, licences, masked keys and orders"),
                        ("accounts:write", "Open accounts and invite their first owner"),
                        (
                            "licences:write",
                            "Sell licences, change seats and terms, give emergency seats, suspend and reinstate",
                        ),
                        ("keys:hand-over", "Hand keys over to owners"),
                    ],
                    max_length=20,
                )
            ),
        ),
    ]
