from django.db import migrations, models


class Migration(migrations.Migration):
    """What the vendor's people keep of an act beside what its account reads."""

    dependencies = [("licensing", "0042_audit_of_support")]

    operations = [
        migrations.AddField(
            "auditentry",
            "ticket",
            models.CharField(
                max_length=40, blank=True, db_default="", help_text="For the vendor's people alone."
            ),
        ),
        migrations.AddField(
            "auditentry",
            "staff_words",
            models.TextField(
                blank=True,
                db_default="",
                help_text="For the vendor's people alone: why, in their words.",
            ),
        ),
        migrations.AddField(
            "auditentry",
            "is_quiet",
            models.BooleanField(
                default=False,
                db_default=False,
                help_text="The customer was told of it by no mail.",
            ),
        ),
    ]
