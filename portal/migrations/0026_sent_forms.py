from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    """Forms that did something already, so that each does it once."""

    dependencies = [("portal", "0025_email_changes_by_support")]

    operations = [
        migrations.CreateModel(
            name="SentForm",
            fields=[
                (
                    "fingerprint",
                    models.CharField(max_length=64, primary_key=True, serialize=False),
                ),
                (
                    "address",
                    models.CharField(
                        blank=True,
                        help_text="Where the answer led; empty: it was a page.",
                        max_length=2000,
                    ),
                ),
                (
                    "messages",
                    models.JSONField(default=list, help_text="What the next page said."),
                ),
                (
                    "sent_at",
                    models.DateTimeField(db_default=Now(), db_index=True, editable=False),
                ),
            ],
        ),
    ]
