"""One person as an account's programs have ever known them: all that is kept of them.

``usernames`` says which names go together. Names that may be somebody else's are told apart, and
nothing of those is theirs until they are asked for by that name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet

from licensing import usernames
from licensing.identity import as_compared
from licensing.known_names import Namesakes, namesakes
from licensing.models import AccessRule, Account, ClientSession, Denial, Device
from licensing.models.denials import ON_MACHINE, PERSON
from licensing.models.sessions import ClientSessionQuerySet
from licensing.rules import STAR, is_pattern


@dataclass(frozen=True)
class Person:
    """Who is called by one of these names, a program's user name or an address."""

    account: Account
    asked: tuple[str, ...]

    @cached_property
    def found(self) -> list[Namesakes]:
        """What programs ever told of the user whom each of the names is about."""
        return [namesakes(self.account, name, ever=True) for name in self.asked]

    @cached_property
    def names(self) -> dict[str, str]:
        """Their names as compared, each as it was written last; those that were asked for too.

        Where nobody else may have it the bare name of the user is one, for people write it.
        """
        told = {name.person: name.username for found in self.found for name in found.theirs}
        asked = [*self.asked, *(usernames.read(name).user for name in self.asked)]
        meant = self.asked if any(found.others for found in self.found) else asked
        return {as_compared(name): name for name in meant if name} | told

    @property
    def others(self) -> list[str]:
        """Names of the same user that may be somebody else's."""
        every = {name.person: name.username for found in self.found for name in found.others}
        return [written for name, written in every.items() if name not in self.names]

    @property
    def sessions(self) -> ClientSessionQuerySet:
        """All their sessions, of long ago too."""
        every = ClientSession.every.filter(account=self.account).named(person=self.names)
        return every.order_by("started_at", "pk")

    @property
    def denials(self) -> QuerySet[Denial]:
        """All refusals of theirs; those by a serial number that is nobody's are nobody's."""
        every = Denial.every.filter(account=self.account).alias(person=PERSON)
        return every.filter(person__in=list(self.names)).order_by("first_at", "pk")

    @cached_property
    def devices(self) -> list[Device]:
        """The devices that they used last, bound or not."""
        every = Device.objects.filter(account=self.account).select_related("licence")
        return [one for one in every.order_by("pk") if as_compared(one.username) in self.names]

    @cached_property
    def rules(self) -> list[AccessRule]:
        """The rules that name them, or a machine that is theirs alone; patterns name nobody."""
        every = AccessRule.objects.filter(account=self.account).order_by("pk")
        return [rule for rule in every if self.is_named_by(rule)]

    def is_named_by(self, rule: AccessRule) -> bool:
        """Whether a rule is about nobody else, or about nothing but their machine."""
        return as_named(rule.username) in self.names or (
            as_named(rule.machine_name) in self.own_machines
        )

    @cached_property
    def own_machines(self) -> dict[str, str]:
        """Machines that nobody else was ever seen on, as compared, each as it was written last."""
        seen = {as_compared(name): name for name in self.machines()}
        shared = set(self.sessions_of_others(seen)) | set(self.refusals_of_others(seen))
        used = Device.objects.filter(account=self.account, machine__in=seen)
        shared |= {one.machine for one in used if as_compared(one.username) not in self.names}
        return {machine: name for machine, name in seen.items() if machine not in shared}

    def machines(self) -> Iterable[str]:
        """The names of all machines they were seen on, as they were written."""
        yield from self.denials.order_by().values_list("machine_name", flat=True).distinct()
        yield from self.sessions.order_by().values_list("machine_name", flat=True).distinct()
        yield from (device.machine_name for device in self.devices)

    def sessions_of_others(self, machines: Iterable[str]) -> Iterable[str]:
        """Those of the machines that somebody else opened a session on."""
        of_account = ClientSession.every.filter(account=self.account)
        others = of_account.named(machine=[*machines]).exclude(person__in=self.names)
        return others.order_by().values_list("machine", flat=True)

    def refusals_of_others(self, machines: Iterable[str]) -> Iterable[str]:
        """Those of the machines that somebody else was refused on."""
        refused = Denial.every.filter(account=self.account).alias(person=PERSON)
        others = refused.exclude(person__in=list(self.names)).annotate(on_machine=ON_MACHINE)
        found = others.filter(on_machine__in=list(machines)).order_by()
        return found.values_list("on_machine", flat=True).distinct()

    @property
    def open_sessions(self) -> list[ClientSession]:
        """Their sessions that hold a seat."""
        held = self.account.sessions.active().filter(person__in=self.names)
        return list(held.select_related("licence").order_by("started_at", "pk"))

    @property
    def bound_devices(self) -> list[Device]:
        """The devices that a seat is bound to for them."""
        return [device for device in self.devices if device.unbound_at is None]


def as_named(pattern: str) -> str:
    """The one name that a rule's pattern is about, as compared; "" if there are several.

    In whatever domain counts as one: so people are blocked who leave.
    """
    name = pattern.removeprefix("*\\").removesuffix("@*")
    return "" if is_pattern(name) else as_compared(name.replace(STAR, "*"))
