from django.db import migrations, models


class Migration(migrations.Migration):
    """Somebody of the desk sees to a request."""

    dependencies = [("portal", "0044_beat")]

    operations = [
        migrations.AddField(
            model_name="customerrequest",
            name="taken_by",
            field=models.CharField(
                blank=True,
                db_default="",
                help_text="Who of the desk sees to it.",
                max_length=200,
            ),
        ),
    ]
