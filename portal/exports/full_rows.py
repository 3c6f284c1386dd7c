"""The rows of an account's export of which something is made when it is read back."""

from __future__ import annotations

import datetime as dt

import msgspec

from licensing.models.keys import KeyState
from licensing.models.licences import LicenceState, UsageModel
from licensing.models.rules import Effect
from portal.models import Role


class Row(msgspec.Struct, kw_only=True):
    """A row of an export: what it has besides is left out."""


class AccountRow(Row):
    name: str
    time_zone: str
    contact: str
    shows_holders: bool
    works_on: list[int]
    works_from: dt.time
    works_until: dt.time


class LicenceRow(Row):
    id: int
    name: str
    product: str
    usage_model: UsageModel
    state: LicenceState
    seats: int
    starts_on: dt.date | None
    ends_on: dt.date | None
    grace_period: int
    reclaim_after: int | None
    replaces: int | None


class OfLicence(Row):
    licence: int


class FeatureRow(OfLicence):
    feature: str
    seats: int | None


class KeyRow(OfLicence):
    label: str
    state: KeyState


class DeviceRow(OfLicence):
    machine_name: str
    username: str
    unbound_at: dt.datetime | None


class RuleRow(Row):
    licence: int | None
    effect: Effect
    username: str
    machine_name: str
    reason: str
    starts_at: dt.datetime
    ends_at: dt.datetime | None


class PersonRow(Row):
    email: str
    role: Role


class InvitationRow(PersonRow):
    accepted_at: dt.datetime | None
    cancelled_at: dt.datetime | None


class NotesRow(OfLicence):
    contact_name: str
    contact_email: str
    text: str


class TagRow(OfLicence):
    name: str


BROUGHT: dict[str, type[Row]] = {
    "account": AccountRow,
    "licences": LicenceRow,
    "features": FeatureRow,
    "keys": KeyRow,
    "devices": DeviceRow,
    "rules": RuleRow,
    "people": PersonRow,
    "invitations": InvitationRow,
    "notes": NotesRow,
    "tags": TagRow,
}
"""The kinds of which something is made, in an order in which each finds what it is about."""
