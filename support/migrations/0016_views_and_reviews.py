import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.apps import apps as current
from django.db import migrations, models

from support.permissions import RIGHTS, grant


def grant_rights(apps, schema_editor):
    """Give the groups what the table says."""
    grant(apps, current)


class Migration(migrations.Migration):
    """Support sees accounts as their owners do; supervisors look through it each week, and sign."""

    dependencies = [("support", "0015_sending_again"), ("portal", "0040_visits")]

    operations = [
        migrations.CreateModel(
            name="ActivityReview",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("week", models.DateField(unique=True)),
                ("signer", models.CharField(max_length=64)),
                ("signed_by", models.CharField(max_length=255)),
                (
                    "signed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("note", models.TextField(max_length=500)),
                ("deeds", models.PositiveIntegerField()),
                ("unusual", models.PositiveIntegerField()),
            ],
            options={"ordering": ["-week"], "default_permissions": ()},
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="activityreview",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="150ff934469d64f09bf7ef2e858f953426499024",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_a1488",
                    table="support_activityreview",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AlterModelOptions(
            name="staffright",
            options={"default_permissions": (), "managed": False, "permissions": RIGHTS},
        ),
        migrations.RunPython(grant_rights, migrations.RunPython.noop),
    ]
