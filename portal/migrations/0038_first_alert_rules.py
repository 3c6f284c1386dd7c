from django.db import migrations

FIRST = {
    "pool_full": 100,
    "true_denials": None,
    "key_used_widely": None,
    "licence_ends": 30,
}


def give_first_rules(apps, schema_editor):
    """Each account that is there gets the rules that new accounts have at first."""
    rule = apps.get_model("portal", "AlertRule")
    accounts = apps.get_model("licensing", "Account").objects.order_by("pk")
    rule.objects.bulk_create(
        [
            rule(
                account_id=account,
                event=event,
                threshold=threshold,
                roles=["owner"],
                created_by="System",
            )
            for account in accounts.values_list("pk", flat=True)
            for event, threshold in FIRST.items()
        ],
        batch_size=1000,
    )


class Migration(migrations.Migration):
    """The first rules of accounts that were there before alerts."""

    dependencies = [("portal", "0037_alerts")]

    operations = [migrations.RunPython(give_first_rules, migrations.RunPython.noop)]
