"""The model's facts, and who leaves a seat for whom."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict

from tests.licensing.engine.facts import (
    MISSED_A_REFRESH,
    QUIET_TOO_LONG,
    Refused,
)


class Seats:
    """Every account, licence, key, session and rule, as they must be now."""

    def __init__(self, now):
        self.now = now
        self.licences, self.keys, self.sessions, self.rules = [], [], [], []
        self.closed_ids = {}
        self.denials = Counter()
        self.audit = defaultdict(list)
        self.limits = defaultdict(list)
        self.late_facts = []

    # What is asked of it.

    def active(self, licence):
        return [s for s in self.sessions if s.licence is licence and s.is_active]

    def live(self, licence):
        """The sessions of a licence whose seats nobody else may have."""
        return [s for s in self.active(licence) if not s.is_stale(self.now)]

    def opens(self, key):
        """Whether anybody could open the software with this key now."""
        try:
            key.require_usable(self.now)
            key.licence.require_usable(self.now)
        except Refused:
            return False
        return True

    def seat_rows(self, licence):
        """How many seats exist: the limit, or what cannot be taken away from under its users."""
        in_the_way = len(self.active(licence)) if licence.is_pool else len(licence.bound)
        return max(licence.seats, in_the_way)

    def is_barred(self, licence, desktop):
        """A block beats an allow; with one allow in force, whoever matches none is barred."""
        rules = [rule for rule in self.rules if rule.holds(licence, self.now)]
        if any(rule.effect == "block" and rule.names(desktop) for rule in rules):
            return True
        allows = [rule for rule in rules if rule.effect == "allow"]
        return bool(allows) and not any(rule.names(desktop) for rule in allows)

    def features_of(self, session):
        """What the session may use: all that is unlimited, and the limited that it took."""
        included = session.licence.features
        return sorted(f for f in included if included[f] is None or f in session.held)

    def make_way(self, licence, desktop, is_whole):
        """Refuse unless there is a seat; return the sessions that have to leave it.

        What is refused as a whole leaves everybody where they are.
        """
        gone = []
        if not licence.is_pool:
            if desktop.machine not in licence.bound and len(licence.bound) >= licence.seats:
                raise Refused("device_limit")
            gone = self.leave_device(licence, desktop)
        elif len(self.live(licence)) >= licence.seats:
            gone = self.left_behind(licence, desktop)
        if len(self.live(licence)) - len(gone) >= licence.seats:
            self.replace([] if is_whole else gone)
            raise Refused("pool_exhausted")
        return gone

    def left_behind(self, licence, desktop):
        """Silent sessions of the same person on the same machine, as of another OS session."""
        return [
            session
            for session in self.live(licence)
            if session.desktop is not desktop
            and session.desktop.may_be(desktop)
            and self.is_silent(session, MISSED_A_REFRESH)
        ]

    def is_silent(self, session, intervals):
        """Whether its program has not refreshed for so many of its licence's intervals."""
        return self.now - session.refreshed_at >= intervals * session.licence.refresh_after()

    def leave_device(self, licence, desktop):
        """Who used this device before and is gone; refuse while somebody is at work there."""
        at_it = [s for s in self.active(licence) if s.desktop.machine == desktop.machine]
        left_behind = self.left_behind(licence, desktop)
        for session in at_it:
            is_gone = self.is_silent(session, QUIET_TOO_LONG)
            if is_gone or session in left_behind:
                return [session]
            if not session.is_stale(self.now):
                raise Refused("pool_exhausted")
        return []

    def make_way_in_features(self, licence, desktop, limited, gone, own=None):
        """Refuse unless a seat of each limited feature is to be had; return who leaves for it."""
        leaving = []
        for feature in limited - (own.held if own else set()):
            rest = [s for s in self.live(licence) if s not in gone + leaving]
            holders = [s for s in rest if feature in s.held]
            if len(holders) < licence.features[feature]:
                continue
            lost = [s for s in holders if s in self.left_behind(licence, desktop)]
            if len(holders) - len(lost) >= licence.features[feature]:
                raise Refused("pool_exhausted")
            leaving += lost
        return leaving

    def note_limits(self, licence):
        """A licence is sold: from now on it has so many seats, and so have its features."""
        for feature, seats in {"": licence.seats, **licence.features}.items():
            self.limits[licence, feature].append((seats, self.now))

    def note_late(self, session):
        """What ended before this hour has been counted already, as if it went on."""
        if session.ended_at < self.now.replace(minute=0, second=0, microsecond=0):
            self.late_facts.append((session.licence, session.ended_at))

    def replace(self, sessions):
        for session in sessions:
            session.end(self.now, "replaced")

    def has_room(self, session, gone):
        """Whether a session could take a seat, its device's if it has one, with ``gone`` away."""
        rest = [s for s in self.live(session.licence) if s not in gone]
        machine = None if session.licence.is_pool else session.desktop.machine
        is_used = any(s.desktop.machine == machine for s in rest)
        return len(rest) < session.licence.seats and not is_used

    def set_feature(self, licence, feature, limit):
        is_new, before = feature not in licence.features, licence.features.get(feature)
        if (not is_new and limit == before) or (limit and limit > licence.seats):
            raise Refused("invalid_operation")
        licence.features[feature] = limit
        for session in self.active(licence):
            if limit is None:
                session.give(feature, self.now)
            elif not is_new and before is None and feature in session.asked:
                session.take({feature}, self.now)
        self.limits[licence, feature].append((limit, self.now))
        changed = "feature_added" if is_new else "feature_limit_changed"
        self.audit[licence.account].append(changed)

    def remove_feature(self, licence, feature):
        if feature not in licence.features:
            raise Refused("invalid_operation")
        del licence.features[feature]
        for session in self.active(licence):
            session.give(feature, self.now)
        self.limits[licence, feature].append((0, self.now))
        self.audit[licence.account].append("feature_removed")

    # How many there are.

    def set_seats(self, licence, seats):
        self.limit(licence, seats + self.emergency_seats(licence))

    def give_emergency(self, licence, added, hours):
        if not licence.is_pool or licence.emergency:
            raise Refused("invalid_operation")
        licence.emergency = added, self.now + dt.timedelta(hours=hours)
        self.limit(licence, licence.seats + added)

    def end_emergencies(self):
        for licence in self.licences:
            if licence.emergency and licence.emergency[1] <= self.now:
                left = licence.seats - self.emergency_seats(licence)
                licence.emergency = None
                self.limit(licence, left)

    @staticmethod
    def emergency_seats(licence):
        return licence.emergency[0] if licence.emergency else 0

    def limit(self, licence, seats):
        if seats != licence.seats:
            self.limits[licence, ""].append((seats, self.now))
        licence.seats = seats
        self.audit[licence.account].append("seats_changed")
