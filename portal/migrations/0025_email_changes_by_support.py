from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("portal", "0024_failed_exports")]

    operations = [
        migrations.AddField("emailchange", "due_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("emailchange", "actor_id", models.CharField(blank=True, max_length=64)),
        migrations.AddField(
            "emailchange", "actor_name", models.CharField(blank=True, max_length=255)
        ),
        migrations.AddField("emailchange", "reason", models.TextField(blank=True)),
    ]
