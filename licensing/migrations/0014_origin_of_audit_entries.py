from django.db import migrations, models


class Migration(migrations.Migration):
    """From where a change was asked for: the address, the browser, the request."""

    dependencies = [("licensing", "0013_denials_without_needless_indexes")]

    operations = [
        migrations.AddField(
            "auditentry",
            "address",
            models.GenericIPAddressField(null=True, help_text="From where, if by request."),
        ),
        migrations.AddField(
            "auditentry",
            "user_agent",
            models.CharField(max_length=300, blank=True, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            "auditentry",
            "request_id",
            models.CharField(max_length=64, blank=True, default=""),
            preserve_default=False,
        ),
    ]
