"""Somebody leaves: what the account knows of them, and taking all of it away in one step."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licensing import audit, devices, pools, rules, sessions
from licensing.errors import InvalidOperation
from licensing.known_names import KnownName, Namesakes, namesakes
from licensing.models import Account, AuditEntry, ClientSession, Device
from licensing.models.rules import Effect
from licensing.rules import NewRule
from portal.models import Invitation, Membership
from portal.people import invitations
from portal.people import members as people
from portal.sign_in import api_tokens

ACTION = "leaver_removed"


class Part(models.TextChoices):
    """What can be taken from somebody who leaves."""

    PORTAL = "portal", gettext_lazy("Portal access")
    SESSIONS = "sessions", gettext_lazy("Open sessions")
    DEVICES = "devices", gettext_lazy("Bound devices")
    BLOCK = "block", gettext_lazy("Block rule")


@dataclass(frozen=True)
class Leaver:
    """One person, by the user name on their PC, their e-mail address, or both.

    Whatever names of programs go together with these are theirs (``licensing.usernames``); names
    of the same user that may be somebody else's are offered, and theirs if they are ``chosen``.
    ``with_portal``: their portal access is taken too, as owners may. ``limited``: devices move no
    more often than customers may move them.
    """

    account: Account
    username: str = ""
    email: str = ""
    chosen: tuple[str, ...] | None = None
    with_portal: bool = True
    limited: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(
            self, "email", self.email or people.address_in(self.account, self.username)
        )

    def __str__(self) -> str:
        return self.username or self.email

    @cached_property
    def membership(self) -> Membership | None:
        """Their role in the account, if they have one."""
        members = self.account.memberships.select_related("user", "account")
        is_asked = self.email and self.with_portal
        return members.filter(user__email__iexact=self.email).first() if is_asked else None

    @cached_property
    def invitations(self) -> list[Invitation]:
        """Invitations to their address that wait."""
        pending = self.account.invitations.pending()
        is_asked = self.email and self.with_portal
        return list(pending.filter(email__iexact=self.email)) if is_asked else []

    @cached_property
    def found(self) -> list[Namesakes]:
        """What programs know of the user whom each of the names is about."""
        asked = [name for name in (self.username, self.email) if name]
        return [namesakes(self.account, name) for name in asked]

    @cached_property
    def certain(self) -> dict[str, KnownName]:
        """The names that are theirs, by their compared form."""
        return {name.person: name for found in self.found for name in found.theirs}

    @cached_property
    def offered(self) -> dict[str, KnownName]:
        """All that may be theirs, those that are first."""
        every = {name.person: name for found in self.found for name in found.others}
        return self.certain | {key: name for key, name in every.items() if key not in self.certain}

    @cached_property
    def names(self) -> list[KnownName]:
        """The names of which everything is taken."""
        chosen = self.certain if self.chosen is None else self.chosen
        return [name for person, name in self.offered.items() if person in chosen]

    @cached_property
    def sessions(self) -> list[ClientSession]:
        """Their sessions that hold a seat."""
        people = [name.person for name in self.names]
        held = self.account.sessions.active().filter(person__in=people).select_related("licence")
        return list(held.order_by("started_at", "pk"))

    @cached_property
    def devices(self) -> list[Device]:
        """The devices of single-user licences that they used last."""
        bound = [device for name in self.names for device in name.devices]
        return sorted(bound, key=lambda device: device.pk)

    @property
    def licence_ids(self) -> set[int]:
        """The licences of their sessions and devices."""
        held = {session.licence_id for session in self.sessions}
        return held | {device.licence_id for device in self.devices}

    @cached_property
    def devices_to_free(self) -> list[Device]:
        """Those that may move now: three moves a seat in 30 days need no support."""
        if not self.limited:
            return self.devices
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
        """The user names that block rules have to be about, but those blocked already.

        A bare name is blocked in every domain, unless there somebody else may have it.
        """
        forms = rules.user_forms(self.username) if self.username else []
        wanted = forms if self.is_alone else forms[:1]
        missed = [name.username for name in self.names if not are_about(wanted, name.username)]
        wanted += map(rules.named, missed)
        return [pattern for pattern in wanted if not self.is_blocked(pattern)]

    @property
    def is_alone(self) -> bool:
        """Whether no other name of the user may be somebody else's."""
        return len(self.offered) == len(self.names)

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
        names = [f"name {name.person}" for name in self.names]
        return names + sessions + free + [f"invitation {one.pk}" for one in self.invitations]

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


def are_about(patterns: list[str], username: str) -> bool:
    """Whether one of the patterns of rules is about this user."""
    return any(rules.is_like(username, pattern) for pattern in patterns)


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
        if devices.free(device, by=by, reason=reason, limited=leaver.limited)
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
