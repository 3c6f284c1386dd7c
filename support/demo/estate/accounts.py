"""The demo's estate: accounts, their licences, and the teams that use them. All made up."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator, Sequence

from licensing import licences
from licensing.identity import Client
from licensing.licences import OfflinePolicy
from licensing.models.catalogue import DEFAULT_PRODUCT
from licensing.models.licences import UsageModel
from support.demo.desktops.days import DAY, HOUR, MINUTE, Habits
from support.demo.desktops.desktop import Act, Moment
from support.demo.estate.names import names

BROOK, HILL, NORTHERN, HARBOUR = (
    "Brook & Co",
    "Hill & Dale",
    "Northern Infrastructure Group",
    "Harbour Design Partnership",
)
VERSIONS = ("16.0.02", "16.1.00", "16.1.00", "17.0.01", "17.0.01", "17.0.01")

ORDINARY = Habits()
NEVER_ABSENT = Habits(attendance=0.97, lunches_closed=0.1, has_mishaps=False)
SELDOM_THERE = Habits(attendance=0.3)
BUSY = Habits(attendance=0.9)
TIDY = Habits(attendance=0.6, has_mishaps=False)


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

BROOK_TEAMS = (
    Team(
        account=BROOK,
        licence="London planners",
        seats=10,
        seats_at_first=8,
        people=14,
        domain="BROOK",
        machines="LON-CAD-{:02}",
        features=("bim", "4d"),
        habits=NEVER_ABSENT,
    ),
    Team(
        account=BROOK,
        licence="Leeds planners",
        seats=25,
        people=9,
        domain="BROOK",
        machines="LDS-{:03}",
        features=("bim",),
        stories=(WENT_QUIET, WENT_OFFLINE),
    ),
    Team(
        account=BROOK,
        licence="Terminal servers",
        seats=10,
        people=9,
        domain="BROOK",
        machines="",
        hosts=("CTX-01", "CTX-02", "CTX-03"),
        restarted=(1, 2.0),
        features=("bim", "risk"),
    ),
    Team(
        account=BROOK,
        licence="Site offices",
        seats=8,
        people=6,
        domain="BROOK",
        machines="SITE-{:02}",
        policy=licences.HOLD,
        to_a_machine=2,
        stories=(LEFT_DAYS_AGO, WENT_OFFLINE),
    ),
    Team(
        account=BROOK,
        licence="Contractors",
        seats=4,
        people=4,
        domain="CONTRACTORS",
        machines="BYOD-{:02}",
        policy=licences.STRICT,
        since=5,
    ),
    Team(
        account=BROOK,
        licence="Project controls",
        seats=6,
        people=5,
        domain="BROOK",
        machines="PC-{:02}",
        policy=licences.TRUSTING,
        features=("business-intelligence", "risk"),
        since=5,
    ),
    Team(
        account=BROOK,
        licence="4D visualisers",
        seats=3,
        people=3,
        domain="BROOK",
        machines="VIS-{:02}",
        product="asta-powerproject-4d",
        features=("bim",),
        ends=19,
    ),
    Team(
        account=BROOK,
        licence="Graduates",
        seats=8,
        people=7,
        domain="BROOK",
        machines="GRAD-{:02}",
        since=30,
        stories=(OPEN_SINCE_MORNING,) * 7,
    ),
    Team(
        account=BROOK,
        licence="Harbour joint venture",
        seats=5,
        people=4,
        domain="HARBOUR-JV",
        machines="JV-{:02}",
        until=9,
    ),
    Team(
        account=BROOK,
        licence="Tender team 2025",
        seats=4,
        people=3,
        domain="BROOK",
        machines="TND-{:02}",
        ends=-21,
        habits=TIDY,
        until=22,
    ),
    Team(
        account=BROOK,
        licence="Director's laptop",
        seats=1,
        people=1,
        domain="BROOK",
        machines="LT-0117",
        usage_model=UsageModel.SINGLE_USER,
        features=("bim",),
        stories=(WENT_OFFLINE,),
    ),
    Team(
        account=BROOK,
        licence="Training room",
        seats=4,
        people=2,
        domain="BROOK",
        machines="TRAIN-{:02}",
        usage_model=UsageModel.SINGLE_USER,
        habits=SELDOM_THERE,
    ),
    Team(
        account=BROOK,
        licence="Claims consultant",
        seats=1,
        people=1,
        domain="BROOK",
        machines="LT-0140",
        usage_model=UsageModel.SINGLE_USER,
        features=("risk",),
        stories=(OPEN_SINCE_MORNING,),
    ),
    Team(
        account=BROOK,
        licence="Spare laptop",
        seats=1,
        people=0,
        domain="BROOK",
        machines="",
        usage_model=UsageModel.SINGLE_USER,
        features=("bim",),
    ),
    Team(
        account=BROOK,
        licence="New starter",
        seats=1,
        people=0,
        domain="BROOK",
        machines="",
        usage_model=UsageModel.SINGLE_USER,
        starts=12,
    ),
)
SMALL_TEAMS = (
    Team(
        account=HILL,
        licence="Hill & Dale planners",
        seats=5,
        people=4,
        domain="HILLDALE",
        machines="HD-{:02}",
        features=("bim",),
    ),
    Team(
        account=HILL,
        licence="Partner's tablet",
        seats=1,
        people=1,
        domain="HILLDALE",
        machines="HD-TAB",
        usage_model=UsageModel.SINGLE_USER,
        ends=None,
    ),
    Team(
        account=HARBOUR,
        licence="Studio",
        seats=3,
        people=3,
        domain="HARBOUR",
        machines="STUDIO-{:02}",
        ends=64,
    ),
)

# Region, code on the machines, seats, people.
REGIONS = (
    ("Carlisle", "CAR", 20, 17), ("Darlington", "DAR", 20, 16), ("Durham", "DUR", 15, 13),
    ("Hull", "HUL", 30, 27), ("Lancaster", "LAN", 25, 21), ("Liverpool", "LIV", 40, 36),
    ("Manchester", "MAN", 60, 58), ("Middlesbrough", "MID", 20, 15), ("Newcastle", "NEW", 50, 44),
    ("Preston", "PRE", 25, 22), ("Sheffield", "SHE", 40, 37), ("York", "YOR", 30, 24),
)  # fmt: skip
NORTHERN_DAYS = 3
NORTHERN_POOLS = tuple(
    Team(
        account=NORTHERN,
        licence=f"{region} rail and roads",
        seats=seats,
        people=people,
        domain="NIG",
        machines=code + "-{:04}",
        features=("bim", "4d", "risk")[: 1 + len(code + region) % 3],
        habits=BUSY,
        since=NORTHERN_DAYS,
        ends=300 + 11 * seats,
    )
    for region, code, seats, people in REGIONS
)
ROLES = ("bridge engineer", "tunnel manager", "commercial lead")
NORTHERN_SINGLE_USERS = tuple(
    Team(
        account=NORTHERN,
        licence=f"{region} {role}",
        seats=1,
        people=int(number % 5 > 0),
        domain="NIG",
        machines=f"{code}-LT-{number:02}",
        usage_model=UsageModel.SINGLE_USER,
        features=("bim",),
        since=NORTHERN_DAYS,
        ends=25 if number == 7 else 200 + 9 * number,
    )
    for number, ((region, code, _, _), role) in enumerate(
        itertools.islice(itertools.product(REGIONS, ROLES), 28)
    )
)

TEAMS: Sequence[Team] = (*BROOK_TEAMS, *SMALL_TEAMS, *NORTHERN_POOLS, *NORTHERN_SINGLE_USERS)

PRINTED_POOL = (BROOK, "Leeds planners")
PRINTED_SINGLE_USER = (BROOK, "Spare laptop")
