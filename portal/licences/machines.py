"""The list of the machines that a key is used on, which stands on the key's page."""

from __future__ import annotations

from licensing import sightings
from licensing.models import ProductKey
from licensing.numbers import number_in
from licensing.sightings import Sighting
from portal.lists.asked import AskedList
from portal.lists.columns import Column
from portal.lists.listing import Listing, Parameter

OF_KEY = Parameter("key", number_in)
MACHINES = Listing(
    name="machines",
    parameters=(OF_KEY,),
    file=(
        Column(
            name="machine",
            header="Machine",
            value=lambda row, names: names.machine(row.machine_name),
        ),
        Column(name="user", header="User", value=lambda row, names: names.person(row.username)),
        Column(name="first_seen_at", header="First seen (UTC)"),
        Column(name="last_seen_at", header="Last seen (UTC)"),
        Column(name="running", header="Open sessions"),
    ),
)


class MachineList(AskedList):
    """The machines of the key that an address names: of a replaced key, those still on it."""

    listing = MACHINES

    @property
    def rows(self) -> list[Sighting]:
        """All of them, the last seen first; none for what is no key of the account."""
        wanted = OF_KEY.of(self.parameters)
        of_account = ProductKey.objects.filter(licence__account=self.account)
        key = of_account.filter(pk=wanted).first() if wanted is not None else None
        return sightings.listed(key) if key else []
