import django.db.models.deletion
import django.db.models.functions.datetime
from django.apps import apps as current
from django.db import migrations, models

from support.permissions import RIGHTS, grant


def grant_rights(apps, schema_editor):
    """Give the groups what the table says."""
    grant(apps, current)


class Migration(migrations.Migration):
    """What one of the staff asks for and a second one approves."""

    dependencies = [
        ("licensing", "0044_audit_of_ticket"),
        ("support", "0020_answered_requests"),
    ]

    operations = [
        migrations.CreateModel(
            name="Approval",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("table", models.CharField(max_length=40)),
                ("act", models.CharField(max_length=40)),
                ("record", models.CharField(max_length=64)),
                ("label", models.CharField(max_length=100)),
                ("description", models.CharField(max_length=600)),
                ("asked", models.JSONField(default=list)),
                ("effects", models.JSONField(default=list)),
                ("fingerprint", models.CharField(max_length=64)),
                ("reason", models.TextField()),
                ("ticket", models.CharField(blank=True, max_length=40)),
                ("staff_words", models.TextField(blank=True)),
                ("is_quiet", models.BooleanField(default=False)),
                ("asker", models.CharField(max_length=64)),
                ("asked_by", models.CharField(max_length=255)),
                (
                    "asked_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("lapses_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("approved", "Approved"),
                            ("declined", "Declined"),
                            ("withdrawn", "Asked anew"),
                            ("lapsed", "Lapsed"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("judge", models.CharField(blank=True, max_length=64)),
                ("judged_by", models.CharField(blank=True, max_length=255)),
                ("judged_at", models.DateTimeField(blank=True, null=True)),
                ("words", models.TextField(blank=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="approvals",
                        to="licensing.account",
                    ),
                ),
            ],
            options={
                "ordering": ["asked_at", "pk"],
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("asker", ""), _negated=True),
                            models.Q(("judge", models.F("asker")), _negated=True),
                        ),
                        name="approval_is_never_of_ones_own",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("judged_at__isnull", False),
                                ("state__in", ["approved", "declined"]),
                                models.Q(("judge", ""), _negated=True),
                            ),
                            models.Q(
                                ("judge", ""), ("state__in", ["waiting", "withdrawn", "lapsed"])
                            ),
                            _connector="OR",
                        ),
                        name="approval_has_a_judge_when_judged",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("lapses_at__gt", models.F("asked_at"))),
                        name="approval_lapses_after_it_was_asked",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")),
                        fields=("table", "act", "record"),
                        name="approval_waits_once",
                    ),
                ],
            },
        ),
        migrations.AlterModelOptions(
            name="staffright",
            options={"default_permissions": (), "managed": False, "permissions": RIGHTS},
        ),
        migrations.RunPython(grant_rights, migrations.RunPython.noop),
    ]
