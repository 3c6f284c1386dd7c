"""The tables of the page of use, declared: what may be asked of each, and its file."""

from __future__ import annotations

from django.utils.dates import WEEKDAYS

from portal.lists.columns import Column
from portal.lists.listing import Listing
from portal.usage.asked import AT_WORK, COMPARED, DAYS_AT_FIRST, GROUPED
from portal.usage.chosen import CHOSEN


def at(name: str, header: str) -> Column:
    """A column of what the rows have under its name."""
    return Column(name=name, header=header)


LICENCE = Column(name="licence", header="Licence", value=lambda row, names: row.licence.name)
SHARE = Column(name="share", header="Share (%)", value=lambda row, names: round(row.share * 100, 1))
USE = Listing(
    name="usage",
    page="portal:usage",
    days=DAYS_AT_FIRST,
    parameters=(*CHOSEN, AT_WORK, COMPARED, GROUPED),
    file=(
        Column(name="start", header="Hour (UTC)", value=lambda row, names: row.hour.start),
        LICENCE,
        Column(name="peak", header="Peak", value=lambda row, names: row.hour.peak),
        Column(name="mean", header="Mean", value=lambda row, names: round(row.hour.mean, 6)),
        Column(name="limit", header="User limit", value=lambda row, names: row.hour.limit),
        Column(
            name="full",
            header="Seconds at the limit",
            value=lambda row, names: row.hour.seconds_at_limit,
        ),
        Column(name="people", header="People", value=lambda row, names: row.hour.people),
        Column(name="machines", header="Machines", value=lambda row, names: row.hour.machines),
        Column(
            name="denials", header="True denials", value=lambda row, names: row.hour.true_denials
        ),
    ),
)
USE_OF_DAYS = Listing(
    name="usage_days",
    days=DAYS_AT_FIRST,
    parameters=(*CHOSEN, AT_WORK),
    file=(
        at("date", "Day"),
        at("peak", "Peak"),
        at("seats", "User limit"),
        at("full_minutes", "Minutes full"),
        at("true_denials", "True denials"),
    ),
)
USE_BY_GROUP = Listing(
    name="usage_groups",
    days=DAYS_AT_FIRST,
    parameters=(*CHOSEN, AT_WORK, GROUPED),
    file=(
        at("name", "Group"),
        at("peak", "Peak"),
        at("limit", "User limit now"),
        Column(name="hours", header="Hours", value=lambda row, names: round(row.hours, 2)),
        SHARE,
        at("people", "People"),
        at("days", "Days used"),
        at("true_denials", "True denials"),
    ),
)
SESSIONS_OF_DAY = Listing(
    name="usage_sessions",
    days=DAYS_AT_FIRST,
    parameters=(*CHOSEN, AT_WORK),
    file=(
        Column(
            name="user", header="User", value=lambda row, names: names.person(row.held.username)
        ),
        Column(
            name="machine",
            header="Machine",
            value=lambda row, names: names.machine(row.held.machine_name),
        ),
        LICENCE,
        Column(name="since", header="From (UTC)", value=lambda row, names: row.held.start),
        Column(name="until", header="Until (UTC)", value=lambda row, names: row.held.end),
        at("minutes", "Minutes"),
    ),
)
USE_OF_WEEK = Listing(
    name="usage_week",
    days=DAYS_AT_FIRST,
    parameters=CHOSEN,
    file=(
        Column(name="weekday", header="Day", value=lambda row, names: str(WEEKDAYS[row.weekday])),
        at("hour", "Hour"),
        at("mean", "Mean"),
        at("most", "Peak"),
    ),
)
USE_AT_LEVELS = Listing(
    name="usage_levels",
    days=DAYS_AT_FIRST,
    parameters=CHOSEN,
    file=(
        at("seats", "Seats in use"),
        at("hours", "Hours of working time"),
        SHARE,
    ),
)
SIZES = Listing(
    name="usage_sizes",
    days=DAYS_AT_FIRST,
    parameters=CHOSEN,
    file=(
        LICENCE,
        Column(name="seats", header="User limit", value=lambda row, names: row.licence.seats),
        Column(
            name="suggested",
            header="Suggested",
            value=lambda row, names: row.size and row.size.seats,
        ),
        Column(
            name="covered",
            header="Working time covered (%)",
            value=lambda row, names: row.size and round(row.covered, 1),
        ),
        Column(
            name="most",
            header="Wanted at most",
            value=lambda row, names: row.size and row.size.most,
        ),
        Column(
            name="days_short",
            header="Days with more wanted",
            value=lambda row, names: row.size and row.size.days_short,
        ),
        Column(
            name="refused",
            header="People refused",
            value=lambda row, names: row.size and row.size.refused_people,
        ),
        at("days_to_go", "Days to go"),
    ),
)
PEOPLE = Listing(
    name="usage_people",
    days=DAYS_AT_FIRST,
    parameters=(*CHOSEN, AT_WORK),
    file=(
        Column(name="user", header="User", value=lambda row, names: names.person(row.username)),
        at("hours", "Hours"),
        at("days", "Days used"),
        at("last_at", "Last used (UTC)"),
        Column(
            name="occasional",
            header="Occasional",
            value=lambda row, names: "yes" if row.is_occasional else "no",
        ),
    ),
)
VERSIONS = Listing(
    name="usage_versions",
    days=DAYS_AT_FIRST,
    parameters=CHOSEN,
    file=(at("version", "Version"), at("people", "People"), at("last_at", "Last used (UTC)")),
)
