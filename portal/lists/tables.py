"""The tables whose columns can be chosen: each column's heading, its sort and when it shows."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from portal.lists.columns import Column, Table

SESSIONS = Table(
    "sessions",
    (
        Column(name="user", label=gettext_lazy("User"), sort="user", is_fixed=True),
        Column(name="machine", label=gettext_lazy("Machine"), sort="machine"),
        Column(name="licence", label=gettext_lazy("Licence"), sort="licence"),
        Column(name="state", label=gettext_lazy("State"), sort="state"),
        Column(name="refreshed", label=gettext_lazy("Last refreshed"), sort="refreshed"),
        Column(name="started", label=gettext_lazy("Started"), sort="started", rank=3),
        Column(name="ended", label=gettext_lazy("Ended"), sort="ended", of="ended", is_fixed=True),
        Column(
            name="length",
            label=gettext_lazy("Length"),
            sort="length",
            css="num",
            rank=2,
            of="active",
        ),
        Column(
            name="back", label=gettext_lazy("Seat comes back"), sort="back", rank=2, of="active"
        ),
        Column(name="version", label=gettext_lazy("Version"), sort="version", rank=3),
        Column(name="features", label=gettext_lazy("Features"), is_first=False),
        Column(name="key", label=gettext_lazy("Key label"), is_first=False),
    ),
)
POOLS = Table(
    "pools",
    (
        Column(name="name", label=gettext_lazy("Name and product"), sort="name", is_fixed=True),
        Column(name="serial", label=gettext_lazy("Serial number"), sort="serial"),
        Column(name="limit", label=gettext_lazy("User limit"), sort="limit", css="num"),
        Column(name="use", label=gettext_lazy("In use"), sort="use"),
        Column(
            name="denials",
            label=gettext_lazy("True denials 30 d"),
            sort="denials",
            css="num is-long",
            rank=2,
        ),
        Column(name="features", label=gettext_lazy("Features"), rank=3),
        Column(name="key_count", label=gettext_lazy("Keys"), css="num", rank=3),
        Column(name="status", label=gettext_lazy("Status"), sort="status"),
        Column(name="ends", label=gettext_lazy("Ends"), sort="ends", css="keep", rank=2),
    ),
    prefix="pools-",
)
SINGLE_USER = Table(
    "single",
    (
        Column(name="name", label=gettext_lazy("Name and product"), sort="name", is_fixed=True),
        Column(name="serial", label=gettext_lazy("Serial number"), sort="serial"),
        Column(name="limit", label=gettext_lazy("User limit"), sort="limit", css="num"),
        Column(name="use", label=gettext_lazy("In use"), sort="use", css="keep"),
        Column(name="device", label=gettext_lazy("Device"), sort="device"),
        Column(name="refreshed", label=gettext_lazy("Last refreshed"), sort="refreshed", rank=2),
        Column(name="version", label=gettext_lazy("Version"), sort="version", rank=3),
        Column(name="features", label=gettext_lazy("Features"), rank=3),
        Column(name="ends", label=gettext_lazy("Status and end"), sort="ends"),
    ),
    prefix="single-",
)
DENIALS = Table(
    "denials",
    (
        Column(name="user", label=gettext_lazy("User"), sort="user", is_fixed=True),
        Column(name="machine", label=gettext_lazy("Machine"), sort="machine"),
        Column(name="licence", label=gettext_lazy("Licence"), sort="licence"),
        Column(name="reason", label=gettext_lazy("Reason"), sort="reason"),
        Column(name="outcome", label=gettext_lazy("Outcome")),
        Column(name="use", label=gettext_lazy("In use"), sort="use", css="keep", rank=2),
        Column(name="tries", label=gettext_lazy("Tries"), sort="tries", css="num"),
        Column(name="when", label=gettext_lazy("When"), sort="when"),
        Column(name="version", label=gettext_lazy("Version"), sort="version", is_first=False),
    ),
)
TABLES = {table.name: table for table in (SESSIONS, POOLS, SINGLE_USER, DENIALS)}
