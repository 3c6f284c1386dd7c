import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Reports by mail, and who gets them."""

    dependencies = [
        ("licensing", "0038_pending_events_of_account"),
        ("portal", "0033_failing_addresses"),
    ]

    operations = [
        migrations.CreateModel(
            name="Report",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("summary", "Summary of use"),
                            ("usage", "Use, day by day"),
                            ("position", "Licence position"),
                            ("view", "Saved view"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "format",
                    models.CharField(
                        choices=[("xlsx", "Excel workbook (XLSX)"), ("csv", "CSV")],
                        default="xlsx",
                        max_length=5,
                    ),
                ),
                (
                    "every",
                    models.CharField(
                        choices=[
                            ("week", "Weekly, Mondays at 08:00"),
                            ("month", "Monthly, on the 1st at 08:00"),
                        ],
                        default="week",
                        max_length=5,
                    ),
                ),
                (
                    "next_on",
                    models.DateField(
                        help_text="The day, on the account's clocks, of the next mails."
                    ),
                ),
                ("paused_at", models.DateTimeField(blank=True, null=True)),
                (
                    "sent_at",
                    models.DateTimeField(
                        blank=True, help_text="When it was last mailed.", null=True
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reports",
                        to="licensing.account",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        help_text="Who ordered it.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "view",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reports",
                        to="portal.savedview",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="ReportReader",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="report_places",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="places",
                        to="portal.report",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="report",
            name="readers",
            field=models.ManyToManyField(
                related_name="+", through="portal.ReportReader", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="reportreader",
            constraint=models.UniqueConstraint(
                fields=("report", "person"), name="report_is_read_once"
            ),
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(
                condition=models.Q(("paused_at", None)), fields=["next_on"], name="running_reports"
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "view"), ("view__isnull", False)),
                    models.Q(models.Q(("kind", "view"), _negated=True), ("view", None)),
                    _connector="OR",
                ),
                name="report_of_a_view_has_one",
            ),
        ),
    ]
