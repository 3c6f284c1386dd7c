from django.db import migrations

from licensing.models.spelling import Alphabetical


class Migration(migrations.Migration):
    """How lists are sorted. It changes nothing in the database."""

    dependencies = [("portal", "0027_deliveries")]

    operations = [
        migrations.AlterModelOptions("licencetag", {"ordering": [Alphabetical("name")]}),
        migrations.AlterModelOptions("membership", {"ordering": [Alphabetical("account__name")]}),
        migrations.AlterModelOptions("savedview", {"ordering": [Alphabetical("name")]}),
        migrations.AlterModelOptions("user", {"ordering": [Alphabetical("name")]}),
    ]
