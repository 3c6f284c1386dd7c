"""The audit log as a list, declared: what may be asked of it, and its files."""

from __future__ import annotations

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from licensing.numbers import number_in
from portal.audit.details import without_secrets
from portal.lists.columns import Column
from portal.lists.listing import Listing, Parameter, looked_for, one_of
from portal.models import Role
from portal.words.sentences import sentence

FIRST_DAYS = 7


class Kind(StrEnum):
    """What entries may be about."""

    LICENCE = "licence"
    KEY = "key"
    SESSION = "session"
    DEVICE = "device"
    RULE = "rule"
    PERSON = "person"
    TOKEN = "token"  # noqa: S105
    REQUEST = "request"
    ACCOUNT = "account"


KINDS: dict[str, tuple[str | Promise, tuple[str, ...]]] = {
    Kind.LICENCE: (gettext_lazy("Licences"), ("licence",)),
    Kind.KEY: (gettext_lazy("Keys"), ("product key",)),
    Kind.SESSION: (gettext_lazy("Sessions"), ("client session",)),
    Kind.DEVICE: (gettext_lazy("Devices"), ("device",)),
    Kind.RULE: (gettext_lazy("Access rules"), ("access rule",)),
    Kind.PERSON: (gettext_lazy("People and sign-in"), ("membership", "invitation")),
    Kind.TOKEN: (gettext_lazy("API tokens"), ("API token",)),
    Kind.REQUEST: (gettext_lazy("Requests"), ("request",)),
    Kind.ACCOUNT: (gettext_lazy("The account"), ("account", "saved view")),
}
"""What entries are about: in words, and as the record names it."""


OF_KIND = Parameter("kind", one_of(Kind))
ONLY_STAFF = Parameter("staff", one_of(["1"]), is_link=True)
PART_OF = Parameter("part_of", number_in, is_link=True)

AUDIT = Listing(
    name="audit",
    page="portal:audit",
    role=Role.MANAGER,
    parameters=(
        Parameter("who", looked_for),
        Parameter("about", looked_for),
        OF_KIND,
        ONLY_STAFF,
        PART_OF,
    ),
    days=FIRST_DAYS,
    file=(
        Column(name="number", header="Entry"),
        Column(name="at", header="Time (UTC)"),
        Column(name="actor_name", header="Who"),
        Column(name="actor_kind", header="Kind of actor"),
        Column(name="what", header="What", value=sentence),
        Column(name="action", header="Action"),
        Column(name="part_of", header="Part of entry"),
        Column(name="object_name", header="Object"),
        Column(name="object_kind", header="Kind of object"),
        Column(name="object_id", header="Object id"),
        Column(name="reason", header="Reason"),
        Column(
            name="details",
            header="Details",
            value=lambda row, names: without_secrets(row.details),
        ),
        Column(name="address", header="Address"),
        Column(name="user_agent", header="Browser"),
        Column(name="request_id", header="Request id"),
        Column(name="digest", header="Digest"),
    ),
)
