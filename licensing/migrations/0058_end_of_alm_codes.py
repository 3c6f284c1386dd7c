from django.db import migrations, models


class Migration(migrations.Migration):
    """The customer's own ALM codes stop after a day."""

    dependencies = [("licensing", "0057_licences_from_alm")]

    operations = [
        migrations.AddField(
            model_name="account",
            name="alm_codes_end_on",
            field=models.DateField(
                blank=True,
                editable=False,
                help_text="The last day of the codes of the customer's own ALM; nothing of ours "
                "ends then.",
                null=True,
            ),
        ),
    ]
