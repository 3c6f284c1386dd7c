"""What is rolled out: the values that programs read, and where they are written.

The names are those of ``policy_values.json``, the table that the reference client has too
(FAQ: licences can be deployed by Group Policy).
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.validators import RegexValidator
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy


class Scope(TextChoices):
    """Whom a policy is for."""

    MACHINE = "machine", gettext_lazy("Computers")
    USER = "user", gettext_lazy("Users")


service_address = RegexValidator(
    r"\Ahttps?://[^\x00-\x20\x7f-\xa0\u2028\u2029]+\Z",
    gettext_lazy("Write an address with https://."),
)
"""Also of a server that has a name in the organisation's network alone."""

HIVES = {Scope.MACHINE: "HKEY_LOCAL_MACHINE", Scope.USER: "HKEY_CURRENT_USER"}
DRIVES = {Scope.MACHINE: "HKLM", Scope.USER: "HKCU"}


@functools.cache
def table() -> dict[str, Any]:
    """The table of value names, with their kinds and bounds."""
    path = Path(__file__).with_name("policy_values.json")
    table: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return table


def policy_key() -> str:
    """The registry key of policies, beneath its hive."""
    return f"{table()['policies_key']}\\{path()}"


def preference_key() -> str:
    """The registry key of settings that are no policy, beneath its hive."""
    return f"{table()['preferences_key']}\\{path()}"


def path() -> str:
    """The vendor's and the product's part of a registry key."""
    vendor, product = settings.POLICY_VENDOR, settings.POLICY_PRODUCT
    return str(table()["path"].format(vendor=vendor, product=product))


@dataclass(frozen=True, slots=True)
class Value:
    """One value to write: a text or a whole number."""

    name: str
    data: str | int

    @property
    def is_text(self) -> bool:
        """Whether it is written as REG_SZ; otherwise as REG_DWORD."""
        return isinstance(self.data, str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """What an IT department wants its machines to read. Empty texts are not written."""

    serial_number: str
    product_key: str = field(repr=False)
    service_url: str
    licence_name: str
    scope: Scope = Scope.MACHINE
    proxy: str = ""
    contact_text: str = ""
    allow_user_entry: bool = True

    @property
    def key(self) -> str:
        """The registry key with its hive, as ``regedit`` writes it."""
        return f"{HIVES[self.scope]}\\{policy_key()}"

    @property
    def preference_key(self) -> str:
        """The key of the computer's setting, which policies overrule."""
        return f"{HIVES[Scope.MACHINE]}\\{preference_key()}"

    @property
    def drive_path(self) -> str:
        """The same as PowerShell writes it."""
        return f"{DRIVES[self.scope]}:\\{policy_key()}"

    def values(self) -> Iterator[Value]:
        """What is written, in the table's order."""
        wanted: dict[str, str | int] = {
            "SerialNumber": self.serial_number,
            "ProductKey": self.product_key,
            "ServiceUrl": self.service_url,
            "Proxy": self.proxy,
            "ContactText": self.contact_text,
            "AllowUserEntry": int(self.allow_user_entry),
        }
        for row in table()["values"]:
            data = wanted.get(row["name"], "")
            if data != "":
                yield Value(row["name"], data)
