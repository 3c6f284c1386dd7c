import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Alerts: their rules, what is the case, and who is told."""

    dependencies = [
        ("licensing", "0038_pending_events_of_account"),
        ("portal", "0036_webhook_kinds"),
    ]

    operations = [
        migrations.CreateModel(
            name="Alert",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("event", models.CharField(max_length=30)),
                ("key", models.CharField(max_length=80)),
                ("threshold", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "is_for_owners",
                    models.BooleanField(default=False, help_text="Others do not see it."),
                ),
                ("facts", models.JSONField(blank=True, default=dict)),
                (
                    "since",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "opened_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "ends_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="When it is over by itself, if it has no other end.",
                        null=True,
                    ),
                ),
                ("eased_at", models.DateTimeField(blank=True, null=True)),
                ("resolved_at", models.DateTimeField(blank=True, null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="alerts",
                        to="licensing.account",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="licensing.auditentry",
                    ),
                ),
                (
                    "licence",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="licensing.licence",
                    ),
                ),
            ],
            options={
                "ordering": ["-since", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="AlertRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("event", models.CharField(max_length=30)),
                ("threshold", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("tag", models.CharField(blank=True, max_length=30)),
                (
                    "roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("viewer", "Viewer"),
                                ("manager", "Manager"),
                                ("owner", "Owner"),
                            ],
                            max_length=10,
                        ),
                        blank=True,
                        default=list,
                        help_text="Everybody with one of these roles is told.",
                    ),
                ),
                ("quiet_from", models.TimeField(blank=True, null=True)),
                (
                    "quiet_until",
                    models.TimeField(
                        blank=True, help_text="By the clocks of whoever is told.", null=True
                    ),
                ),
                ("is_on", models.BooleanField(default=True)),
                ("paused_until", models.DateTimeField(blank=True, null=True)),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("created_by", models.CharField(max_length=255)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="alert_rules",
                        to="licensing.account",
                    ),
                ),
                (
                    "licence",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="licensing.licence",
                    ),
                ),
                (
                    "people",
                    models.ManyToManyField(
                        blank=True, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "stopped_by",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Who wants no mails by it.",
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "webhook",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="alert_rules",
                        to="portal.webhook",
                    ),
                ),
            ],
            options={
                "ordering": ["created_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="AlertNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_end", models.BooleanField(default=False)),
                ("due_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "alert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to="portal.alert",
                    ),
                ),
                (
                    "delivery",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="notices",
                        to="portal.webhookdelivery",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "webhook",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="portal.webhook",
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to="portal.alertrule",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(fields=["resolved_at"], name="resolved_alerts"),
        ),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.UniqueConstraint(
                condition=models.Q(("resolved_at", None)),
                fields=("account", "event", "key"),
                name="one_alert_for_a_cause",
            ),
        ),
        migrations.AddConstraint(
            model_name="alertrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("licence", None), ("tag", ""), _connector="OR"),
                name="alert_rule_is_about_a_licence_or_a_tag",
            ),
        ),
        migrations.AddConstraint(
            model_name="alertrule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("quiet_from", None), ("quiet_until", None)),
                    models.Q(
                        ("quiet_from__isnull", False),
                        ("quiet_until__isnull", False),
                        models.Q(("quiet_from", models.F("quiet_until")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="quiet_hours_begin_and_end",
            ),
        ),
        migrations.AddIndex(
            model_name="alertnotice",
            index=models.Index(
                condition=models.Q(("sent_at", None)),
                fields=["due_at"],
                name="waiting_alert_notices",
            ),
        ),
        migrations.AddConstraint(
            model_name="alertnotice",
            constraint=models.UniqueConstraint(
                fields=("alert", "user", "webhook", "is_end"),
                name="reader_is_told_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="alertnotice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("user__isnull", False), ("webhook", None)),
                    models.Q(("user", None), ("webhook__isnull", False)),
                    _connector="OR",
                ),
                name="notice_has_one_reader",
            ),
        ),
    ]
