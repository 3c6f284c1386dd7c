from django.db import migrations, models


class Migration(migrations.Migration):
    """Entries of the record say of which act they are part."""

    dependencies = [("licensing", "0058_end_of_alm_codes")]

    operations = [
        migrations.AddField(
            model_name="auditentry",
            name="part_of",
            field=models.PositiveBigIntegerField(
                blank=True,
                help_text="The number of the entry that tells of the whole act, such as an import.",
                null=True,
            ),
        ),
    ]
