"""What was released and then closed stays so: a release is undone only while the program is open."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("licensing", "0014_origin_of_audit_entries"),
    ]

    operations = [
        migrations.AddField(
            model_name="clientsession",
            name="closed_at",
            field=models.DateTimeField(
                blank=True,
                help_text="When the program was closed after its seat was released.",
                null=True,
            ),
        ),
    ]
