from django.db import migrations, models


class Migration(migrations.Migration):
    """At whose address mails do not arrive, and since when."""

    dependencies = [("portal", "0032_webhooks")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="mail_fails_because",
            field=models.CharField(
                blank=True,
                choices=[
                    ("refused", "The mail server refuses this address."),
                    ("bounced", "Mails to this address come back."),
                ],
                db_default="",
                default="",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="mail_fails_since",
            field=models.DateTimeField(
                blank=True,
                help_text="Since then mails to the address fail for good.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="mail_failed_at",
            field=models.DateTimeField(
                blank=True,
                help_text="When the last mail to the address failed for good.",
                null=True,
            ),
        ),
    ]
