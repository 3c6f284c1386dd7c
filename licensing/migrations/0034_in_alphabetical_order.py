from django.db import migrations

from licensing.models.spelling import Alphabetical


class Migration(migrations.Migration):
    """How lists are sorted. It changes nothing in the database."""

    dependencies = [("licensing", "0033_history")]

    operations = [
        migrations.AlterModelOptions("account", {"ordering": [Alphabetical("name")]}),
        migrations.AlterModelOptions("feature", {"ordering": [Alphabetical("name")]}),
        migrations.AlterModelOptions("licence", {"ordering": [Alphabetical("name"), "pk"]}),
        migrations.AlterModelOptions("product", {"ordering": [Alphabetical("name")]}),
    ]
