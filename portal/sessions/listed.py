"""The list of sessions, declared: what may be asked of it, its columns, its files."""

from __future__ import annotations

from django.db.models import BigIntegerField, Case, Q, When
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy

from licensing.models.sessions import SessionState, is_out_of_touch
from licensing.numbers import number_in
from portal.lists.columns import Column, Table
from portal.lists.cursors import By, Id, Moment, Order, Text, Uuid, by_name
from portal.lists.listing import Listing, Parameter, looked_for, one_of
from portal.sessions.narrowings import Narrowing

FIRST_SORT = "needed"  # whose seat may be wanted back; what a refresh changes moves no row
FIRST_SORT_OF_ENDED = "-ended"

STATE_ORDER = Case(
    *(When(state=state, then=place) for place, state in enumerate(SessionState)),
    output_field=BigIntegerField(),
)
NEED_ORDER = Case(
    When(~is_out_of_touch() | Q(ended_at__isnull=False), then=2),
    When(grace_until__gt=Now(), then=1),
    default=0,
    output_field=BigIntegerField(),
)
"""By state: held, offline, any other, which is seen without a look at rules."""
BY_NEED = By(name="sorted_by", kind=Id, expression=NEED_ORDER)
BY_START = By(name="started_at", kind=Moment)
BY_ID = By(name="pk", kind=Uuid)
FIRST_ORDER = Order.by(BY_NEED, BY_START, BY_ID)
"""Held seats, those offline, then the longest."""

IN_STATE = Parameter("state", one_of(Narrowing), is_link=True)
OF_LICENCE = Parameter("licence", number_in)

USER = Column(
    name="user",
    label=gettext_lazy("User"),
    sort=by_name("username", compared="person"),
    is_fixed=True,
    header="User",
    value=lambda row, names: names.person(row.username),
)
MACHINE = Column(
    name="machine",
    label=gettext_lazy("Machine"),
    sort=by_name("machine_name", compared="machine"),
    header="Machine",
    value=lambda row, names: names.machine(row.machine_name),
)
LICENCE = Column(
    name="licence",
    label=gettext_lazy("Licence"),
    sort=by_name("licence__name"),
    header="Licence",
    value=lambda row, names: row.licence.name,
)
STATE = Column(
    name="state",
    label=gettext_lazy("State"),
    sort=By(name="sorted_by", kind=Id, expression=STATE_ORDER),
    header="State",
)
REFRESHED = Column(
    name="refreshed",
    label=gettext_lazy("Last refreshed"),
    sort=By(name="refreshed_at", kind=Moment),
    header="Last refreshed (UTC)",
    value=lambda row, names: row.refreshed_at,
)
STARTED = Column(
    name="started",
    label=gettext_lazy("Started"),
    sort=BY_START,
    rank=3,
    header="Started (UTC)",
    value=lambda row, names: row.started_at,
)
ENDED = Column(
    name="ended",
    label=gettext_lazy("Ended"),
    sort=By(name="ended_at", kind=Moment, is_nullable=True),
    of="ended",
    is_fixed=True,
    header="Ended (UTC)",
    value=lambda row, names: row.ended_at,
)
LENGTH = Column(
    name="length",
    label=gettext_lazy("Length"),
    sort=BY_START.turned(),
    css="num",
    rank=2,
    of="active",
)
SEAT_COMES_BACK = Column(
    name="back",
    label=gettext_lazy("Seat comes back"),
    sort=By(name="reclaim_at", kind=Moment, is_nullable=True),
    rank=2,
    of="active",
    header="Seat comes back (UTC)",
    value=lambda row, names: row.reclaim_at,
)
VERSION = Column(
    name="version",
    label=gettext_lazy("Version"),
    sort=By(name="version", kind=Text),
    rank=3,
    header="Version",
)
FEATURES = Column(
    name="features",
    label=gettext_lazy("Features"),
    is_first=False,
    header="Features",
    value=lambda row, names: ", ".join(row.features),
)
KEY_LABEL = Column(
    name="key",
    label=gettext_lazy("Key label"),
    is_first=False,
    header="Key label",
    value=lambda row, names: row.key.label,
)
SERIAL = Column(
    name="serial", header="Serial number", value=lambda row, names: row.key.serial_number
)

SESSIONS = Listing(
    name="sessions",
    page="portal:sessions",
    parameters=(Parameter("q", looked_for), IN_STATE, OF_LICENCE),
    page_sizes=("25", "50", "100"),
    tables=(
        Table(
            "sessions",
            (
                USER,
                MACHINE,
                LICENCE,
                STATE,
                REFRESHED,
                STARTED,
                ENDED,
                LENGTH,
                SEAT_COMES_BACK,
                VERSION,
                FEATURES,
                KEY_LABEL,
            ),
            first_sort=FIRST_SORT,
            more_sorts={FIRST_SORT: BY_NEED},
        ),
    ),
    file=(
        USER,
        MACHINE,
        Column(name="os_session", header="OS session"),
        LICENCE,
        SERIAL,
        KEY_LABEL,
        STATE,
        VERSION,
        FEATURES,
        STARTED,
        REFRESHED,
        Column(name="grace_until", header="Grace until (UTC)"),
        SEAT_COMES_BACK,
        ENDED,
        Column(name="end_reason", header="How it ended"),
        Column(name="id", header="Session id", value=lambda row, names: str(row.pk)),
    ),
)
