"""The demo's estate: accounts, their licences, and the teams that use them. All made up."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from licensing import licences
from licensing.models.licences import UsageModel
from support.demo.estate.teams import (
    BUSY,
    LEFT_DAYS_AGO,
    NEVER_ABSENT,
    OPEN_SINCE_MORNING,
    REPORTS_MONTHLY,
    SELDOM_THERE,
    TIDY,
    WENT_OFFLINE,
    WENT_QUIET,
    Team,
)

BROOK, HILL, NORTHERN, HARBOUR, MERIDIAN = (
    "Brook & Co",
    "Hill & Dale",
    "Northern Infrastructure Group",
    "Harbour Design Partnership",
    "Meridian Surveyors",
)

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
        people=9,
        domain="BROOK",
        machines="PC-{:02}",
        policy=licences.TRUSTING,
        features=("business-intelligence", "risk"),
        habits=REPORTS_MONTHLY,
        since=65,
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
        licence="Estimators",
        seats=2,
        people=2,
        domain="BROOK",
        machines="EST-{:02}",
        usage_model=UsageModel.LEASE,
        ends=160,
        habits=TIDY,
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
    Team(  # a customer who is new: nobody has opened a program yet
        account=MERIDIAN,
        licence="Surveyors",
        seats=5,
        people=0,
        domain="MERIDIAN",
        machines="",
        features=("bim",),
        since=1,
        ends=364,
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
