"""Somebody leaves: what the account knows of them, and taking all of it away in one step."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licensing import audit, devices, pools, rules, sessions
from licensing.errors import InvalidOperation
from licensing.identity import as_compared
from licensing.models import Account, AuditEntry, ClientSession, Device
from licensing.models.rules import Effect
from licensing.rules import NewRule
from portal.models import Invitation, Membership
from portal.people import invitations
from portal.people import members as people
from portal.sign_in import api_tokens

ACTION = "leaver_removed"
ANY_DOMAIN = "*\\"


class Part(models.TextChoices):
    """What can be taken from somebody who leaves."""

    PORTAL = "portal", gettext_lazy("Portal access")
    SESSIONS = "sessions", gettext_lazy("Open sessions")
    DEVICES = "devices", gettext_lazy("Bound devices")
    BLOCK = "block", gettext_lazy("Block rule")


@dataclass(frozen=True)
class Leaver:
    """One person, by the user name on their PC, their e-mail address, or both.

    A user name without a domain is theirs in every domain: "jsmith" is "ACME\\jsmith" too.
    """

    account: Account
    username: str = ""
    email: str = ""

    def __str__(self) -> str:
        return self.username or self.email

    @cached_property
    def membership(self) -> Membership | None:
        """Their role in the account, if they have one."""
        members = self.account.memberships.select_related("user", "account")
        return members.filter(user__email__iexact=self.email).first() if self.email else None

    @cached_property
    def invitations(self) -> list[Invitation]:
        """Invitations to their address that wait."""
        pending = self.account.invitations.pending()
        return list(pending.filter(email__iexact=self.email)) if self.email else []

    @cached_property
    def sessions(self) -> list[ClientSession]:
        """Their sessions that hold a seat."""
        name = as_compared(self.username)
        if not name:
            return []
        theirs = Q(person=name)
        if "\\" not in name:
            theirs |= Q(person__endswith=f"\\{name}")
        held = self.account.sessions.active().filter(theirs).select_related("licence")
        return list(held.order_by("started_at", "pk"))

    @cached_property
    def devices(self) -> list[Device]:
        """The devices of single-user licences that they used last."""
        if not self.username:
            return []
        bound = Device.objects.bound().filter(licence__account=self.account)
        bound = bound.select_related("licence").order_by("pk")
        return [device for device in bound if self.is_called(device.username)]

    @property
    def licence_ids(self) -> set[int]:
        """The licences of their sessions and devices."""
        held = {session.licence_id for session in self.sessions}
        return held | {device.licence_id for device in self.devices}

    @cached_property
    def devices_to_free(self) -> list[Device]:
        """Those that may move now: three moves a seat in 30 days need no support."""
        licences = {device.licence_id: device.licence for device in self.devices}
        left = {pk: devices.moves_left(licence) for pk, licence in licences.items()}
        used: Counter[int] = Counter()
        free = []
        for device in self.devices:
            used[device.licence_id] += 1
            if used[device.licence_id] <= left[device.licence_id]:
                free.append(device)
        return free

    @property
    def devices_to_keep(self) -> list[Device]:
        """Those that only support can free now."""
        return [device for device in self.devices if device not in self.devices_to_free]

    @cached_property
    def patterns(self) -> list[str]:
        """The user names that block rules have to be about, but those blocked already."""
        wanted = [self.username] if self.username else []
        if self.username and "\\" not in self.username:
            wanted.append(ANY_DOMAIN + self.username)
        return [pattern for pattern in wanted if not self.is_blocked(pattern)]

    @property
    def tokens(self) -> int:
        """How many working API tokens they made; those end with their access."""
        if self.membership is None:
            return 0
        return api_tokens.made_by(self.account, self.membership.user).count()

    def rows(self) -> list[str]:
        """What would be taken, row by row; the page names only the first few."""
        sessions = [f"session {one.pk}" for one in self.sessions]
        free = [f"device {one.pk}" for one in self.devices_to_free]
        return sessions + free + [f"invitation {one.pk}" for one in self.invitations]

    def is_called(self, username: str) -> bool:
        """Whether this user name is theirs."""
        name, theirs = as_compared(username), as_compared(self.username)
        return name == theirs or ("\\" not in theirs and name.endswith(f"\\{theirs}"))

    def is_blocked(self, pattern: str) -> bool:
        """Whether a rule for the whole account blocks exactly this already."""
        same = rules.same_pattern(self.account, pattern, "")
        return same.filter(licence=None, effect=Effect.BLOCK).exists()

    def parts(self) -> list[Part]:
        """What there is to take away."""
        found = {
            Part.PORTAL: self.membership or self.invitations,
            Part.SESSIONS: self.sessions,
            Part.DEVICES: self.devices_to_free,
            Part.BLOCK: self.patterns,
        }
        return [part for part, has in found.items() if has]


@dataclass
class Taken:
    """What was done, in words that are kept in the audit record."""

    portal: list[str] = field(default_factory=list)
    sessions: list[str] = field(default_factory=list)
    devices: list[str] = field(default_factory=list)
    block: list[str] = field(default_factory=list)


@transaction.atomic
def remove(leaver: Leaver, parts: list[Part], *, by: audit.Actor, reason: str) -> AuditEntry:
    """Take all of this from somebody who leaves, or nothing; return the record of it.

    Each single act has its own entry in the audit record too. Raise InvalidOperation
    for the last owner, and when there is nothing to take away.
    """
    pools.lock_whole(leaver.licence_ids)
    wanted = [part for part in leaver.parts() if part in parts]
    if not wanted:
        raise InvalidOperation(_("There is nothing to take away."))
    taken, left = Taken(), what_stays(leaver, wanted)
    acts = {
        Part.SESSIONS: release_sessions,
        Part.DEVICES: free_devices,
        Part.BLOCK: block,
        Part.PORTAL: close_portal,
    }
    for part, act in acts.items():
        if part in wanted:
            setattr(taken, part, act(leaver, by=by, reason=reason))
    return audit.record(
        leaver.account,
        "leaver_removed",
        by=by,
        reason=reason,
        username=leaver.username,
        email=leaver.email,
        **vars(taken),
        left=left,
    )


def what_stays(leaver: Leaver, wanted: list[Part]) -> list[str]:
    """The parts that are not taken, or not wholly: some devices only support can free."""
    stays = {part for part in leaver.parts() if part not in wanted}
    if leaver.devices_to_keep:
        stays.add(Part.DEVICES)
    return [part.value for part in Part if part in stays]


def release_sessions(leaver: Leaver, *, by: audit.Actor, reason: str) -> list[str]:
    """Free the seats they hold; return which."""
    return [
        f"{session}, {session.licence.name}"
        for session in leaver.sessions
        if sessions.release(session, by=by, reason=reason)
    ]


def free_devices(leaver: Leaver, *, by: audit.Actor, reason: str) -> list[str]:
    """Unbind the devices that may move; return which."""
    return [
        f"{device.machine_name}, {device.licence.name}"
        for device in leaver.devices_to_free
        if devices.free(device, by=by, reason=reason)
    ]


def block(leaver: Leaver, *, by: audit.Actor, reason: str) -> list[str]:
    """Keep them from taking a seat from now on; return the patterns."""
    for pattern in leaver.patterns:
        rules.add(leaver.account, NewRule(username=pattern), by=by, reason=reason)
    return leaver.patterns


def close_portal(leaver: Leaver, *, by: audit.Actor, reason: str) -> list[str]:
    """Take their role, or the invitations that wait; return what they had."""
    for invitation in leaver.invitations:
        invitations.cancel(invitation, by=by)
    if leaver.membership is None:
        return [f"{_('Invitation')}: {invitation.email}" for invitation in leaver.invitations]
    held = f"{leaver.membership.user} <{leaver.membership.user.email}>"
    role = leaver.membership.get_role_display()
    people.remove(leaver.membership, by=by, reason=reason)
    return [f"{held}, {role}"]


def record_of(entry: AuditEntry) -> dict[str, Any]:
    """What was done, as a document to keep."""
    return {
        "account": str(entry.account),
        "entry": entry.number,
        "at": entry.at.isoformat(),
        "by": entry.actor_name,
        "reason": entry.reason,
        **entry.details,
    }
