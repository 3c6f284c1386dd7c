"""Intune's custom profile: OMA-URI rows that bring the policy template and set its policies."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from xml.sax.saxutils import quoteattr

from django.utils.translation import gettext as _

from portal.deployment import policy_template
from portal.deployment.values import Deployment, Scope

ROOTS = {Scope.MACHINE: "./Device", Scope.USER: "./User"}
HEAD = ["Name", "Description", "OMA-URI", "Data type", "Value"]


def rows(deployment: Deployment) -> bytes:
    """The rows as CSV, to type or import."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([HEAD, *each_row(deployment)])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def each_row(deployment: Deployment) -> Iterator[list[str]]:
    """First the template, always for the device; then one row for each policy."""
    name = policy_template.prefix()
    yield [
        f"{name} template",
        _("Brings the policy template to the device"),
        f"./Device/Vendor/MSFT/Policy/ConfigOperations/ADMXInstall/{name}/Policy/{name}",
        "String",
        policy_template.admx().decode().replace("\r\n", "\n"),
    ]
    values = {value.name: value for value in deployment.values()}
    area = f"{name}~Policy~{policy_template.vendor_category()}~{policy_template.category()}"
    for policy, table_rows in policy_template.policies():
        named = [values[row["name"]] for row in table_rows if row["name"] in values]
        if not named:
            continue
        is_switch = table_rows[0]["kind"] == "switch"
        state = "<disabled/>" if is_switch and not named[0].data else "<enabled/>"
        data = [] if is_switch else named
        yield [
            f"{name} {policy}",
            policy_template.title_of(policy),
            f"{ROOTS[deployment.scope]}/Vendor/MSFT/Policy/Config/{area}/{policy}",
            "String",
            state
            + "".join(
                f"<data id={quoteattr(item.name)} value={quoteattr(str(item.data))}/>"
                for item in data
            ),
        ]
