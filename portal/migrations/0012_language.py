from django.db import migrations, models


class Migration(migrations.Migration):
    """People may choose the language of pages and mails."""

    dependencies = [("portal", "0011_invitation_asked_again")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="language",
            field=models.CharField(
                blank=True,
                help_text="A code such as de; empty: what the browser asks for.",
                max_length=10,
            ),
        ),
    ]
