from django.db import migrations, models

WITHDRAWN = "When it was withdrawn from sale; licences that have it keep it."


class Migration(migrations.Migration):
    """What is sold no more stays for the licences that have it."""

    dependencies = [("licensing", "0051_closed_accounts")]

    operations = [
        migrations.AddField(
            model_name=model,
            name="withdrawn_at",
            field=models.DateTimeField(blank=True, editable=False, help_text=WITHDRAWN, null=True),
        )
        for model in ("feature", "product")
    ]
