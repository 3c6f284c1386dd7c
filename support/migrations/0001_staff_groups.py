from django.apps import apps as current
from django.contrib.auth.management import create_permissions
from django.db import migrations

MAY = {
    "Support": ["change_clientsession", "change_productkey"],
    "Sales": ["change_licence"],
}


def add_groups(apps, schema_editor):
    """Staff see every record; support releases sessions and ends keys, sales changes licences."""
    for app in ("licensing", "portal"):  # else permissions come only after the last migration
        create_permissions(current.get_app_config(app), verbosity=0)
    group_model = apps.get_model("auth", "Group")
    permissions = apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label__in=["licensing", "portal"]
    )
    for name, acts in MAY.items():
        group, _ = group_model.objects.get_or_create(name=name)
        group.permissions.add(
            *permissions.filter(codename__startswith="view_"),
            *permissions.filter(codename__in=acts),
        )


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("licensing", "0003_catalogue"),
        ("portal", "0001_initial"),
    ]

    operations = [migrations.RunPython(add_groups, migrations.RunPython.noop)]
