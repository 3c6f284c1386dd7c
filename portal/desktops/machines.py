"""A machine as programs know it."""

from __future__ import annotations

from functools import cached_property

from licensing.identity import as_compared
from licensing.models import Account, Device
from licensing.models.denials import ON_MACHINE
from licensing.usage.groups import Grouping
from portal.desktops.page import Desktop
from portal.words.aliases import Names


class Machine(Desktop):
    """What is called this, in whatever case."""

    column = "machine"
    other = ("person", "username")
    refused = ON_MACHINE
    grouping = Grouping.MACHINE
    preset = {"whom": "machine", "scope": "account"}

    def __init__(self, account: Account, name: str, names: Names) -> None:
        super().__init__(account, [as_compared(name)], names)
        self.asked = name

    def __str__(self) -> str:
        """The name as the last session, a device or a refusal has it."""
        told = [self.last_session, *self.bound, *(row.denial for row in self.denials)]
        return next((one.machine_name for one in told if one), self.asked)

    @cached_property
    def bound(self) -> list[Device]:
        found = Device.objects.bound().filter(licence__account=self.account)
        return list(found.filter(machine__in=self.compared).select_related("licence"))
