from django.db import migrations, models
from django_pg_migration_tools.operations import SaferAddIndexConcurrently


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("shelves", "0002_width")]
    operations = [
        SaferAddIndexConcurrently("shelf", models.Index(fields=["width"], name="shelf_width"))
    ]
