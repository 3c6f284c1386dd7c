from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shelves", "0001_shelf")]
    operations = [migrations.AddField("shelf", "width", models.IntegerField(null=True))]
