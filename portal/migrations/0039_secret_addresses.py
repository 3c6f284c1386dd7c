import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Calendars' secret addresses become those of feeds too; the table keeps its name."""

    dependencies = [
        ("licensing", "0038_pending_events_of_account"),
        ("portal", "0038_first_alert_rules"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelTable(name="calendarfeed", table="portal_calendarfeed"),
        migrations.RenameModel(old_name="CalendarFeed", new_name="SecretAddress"),
        migrations.AlterField(
            model_name="secretaddress",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="secret_addresses",
                to="licensing.account",
            ),
        ),
        migrations.AddField(
            model_name="secretaddress",
            name="kind",
            field=models.CharField(
                choices=[("calendar", "Calendar of what ends"), ("alerts", "Feed of alerts")],
                db_default="calendar",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="secretaddress",
            constraint=models.UniqueConstraint(
                fields=("account", "person", "kind"), name="person_has_one_secret_address"
            ),
        ),
        migrations.RemoveConstraint(
            model_name="secretaddress", name="person_has_one_calendar_feed"
        ),
    ]
