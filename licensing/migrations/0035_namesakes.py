from django.db import migrations, models


class Migration(migrations.Migration):
    """Accounts that were opened beside another of the same name, written otherwise."""

    dependencies = [("licensing", "0034_in_alphabetical_order")]

    operations = [
        migrations.AddField(
            "account",
            "is_namesake",
            models.BooleanField(
                default=False,
                db_default=False,
                editable=False,
                help_text="Was there beside another of its name before case, blanks and "
                "compositions counted for nothing.",
            ),
        ),
    ]
