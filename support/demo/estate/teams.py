"""Teams of made-up people: who shares a licence of the demo's, how they work, what befalls them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from licensing.identity import Client
from licensing.licences import OfflinePolicy
from licensing.models.catalogue import DEFAULT_PRODUCT
from licensing.models.licences import UsageModel
from support.demo.desktops.days import DAY, HOUR, MINUTE, Habits
from support.demo.desktops.moments import Act, Moment
from support.demo.estate.names import names

VERSIONS = ("16.0.02", "16.1.00", "16.1.00", "17.0.01", "17.0.01", "17.0.01")

ORDINARY = Habits()
NEVER_ABSENT = Habits(attendance=0.97, lunches_closed=0.1, has_mishaps=False)
SELDOM_THERE = Habits(attendance=0.3)
BUSY = Habits(attendance=0.9)
TIDY = Habits(attendance=0.6, has_mishaps=False)
REPORTS_MONTHLY = Habits(attendance=0.15, at_month_end=0.97, has_mishaps=False)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """People who share one licence, and how that is set up.

    ``hosts`` are terminal servers on which each of them has an OS session of their
    own, all of which were ``restarted`` so many working days before the last, at some hour of
    it; ``to_a_machine`` people share one PC. Every second person asks for the features
    ``needs``. ``carries`` makes people with two machines who move their licence to and
    fro, and ``clones`` people with two machines of one name, told apart by their device ids.
    ``stories`` tell what befalls the first people of the team in the end, in
    seconds before now.
    """

    account: str
    licence: str
    seats: int
    seats_at_first: int | None = None
    people: int
    domain: str
    machines: str
    usage_model: UsageModel = UsageModel.CONCURRENT
    product: str = DEFAULT_PRODUCT
    features: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    carries: bool = False
    clones: bool = False
    policy: OfflinePolicy | None = None
    starts: int | None = None
    ends: int | None = 400
    hosts: tuple[str, ...] = ()
    restarted: tuple[int, float] | None = None
    to_a_machine: int = 1
    habits: Habits = ORDINARY
    since: float = float("inf")
    until: float = 0
    stories: tuple[tuple[Moment, ...], ...] = ()

    def clients(self) -> Iterator[Client]:
        """The desktops of the team: each person where they work."""
        for number, name in enumerate(names(self.account + self.licence, self.people)):
            yield Client(
                machine_name=self.machine(number),
                username=f"{self.domain}\\{name}",
                os_session=str(2 + number) if self.hosts else "",
                version=VERSIONS[number % len(VERSIONS)],
                features=() if number % 2 else self.needs,
            )

    def machine(self, number: int) -> str:
        """Where the person with this number works."""
        if self.hosts:
            return self.hosts[number % len(self.hosts)]
        return self.machines.format(1 + number // self.to_a_machine)


def story(*acts: tuple[float, Act]) -> tuple[Moment, ...]:
    """What befalls somebody, at so many seconds before now."""
    return tuple(Moment(-ago, act) for ago, act in acts)


LEFT_DAYS_AGO = story(
    (6 * DAY, Act.FIND_NETWORK), (6 * DAY, Act.OPEN), (5.6 * DAY, Act.LOSE_NETWORK)
)
WENT_OFFLINE = story(
    (5 * HOUR, Act.FIND_NETWORK), (5 * HOUR, Act.OPEN), (3 * HOUR, Act.LOSE_NETWORK)
)
WENT_QUIET = story(
    (2 * HOUR, Act.FIND_NETWORK),
    (2 * HOUR, Act.OPEN),
    (10.5 * MINUTE, Act.OPEN_WINDOW),
    (9 * MINUTE, Act.LOSE_NETWORK),
)
OPEN_SINCE_MORNING = story((2.2 * HOUR, Act.FIND_NETWORK), (2.2 * HOUR, Act.OPEN))
