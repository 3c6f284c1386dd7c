"""Every list of the portal: a new one takes its line here."""

from __future__ import annotations

from portal.audit.log import AuditLog
from portal.licences.machines import MachineList
from portal.licences.other_model_listed import OtherModelList
from portal.licences.query import LicenceList
from portal.lists.asked import AskedList
from portal.sessions.active import SessionList
from portal.usage.denials import DenialList
from portal.usage.use import (
    DayList,
    GroupList,
    LevelList,
    PeopleList,
    SessionsOfDay,
    SizeList,
    UseList,
    VersionList,
    WeekList,
)

EVERY_LIST: tuple[type[AskedList], ...] = (
    SessionList,
    LicenceList,
    MachineList,
    DenialList,
    UseList,
    DayList,
    SessionsOfDay,
    GroupList,
    WeekList,
    LevelList,
    SizeList,
    OtherModelList,
    PeopleList,
    VersionList,
    AuditLog,
)
LISTS = {one.listing.name: one for one in EVERY_LIST}
LISTINGS = {name: one.listing for name, one in LISTS.items()}
TABLES = {table.name: table for listing in LISTINGS.values() for table in listing.tables}
"""The tables whose columns can be chosen."""
