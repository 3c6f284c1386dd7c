import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    """Forms that were sent after their sign-in had ended, for who signs in again."""

    dependencies = [("portal", "0028_in_alphabetical_order")]

    operations = [
        migrations.CreateModel(
            name="KeptForm",
            fields=[
                (
                    "browser",
                    models.CharField(
                        help_text="The digest of what its cookie says.",
                        max_length=64,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "person",
                    models.BigIntegerField(help_text="To whom the form's page was shown."),
                ),
                (
                    "account",
                    models.BigIntegerField(help_text="Of which account it was; 0: of none."),
                ),
                ("address", models.TextField(help_text="Where the form was sent to.")),
                ("page", models.TextField(help_text="The page that it stood on.")),
                (
                    "fields",
                    models.JSONField(
                        default=list, help_text="Names and values, no secrets among them."
                    ),
                ),
                (
                    "is_partial",
                    models.BooleanField(help_text="Secrets or files were left out."),
                ),
                (
                    "kept_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        db_index=True,
                        editable=False,
                    ),
                ),
                ("is_shown", models.BooleanField(default=False)),
            ],
        ),
    ]
