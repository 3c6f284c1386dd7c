"""All that an account holds on one person: as its programs know them, and as an account holder."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet

from licensing import audit, clock, erasing
from licensing.audit_rewriting import TEXTS
from licensing.errors import InvalidOperation
from licensing.models import Account, AuditEntry
from licensing.persons import Person
from licensing.pseudonyms import Pseudonyms
from portal.models import CustomerRequest, Delivery, Invitation, Membership, User
from portal.people import members as people
from portal.people import near_names
from portal.sign_in import two_step
from portal.words.aliases import Names

SESSION = (
    "id", "licence_id", "licence__name", "username", "machine_name", "os_session", "device_id",
    "version", "features", "started_at", "refreshed_at", "grace_until", "ended_at", "end_reason",
)  # fmt: skip
DENIAL = (
    "id", "licence_id", "licence__name", "code", "username", "machine_name", "version", "count",
    "first_at", "last_at", "request_id",
)  # fmt: skip
DEVICE = ("id", "licence_id", "machine_name", "username", "bound_at", "unbound_at", "unbinding")
RULE = ("id", "licence_id", "effect", "username", "machine_name", "reason", "starts_at", "ends_at")
ENTRY = (
    "number", "at", "actor_kind", "actor_id", "actor_name", "action", "object_kind", "object_id",
    "object_name", "reason", "details", "address", "user_agent", "request_id",
)  # fmt: skip
REQUEST = ("id", "kind", "text", "state", "asked_by", "asked_by_email", "asked_at", "answer")
INVITATION = ("id", "email", "role", "invited_by", "message", "created_at", "accepted_at")
MAIL = ("id", "kind", "receiver", "state", "created_at", "settled_at")


@dataclass(frozen=True)
class PersonalData:
    """What is held on who is called this by programs, or signs in with this address, or both."""

    account: Account
    username: str = ""
    email: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(
            self, "email", self.email or people.address_in(self.account, self.username)
        )

    def __str__(self) -> str:
        return self.username or self.email

    @cached_property
    def person(self) -> Person:
        """Who they are to programs."""
        return Person(self.account, tuple(name for name in (self.username, self.email) if name))

    @cached_property
    def membership(self) -> Membership | None:
        """Their role in the account, if they have one."""
        members = self.account.memberships.select_related("user", "account")
        return members.filter(user__email__iexact=self.email).first() if self.email else None

    @property
    def user(self) -> User | None:
        """Who signs in."""
        return self.membership.user if self.membership else None

    @property
    def user_id(self) -> str:
        """As the record names who did something; "" for nobody."""
        return str(self.user.pk) if self.user else ""

    @cached_property
    def invitations(self) -> list[Invitation]:
        """Invitations of their address, used ones too."""
        found = self.account.invitations.order_by("pk")
        return list(found.filter(email__iexact=self.email)) if self.email else []

    @property
    def mails(self) -> QuerySet[Delivery]:
        """What was mailed to them for this account; what it said is not kept."""
        found = Delivery.objects.filter(account=self.account, receiver__iexact=self.email)
        return found.order_by("pk") if self.email else found.none()

    @property
    def real_names(self) -> list[str]:
        """The name they have in the portal, unless somebody else's holds it."""
        if self.user is None or not self.user.name.strip():
            return []
        others = self.account.memberships.exclude(user=self.user)
        return [] if others.filter(user__name__icontains=self.user.name) else [self.user.name]

    @cached_property
    def pseudonyms(self) -> Pseudonyms:
        """New names for all of theirs: by these one sees, too, where they are named."""
        return erasing.pseudonyms(self.person, self.real_names)

    @cached_property
    def entries(self) -> list[AuditEntry]:
        """The entries of the record by them or about them."""
        return [one for one in self.account.audit_entries.order_by("number") if self.is_in(one)]

    def is_in(self, entry: AuditEntry) -> bool:
        """Whether an entry names them, or tells from where they did something."""
        is_by_them = entry.actor_kind == "person" and entry.actor_id == self.user_id
        told = [getattr(entry, name) for name in (*TEXTS, "details")]
        return (is_by_them and bool(entry.address or entry.user_agent)) or self.are_in(told)

    def are_in(self, value: Any) -> bool:
        """Whether a value names them."""
        return bool(self.pseudonyms.in_value(value) != value)

    @cached_property
    def requests(self) -> list[CustomerRequest]:
        """What they asked the desk for, and what was asked about them."""
        told = ("text", "asked_by", "asked_by_email", "answer")
        found = self.account.requests.order_by("pk")
        return [one for one in found if self.are_in([getattr(one, name) for name in told])]

    def counts(self) -> dict[str, int]:
        """How much there is of each kind."""
        return {
            "sessions": self.person.sessions.count(),
            "denials": self.person.denials.count(),
            "devices": len(self.person.devices),
            "access_rules": len(self.person.rules),
            "memberships": 1 if self.membership else 0,
            "invitations": len(self.invitations),
            "requests": len(self.requests),
            "mails": self.mails.count(),
            "audit_entries": len(self.entries),
        }

    def require_any(self) -> dict[str, int]:
        """The counts; raise InvalidOperation when nothing is held, which says who may be meant."""
        counts = self.counts()
        if not any(counts.values()):
            nothing = f"{self.account} holds nothing of {self}: nothing is left."
            near = near_names.in_account(self.account, str(self), ever=True)
            raise InvalidOperation(" ".join([nothing, *near_names.meant(near)]))
        return counts


