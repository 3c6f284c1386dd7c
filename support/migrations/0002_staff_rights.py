from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("support", "0001_staff_groups"),
    ]

    operations = [
        migrations.CreateModel(
            name="StaffRight",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
            options={
                "permissions": [
                    ("clientsession_release", "May do: clientsession release"),
                    ("licence_block", "May do: licence block"),
                    ("accessrule_lift", "May do: accessrule lift"),
                    ("licence_add_key", "May do: licence add key"),
                    ("productkey_reissue", "May do: productkey reissue"),
                    ("productkey_revoke", "May do: productkey revoke"),
                    ("productkey_end_sessions", "May do: productkey end sessions"),
                    ("device_free", "May do: device free"),
                    ("device_write_off", "May do: device write off"),
                    ("licence_policy", "May do: licence policy"),
                    ("licence_reactivate", "May do: licence reactivate"),
                    ("licence_seats", "May do: licence seats"),
                    ("licence_term", "May do: licence term"),
                    ("licence_suspend", "May do: licence suspend"),
                    ("licence_reinstate", "May do: licence reinstate"),
                    ("licence_close", "May do: licence close"),
                    ("account_invite", "May do: account invite"),
                    ("account_import_alm", "May do: account import alm"),
                ],
                "managed": False,
                "default_permissions": (),
            },
        ),
    ]
