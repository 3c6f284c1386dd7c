"""An export that could not be made says so, to whoever ordered it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0023_saml"),
    ]

    operations = [
        migrations.AddField(
            model_name="export",
            name="failed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
