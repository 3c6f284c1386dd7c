"""A person as programs know them: under each of their names."""

from __future__ import annotations

from functools import cached_property

from licensing import usernames
from licensing.identity import as_compared
from licensing.known_names import KnownName, namesakes
from licensing.models import Account, Device
from licensing.models.denials import PERSON
from licensing.usage.groups import Grouping
from portal.desktops.page import Desktop
from portal.models import Membership
from portal.words.aliases import Names


class Person(Desktop):
    """Who is called this, or another form of it, on the pages of an account.

    What goes together beyond doubt is one person; ``others`` may be, and are told apart.
    """

    column = "person"
    other = ("machine", "machine_name")
    refused = PERSON
    grouping = Grouping.PERSON
    preset = {"whom": "user", "scope": "account"}

    def __init__(self, account: Account, name: str, names: Names) -> None:
        self.asked, self.found = name, namesakes(account, name)
        people = dict.fromkeys([as_compared(name), *self.found.people])
        super().__init__(account, list(people), names)

    def __str__(self) -> str:
        """The name that was asked for, as a program writes it; else the one used last."""
        asked = as_compared(self.asked)
        same = [one.username for one in self.found.theirs if one.person == asked]
        return next(iter([*same, *(one.username for one in self.found.theirs)]), self.written)

    @property
    def written(self) -> str:
        """The name as the last session has it, whenever that was."""
        last = self.last_session
        return last.username if last else self.asked

    @property
    def shown_names(self) -> list[KnownName]:
        """Their names of late; else the one that was asked for, if sessions have it."""
        old = [KnownName(str(self), last_at=self.last_at)] if self.others else []
        return self.found.theirs or old

    @property
    def similar(self) -> list[KnownName]:
        """Names that may be somebody else's."""
        return self.found.others

    @property
    def bound(self) -> list[Device]:
        return [device for name in self.found.theirs for device in name.devices]

    @cached_property
    def memberships(self) -> list[Membership]:
        """The people who sign in here by an address that is, or may be, theirs."""
        user = usernames.read(self.asked).user
        members = self.account.memberships.select_related("user")
        return [
            member
            for member in members.filter(user__email__istartswith=f"{user}@")
            if usernames.read(member.user.email).user == user
        ]

    def is_theirs(self, member: Membership) -> bool:
        """Whether somebody who signs in here is this person beyond doubt."""
        return usernames.as_person(member.user.email) in map(usernames.as_person, self.compared)
