from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shelves", "0003_index")]
    operations = [migrations.RunSQL("SELECT pg_sleep(0.1)", "")]
