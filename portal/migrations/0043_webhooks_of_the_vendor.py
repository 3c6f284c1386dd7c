import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A webhook of no account is the vendor's own."""

    dependencies = [
        ("licensing", "0055_licence_templates"),
        ("portal", "0042_known_secrets"),
    ]

    operations = [
        migrations.AlterField(
            model_name="webhook",
            name="account",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="webhooks",
                to="licensing.account",
            ),
        ),
        migrations.AddConstraint(
            model_name="webhook",
            constraint=models.CheckConstraint(
                condition=models.Q(account__isnull=False) | models.Q(kind="system"),
                name="webhook_of_the_vendor_is_a_system",
            ),
        ),
    ]
