"""The use that an address asks for, as lists: of hours, days, the week, levels, sizes, people.

An address with a problem asks for nothing.
"""

from __future__ import annotations

from portal.lists.asked import AskedList
from portal.usage import listed_use
from portal.usage.advice import PoolAdvice, Sizes
from portal.usage.asked import UseAsked
from portal.usage.figures import Figures
from portal.usage.groups import Group, Groups
from portal.usage.hours import Hours, LicenceHour
from portal.usage.people import Person, Version, versions_in
from portal.usage.strip import HeldThen, OpenDay
from portal.usage.values import Day, Level, WeekHour
from portal.words.aliases import Names


def figures_of(use: UseAsked) -> Figures:
    """The figures that an address asks for, none of them counted yet."""
    return Figures(use.licences, use.range, only_working=use.only_working)


def sizes_of(use: UseAsked, figures: Figures) -> Sizes:
    """What is told about the sizes of the licences that an address asks for."""
    return Sizes(figures, use.parameters)


def groups_of(use: UseAsked, figures: Figures, names: Names) -> Groups:
    """The use by groups that an address asks for."""
    return Groups(use.grouping, figures, names)


def day_opened(figures: Figures, names: Names) -> OpenDay | None:
    """The day that an address opens, if it asks for one alone."""
    return OpenDay(figures, names) if figures.range.length == 1 else None


def asked_by(listed: AskedList) -> UseAsked:
    """What the address of a list asks for."""
    return UseAsked(listed.account, listed.parameters)


class UseList(AskedList):
    """The hours of each licence."""

    listing = listed_use.USE

    @property
    def rows(self) -> list[LicenceHour]:
        use = asked_by(self)
        if use.problem:
            return []
        return Hours(use.licences, use.range.since, use.range.until).first()

    @property
    def as_asked(self) -> dict[str, object]:
        """What the API is asked for the same hours: days are the account's."""
        return asked_by(self).as_asked


class DayList(AskedList):
    """The days of the range."""

    listing = listed_use.USE_OF_DAYS

    @property
    def rows(self) -> list[Day]:
        use = asked_by(self)
        return [] if use.problem else figures_of(use).days


class GroupList(AskedList):
    """The groups that used the licences."""

    listing = listed_use.USE_BY_GROUP

    @property
    def rows(self) -> list[Group]:
        use = asked_by(self)
        return [] if use.problem else groups_of(use, figures_of(use), self.names).rows


class SessionsOfDay(AskedList):
    """Who held a seat from when to when on the day that is opened."""

    listing = listed_use.SESSIONS_OF_DAY

    @property
    def rows(self) -> list[HeldThen]:
        use = asked_by(self)
        day = None if use.problem else day_opened(figures_of(use), self.names)
        return day.held if day else []


class WeekList(AskedList):
    """The hours of the week."""

    listing = listed_use.USE_OF_WEEK

    @property
    def rows(self) -> list[WeekHour]:
        use = asked_by(self)
        return [] if use.problem else [hour for day in figures_of(use).week for hour in day]


class LevelList(AskedList):
    """The time at each number of seats."""

    listing = listed_use.USE_AT_LEVELS

    @property
    def rows(self) -> list[Level]:
        use = asked_by(self)
        return [] if use.problem else figures_of(use).levels


class SizeList(AskedList):
    """The advice for each pool."""

    listing = listed_use.SIZES

    @property
    def rows(self) -> list[PoolAdvice]:
        use = asked_by(self)
        return [] if use.problem else sizes_of(use, figures_of(use)).pools


class PeopleList(AskedList):
    """Who held a seat."""

    listing = listed_use.PEOPLE

    @property
    def rows(self) -> list[Person]:
        use = asked_by(self)
        return [] if use.problem else figures_of(use).people


class VersionList(AskedList):
    """The versions that held a seat."""

    listing = listed_use.VERSIONS

    @property
    def rows(self) -> list[Version]:
        use = asked_by(self)
        return [] if use.problem else versions_in(use.licences, use.range)
