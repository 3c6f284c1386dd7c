from collections.abc import Iterator
from typing import Any

from django.db import migrations

from licensing.names import customer_name


def mark(apps: Any, schema_editor: Any) -> None:
    """Of accounts whose names are one, all but the first are namesakes."""
    accounts = apps.get_model("licensing", "Account").objects
    rows = accounts.order_by("pk").values_list("pk", "name")
    accounts.filter(pk__in=list(later_ones(rows))).update(is_namesake=True)


def later_ones(rows: Any) -> Iterator[int]:
    """The ids of those whose name another has that is older."""
    known = set()
    for pk, name in rows.iterator():
        if (compared := customer_name(name)) in known:
            yield pk
        known.add(compared)


class Migration(migrations.Migration):
    """Nothing becomes of accounts that are one customer's: whoever looks after them decides."""

    dependencies = [("licensing", "0035_namesakes")]

    operations = [migrations.RunPython(mark, migrations.RunPython.noop, elidable=True)]
