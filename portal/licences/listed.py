"""The list of licences, declared: what may be asked of it, its two tables, its files."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from enum import StrEnum

from django.utils.translation import gettext_lazy

from licensing.names import alphabetical
from portal.licences import tags
from portal.licences.rows import LicenceRow, by_number
from portal.lists.columns import Column, Table
from portal.lists.cursors import By, Id, Moment
from portal.lists.listing import Listing, Parameter, looked_for, one_of
from portal.words.statuses import LicenceStatus
from portal.words.times import utc_stamp

EARLIEST = dt.datetime.min.replace(tzinfo=dt.UTC)
LAST = "\uffff"
"""Comes after every name."""
STATUSES = list(LicenceStatus)
BY_NAME = By(name="name", kind=str, value=lambda row: alphabetical(row.licence.name))
BY_ID = By(name="id", kind=Id, value=lambda row: row.licence.pk)


class Days(StrEnum):
    """How many days the filters of what is long ago, or near, offer."""

    MONTH = "30"
    TWO_MONTHS = "60"
    QUARTER = "90"


def days_in(text: str) -> int | None:
    """One of the lengths of time that a filter offers."""
    return int(text) if text in set(Days) else None


IN_STATE = Parameter("state", one_of(LicenceStatus))
WITH_TAG = Parameter("tag", str.strip)
OF_PRODUCT = Parameter("product", str.strip)
WITH_VERSION = Parameter("version", str.strip)
UNUSED_FOR = Parameter("unused", days_in)
ENDS_WITHIN = Parameter("ends", days_in)


def features_of(row: LicenceRow) -> str:
    """The licence's features, by their codes."""
    return ", ".join(included.feature.code for included in row.licence.licence_features.all())


NAME = Column(
    name="name",
    label=gettext_lazy("Name and product"),
    sort=BY_NAME,
    is_fixed=True,
    header="Name",
    value=lambda row, names: row.licence.name,
)
SERIAL = Column(
    name="serial",
    label=gettext_lazy("Serial number"),
    sort=By(name="serial", kind=str, value=lambda row: row.key.serial_number if row.key else ""),
    header="Serial numbers",
    value=lambda row, names: ", ".join(key.serial_number for key in row.keys),
)
LIMIT = Column(
    name="limit",
    label=gettext_lazy("User limit"),
    sort=By(name="limit", kind=int, value=lambda row: row.licence.seats),
    css="num",
    header="User limit",
    value=lambda row, names: row.licence.seats,
)
IN_USE = Column(
    name="use",
    label=gettext_lazy("In use"),
    sort=By(name="use", kind=tuple[float, int], value=lambda row: (row.fullness, row.in_use)),
    header="In use",
    value=lambda row, names: row.in_use,
)
DENIED = Column(
    name="denials",
    label=gettext_lazy("True denials 30 d"),
    sort=By(name="denials", kind=int, value=lambda row: row.denials),
    css="num is-long",
    rank=2,
    header="True denials, 30 days",
)
PEAK = Column(
    name="peak",
    label=gettext_lazy("Peak 30 d"),
    sort=By(name="peak", kind=int, value=lambda row: row.peak),
    css="num",
    rank=2,
    header="Peak, 30 days",
)
FEATURES = Column(
    name="features",
    label=gettext_lazy("Features"),
    rank=3,
    header="Features",
    value=lambda row, names: features_of(row),
)
STATUS = Column(
    name="status",
    label=gettext_lazy("Status"),
    sort=By(name="status", kind=int, value=lambda row: STATUSES.index(row.status)),
    header="Status",
)
ENDS = Column(
    name="ends",
    label=gettext_lazy("Ends"),
    sort=By(name="ends", kind=dt.date, value=lambda row: row.licence.ends_on or dt.date.max),
    css="keep",
    rank=2,
    header="Ends",
    value=lambda row, names: row.licence.ends_on,
)
DEVICE = Column(
    name="device",
    label=gettext_lazy("Device"),
    sort=By(
        name="device",
        kind=str,
        value=lambda row: alphabetical(row.device.machine_name) if row.device else LAST,
    ),
    header="Devices",
    value=lambda row, names: ", ".join(device.machine_name for device in row.devices),
)
BOUND = Column(
    name="bound",
    label=gettext_lazy("Bound since"),
    sort=By(name="bound", kind=Moment, value=lambda row: row.bound_at or EARLIEST),
    is_first=False,
    header="Devices bound since (UTC)",
    value=lambda row, names: ", ".join(utc_stamp(device.bound_at) for device in row.devices),
)
REFRESHED = Column(
    name="refreshed",
    label=gettext_lazy("Last refreshed"),
    sort=By(name="refreshed", kind=Moment, value=lambda row: row.last_refreshed or EARLIEST),
    rank=2,
    header="Last refreshed (UTC)",
    value=lambda row, names: row.last_refreshed,
)
VERSION = Column(
    name="version",
    label=gettext_lazy("Version"),
    sort=By(
        name="version",
        kind=list[tuple[int, ...]],
        value=lambda row: [by_number(version) for version in row.versions[:1]],
    ),
    rank=3,
    header="Versions",
    value=lambda row, names: ", ".join(row.versions),
)

POOLS = Table(
    "pools",
    (
        NAME,
        SERIAL,
        LIMIT,
        IN_USE,
        PEAK,
        DENIED,
        FEATURES,
        Column(name="key_count", label=gettext_lazy("Keys"), css="num", rank=3),
        STATUS,
        ENDS,
    ),
    prefix="pools-",
    first_sort="-use",
)
SINGLE_USER = Table(
    "single",
    (
        NAME,
        SERIAL,
        LIMIT,
        replace(IN_USE, css="keep"),
        DEVICE,
        BOUND,
        REFRESHED,
        VERSION,
        FEATURES,
        replace(ENDS, label=gettext_lazy("Status and end"), css="", rank=1),
    ),
    prefix="single-",
    first_sort="name",
)
LICENCES = Listing(
    name="licences",
    page="portal:licences",
    parameters=(
        Parameter("q", looked_for),
        IN_STATE,
        WITH_TAG,
        OF_PRODUCT,
        WITH_VERSION,
        UNUSED_FOR,
        ENDS_WITHIN,
    ),
    tables=(POOLS, SINGLE_USER),
    file=(
        NAME,
        Column(name="product", header="Product", value=lambda row, names: row.licence.product.name),
        Column(
            name="model", header="Usage model", value=lambda row, names: row.licence.usage_model
        ),
        SERIAL,
        LIMIT,
        IN_USE,
        PEAK,
        DENIED,
        FEATURES,
        Column(name="tags", header="Tags", value=lambda row, names: tags.written(row.tags)),
        DEVICE,
        BOUND,
        Column(
            name="users",
            header="Users",
            value=lambda row, names: ", ".join(device.username for device in row.devices),
        ),
        VERSION,
        REFRESHED,
        STATUS,
        Column(name="starts", header="Starts", value=lambda row, names: row.licence.starts_on),
        ENDS,
    ),
)
