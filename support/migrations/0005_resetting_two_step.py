from django.apps import apps as current
from django.db import migrations

from support.permissions import grant


def grant_rights(apps, schema_editor):
    """Support resets two-step sign-in, and staff see the tables that came since."""
    grant(apps, current)


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0010_time_zone"),
        ("support", "0004_answering_requests"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="staffright",
            options={
                "default_permissions": (),
                "managed": False,
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
                    ("membership_reset_two_step", "May do: membership reset two step"),
                    ("customerrequest_answer", "May do: customerrequest answer"),
                ],
            },
        ),
        migrations.RunPython(grant_rights, migrations.RunPython.noop),
    ]
