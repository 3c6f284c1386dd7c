"""What an entry of the record says since somebody's names were taken out of it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("licensing", "0048_audit_of_request"),
    ]

    operations = [
        migrations.AddField(
            model_name="auditentry",
            name="rewritten",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                editable=False,
                help_text="Digest of what it says since somebody's names were taken out of it.",
                max_length=64,
            ),
        ),
    ]