@transaction.atomic
def export(held: PersonalData, *, by: audit.Actor, reason: str) -> dict[str, Any]:
    """All of it as a document of JSON values; that it was handed out stands in the record.

    Raise InvalidOperation when nothing is held.
    """
    held.require_any()
    document = document_of(held)
    told = {"username": held.username, "email": held.email}
    audit.record(held.account, "person_exported", by=by, reason=reason, **told)
    return document


def document_of(held: PersonalData) -> dict[str, Any]:
    """What is held, by kind."""
    person = held.person
    return {
        "account": held.account.name,
        "made_at": clock.database_time(),
        "asked_for": {"username": held.username, "email": held.email},
        "user_names": sorted(person.names.values()),
        "names_left_out_that_may_be_somebody_elses": sorted(person.others),
        "aliases": aliases_of(held),
        "portal": portal_of(held),
        "sessions": list(person.sessions.values(*SESSION)),
        "denials": list(person.denials.values(*DENIAL)),
        "devices": rows(person.devices, DEVICE),
        "access_rules": rows(person.rules, RULE),
        "invitations": rows(held.invitations, INVITATION),
        "requests": rows(held.requests, REQUEST),
        "mails": list(held.mails.values(*MAIL)),
        "audit_entries": rows(held.entries, ENTRY),
    }


def aliases_of(held: PersonalData) -> list[str]:
    """What those who read aliases see in place of their names."""
    shown = Names(held.account, are_aliases=True)
    return sorted({shown.person(name) for name in held.person.names.values()})


def portal_of(held: PersonalData) -> dict[str, Any] | None:
    """Them as an account holder; None if they are none."""
    if held.membership is None:
        return None
    user = held.membership.user
    return {
        "name": user.name,
        "email": user.email,
        "role": held.membership.role,
        "since": held.membership.created_at,
        "invited_by": held.membership.invited_by,
        "language": user.language,
        "time_zone": user.time_zone,
        "last_signed_in_at": user.last_login,
        "has_two_step": two_step.has(user),
        "sign_ins": list(user.sign_ins.values("browser", "network", "at")),
        "address_changes": list(user.email_changes.values("email", "done_at")),
        "saved_views": list(
            user.saved_views.filter(account=held.account).values("listed", "name", "query")
        ),
    }


def rows(found: Iterable[Model], fields: Iterable[str]) -> list[dict[str, Any]]:
    """These fields of each row."""
    return [{name: getattr(row, name) for name in fields} for row in found]
