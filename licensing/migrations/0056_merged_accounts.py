"""An account may be merged into another: it is closed then, and says which."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("licensing", "0055_licence_templates")]

    operations = [
        migrations.AddField(
            model_name="account",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                help_text="All that it had is there since.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged",
                to="licensing.account",
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("merged_into", None),
                    models.Q(
                        ("closed_at__isnull", False),
                        models.Q(("merged_into", models.F("id")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="account_is_merged_into_another_and_closed",
            ),
        ),
    ]
