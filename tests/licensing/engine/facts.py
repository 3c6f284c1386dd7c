"""What there is in the model: plain values, which know the contract and no code of ours."""

from __future__ import annotations

import datetime as dt
import uuid
import zoneinfo
from dataclasses import dataclass, field

ANY = "*"
USUALLY, SECOND = dt.timedelta(minutes=5), dt.timedelta(seconds=1)
"""How often programs refresh, and how often at most."""
QUIET_TOO_LONG = 3
"""Refresh intervals: another user of a device may take over what has been quiet so long."""
MISSED_A_REFRESH = 1.5
"""Refresh intervals: who was silent so long makes way for the same person there."""
MOVES_A_SEAT, WITHIN = 3, dt.timedelta(days=30)


class Refused(Exception):
    """The model's answer to what must be refused."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, repr=False)
class Desktop:
    """One user on one machine; each spelling of the names is still the same one."""

    machine: str
    user: str
    os_session: str = ""
    spellings: tuple[tuple[str, str], ...] = ()
    device_id: str = ""

    def __repr__(self):
        return f"<{self.user} on {self.machine} {self.os_session}{self.device_id}>"

    def may_be(self, other):
        """Whether it is the same person on the same machine, for all that is known of it."""
        names = (self.machine, self.user) == (other.machine, other.user)
        return names and (
            self.device_id == other.device_id or not (self.device_id and other.device_id)
        )

    def spelled(self, number):
        """The names as the program sends them this time."""
        ways = ((self.machine, self.user), *self.spellings)
        return ways[number % len(ways)]


DESKTOPS = (
    Desktop("CAD-01", "ACME\\anna", "", ((" cad-01 ", "acme\\ANNA"), ("ＣＡＤ-01", "ACME\\anna"))),
    Desktop("CAD-01", "ACME\\bert"),
    Desktop("CAD-02", "ACME\\straße", "", (("Cad-02", "acme\\STRASSE"),)),
    Desktop("CTX", "ACME\\dora", "3"),
    Desktop("CTX", "ACME\\dora", "4", (("ctx", "ACME\\Dora "),)),
    Desktop("TMP-9", "guest"),
    Desktop("CAD-01", "ACME\\anna", device_id="first clone"),
    Desktop("CAD-01", "ACME\\anna", device_id="second clone"),
)


@dataclass(eq=False)
class Licence:
    """A licence as it was sold and changed since."""

    account: str
    zone: str
    usage_model: str
    seats: int
    grace: dt.timedelta
    reclaim: dt.timedelta | None
    features: dict[str, int | None]
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    state: str = "active"
    is_replaced: bool = False
    emergency: tuple[int, dt.datetime] | None = None
    bound: set[str] = field(default_factory=set)
    moved_at: list[dt.datetime] = field(default_factory=list)

    @property
    def is_pool(self):
        return self.usage_model == "concurrent"

    def today(self, now):
        """The date where the account is."""
        return now.astimezone(zoneinfo.ZoneInfo(self.zone)).date()

    def term_ends(self):
        """The midnight after the last day, where the account is; None: it never does."""
        if self.ends_on is None:
            return None
        morning = dt.datetime.combine(self.ends_on + dt.timedelta(days=1), dt.time())
        return morning.replace(tzinfo=zoneinfo.ZoneInfo(self.zone)).astimezone(dt.UTC)

    def require_usable(self, now):
        """Refuse what nobody may use now."""
        if self.state != "active":
            raise Refused(f"licence_{self.state}")
        if self.starts_on and self.today(now) < self.starts_on:
            raise Refused("licence_not_started")
        if self.ends_on and self.today(now) > self.ends_on:
            raise Refused("licence_expired")

    def refresh_after(self):
        """How often programs refresh: three times before anything of theirs is over."""
        shorter = min(filter(None, [self.grace, self.reclaim]))
        return max(SECOND, min(USUALLY, shorter // 3 // SECOND * SECOND))

    def grace_from(self, now):
        """How long a client may go on that hears from us now: never beyond the term."""
        return min(filter(None, [now + self.grace, self.term_ends()]))

    def reclaim_from(self, now):
        """When the seat of a client that hears from us now may go to somebody else."""
        return None if self.reclaim is None else now + self.reclaim


@dataclass(eq=False)
class Key:
    """A serial number, its product key, and what has become of them."""

    licence: Licence
    serial_number: str
    plain: str
    state: str = "active"
    superseded_at: dt.datetime | None = None

    def require_usable(self, now):
        """Refuse what opens nothing any more."""
        if self.state == "revoked":
            raise Refused("key_revoked")
        if self.superseded_at and self.superseded_at <= now:
            raise Refused("key_superseded")


@dataclass(eq=False)
class Session:
    """A client session: what was promised, and how it ended."""

    licence: Licence
    key: Key
    desktop: Desktop
    version: str
    started_at: dt.datetime
    refreshed_at: dt.datetime
    grace_until: dt.datetime
    reclaim_at: dt.datetime | None
    asked: set[str]
    id: uuid.UUID | None = None
    ended_at: dt.datetime | None = None
    reason: str = ""
    held_since: dt.datetime | None = None
    features_since: dict[str, dt.datetime] = field(default_factory=dict)
    holds: list[tuple] = field(default_factory=list)

    @property
    def is_active(self):
        return self.ended_at is None

    def is_stale(self, now):
        """Whether its seat may be given to somebody else."""
        return self.is_active and self.reclaim_at is not None and self.reclaim_at <= now

    def renew(self, now):
        """Hear from the client."""
        self.refreshed_at = now
        self.grace_until = self.licence.grace_from(now)
        self.reclaim_at = self.licence.reclaim_from(now)

    @property
    def wants(self):
        """The limited features with which it takes a seat again."""
        return {f for f in self.asked if self.licence.features.get(f) is not None}

    @property
    def held(self):
        """The limited features that it holds."""
        return set(self.features_since)

    def take(self, features, now):
        """Hold these limited features from now on, those that it holds already from then."""
        for feature in features:
            self.features_since.setdefault(feature, now)

    def give(self, feature, now):
        """Hold a limited feature no more, though the session goes on."""
        if since := self.features_since.pop(feature, None):
            self.holds.append((feature, since, now))

    def end(self, at, reason):
        self.ended_at, self.reason = at, reason
        self.holds += [(feature, since, at) for feature, since in self.features_since.items()]
        self.features_since.clear()

    def begin_again(self, now):
        """Take a seat once more, with all that it had; its hold that is over is not forgotten."""
        self.holds.append(("", self.held_since or self.started_at, self.ended_at))
        self.held_since, self.ended_at, self.reason = now, None, ""
        self.take(self.wants, now)


@dataclass(eq=False)
class AccessRule:
    """A block, or one of the rules by which only some get in."""

    account: str
    licence: Licence | None
    effect: str
    user: str
    machine: str
    starts_at: dt.datetime
    ends_at: dt.datetime | None

    def holds(self, licence, now):
        """Whether it is about this licence, now."""
        if self.account != licence.account or self.licence not in (None, licence):
            return False
        return self.starts_at <= now and (self.ends_at is None or now < self.ends_at)

    def names(self, desktop):
        return like(self.user, desktop.user) and like(self.machine, desktop.machine)


def like(pattern, name):
    """Whether a name is the pattern's, or begins as one that ends in a star does."""
    wanted, name = pattern.casefold(), name.casefold()
    return name.startswith(wanted[:-1]) if wanted.endswith(ANY) else wanted in ("", name)
