"""The list of denials, declared: what may be asked of it, its columns, its files."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Case, Q, Value, When
from django.utils.translation import gettext_lazy

from licensing.models.denials import ON_MACHINE, PERSON, DenialClass
from portal.lists.columns import Column, Table
from portal.lists.cursors import By, Id, Moment, Order, Text, by_name
from portal.lists.filters import containing, named, of_person, of_serial, of_version, since
from portal.lists.listing import Listing, Parameter, looked_for, one_of
from portal.lists.search_tokens import Filter
from portal.usage.chosen import CHOSEN
from portal.words.refusals import Reason, machines_in_words, people_in_words

TRUE = Q(denial_class=DenialClass.TRUE)
TRUE_FIRST = Case(When(TRUE, then=Value(0)), default=Value(1))
LAST_FIRST = (
    By(name="last_at", kind=Moment, is_descending=True),
    By(name="pk", kind=Id, is_descending=True),
)
FIRST_ORDER = Order((By(name="true_first", kind=Id, expression=TRUE_FIRST), *LAST_FIRST))
"""True ones first, then the last first."""
ORDER_OF_TRUE = Order((By(name="true_first", kind=Id, expression=Value(0)), *LAST_FIRST))
"""The same where all are true: an index has them in this order."""

FOR_REASON = Parameter("reason", one_of(Reason))
ONLY_TRUE = Parameter("only", one_of([DenialClass.TRUE]), asked_as="state", is_link=True)
FILTERS: Mapping[str, Filter] = {
    "user": of_person(PERSON),
    "machine": named(ON_MACHINE),
    "pool": containing("licence__name"),
    "licence": containing("licence__name"),
    "serial": of_serial,
    "key": containing("key__label"),
    "last": since("last_at"),
    "version": of_version,
}
"""What its search box understands: what that of the sessions does, of what denials have."""


USER = Column(
    name="user",
    label=gettext_lazy("User"),
    sort=by_name("username", compared=PERSON),
    is_fixed=True,
    header="User",
    value=lambda row, names: people_in_words(names.person(row.username)),
)
MACHINE = Column(
    name="machine",
    label=gettext_lazy("Machine"),
    sort=by_name("machine_name", compared=ON_MACHINE),
    header="Machine",
    value=lambda row, names: machines_in_words(names.machine(row.machine_name)),
)
LICENCE = Column(
    name="licence",
    label=gettext_lazy("Licence"),
    sort=by_name("licence__name", is_nullable=True),
    header="Licence",
    value=lambda row, names: row.licence.name if row.licence else "",
)
REASON = Column(
    name="reason",
    label=gettext_lazy("Reason"),
    sort=By(name="code", kind=Text),
    header="Reason",
    value=lambda row, names: row.code,
)
IN_USE = Column(
    name="use",
    label=gettext_lazy("In use"),
    sort=By(name="in_use", kind=Id, is_nullable=True),
    css="keep",
    rank=2,
    header="In use",
    value=lambda row, names: row.in_use,
)
TRIES = Column(
    name="tries",
    label=gettext_lazy("Tries"),
    sort=By(name="count", kind=Id),
    css="num",
    header="Tries",
    value=lambda row, names: row.count,
)
WHEN = Column(
    name="when",
    label=gettext_lazy("When"),
    sort=By(name="last_at", kind=Moment),
    header="Last refused (UTC)",
    value=lambda row, names: row.last_at,
)
VERSION = Column(
    name="version",
    label=gettext_lazy("Version"),
    sort=By(name="version", kind=Text),
    is_first=False,
    header="Version",
)

DENIALS = Listing(
    name="denials",
    page="portal:denials",
    parameters=(Parameter("q", looked_for), *CHOSEN, FOR_REASON, ONLY_TRUE),
    days=30,
    tables=(
        Table(
            "denials",
            (
                USER,
                MACHINE,
                LICENCE,
                REASON,
                Column(name="outcome", label=gettext_lazy("Outcome")),
                IN_USE,
                TRIES,
                WHEN,
                VERSION,
            ),
        ),
    ),
    file=(
        Column(name="first_at", header="First refused (UTC)"),
        WHEN,
        USER,
        MACHINE,
        LICENCE,
        REASON,
        Column(name="denial_class", header="Class"),
        Column(name="seat_at", header="Got a seat (UTC)"),
        IN_USE,
        Column(name="seats", header="User limit"),
        TRIES,
        VERSION,
    ),
)
