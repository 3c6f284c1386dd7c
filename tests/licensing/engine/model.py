"""What the engine must answer, written from the contract: it imports nothing of the engine.

Where the contract leaves the engine a choice (which stale session loses its seat, and
when), the model looks at the choice and judges whether it was allowed.
"""

from __future__ import annotations

import datetime as dt

from tests.licensing.engine.facts import (
    MOVES_A_SEAT,
    WITHIN,
    AccessRule,
    Key,
    Refused,
    Session,
)
from tests.licensing.engine.seats import Seats

OLDEST_VERSION = 16
PRODUCT = "asta-powerproject"
ABOUT_THE_ID = ("request_invalid", "session_ended", "session_released")
"""How a check-out fails for the id that the program made alone: no seat was refused."""


class Model(Seats):
    """What desktops and people do, and what they must be answered."""

    # What desktops do.

    def check_out(self, key, licence, desktop, *, wrong, own, **asked):
        """The session, and whether it is new; a seat that is refused is remembered.

        ``own`` is the id that the program made for its session, if it made one.
        """
        try:
            if wrong:
                raise Refused("key_invalid")
            return self.granted(key, desktop, own, **asked)
        except Refused as refusal:
            if refusal.code in ABOUT_THE_ID:
                raise
            minutes = dt.timedelta(minutes=self.now.minute % 10)
            tens = self.now.replace(second=0, microsecond=0) - minutes
            self.denials[licence, desktop, refusal.code, tens] += 1
            raise

    def granted(self, key, desktop, own_id, *, version, product, features):
        licence = key.licence
        key.require_usable(self.now)
        licence.require_usable(self.now)
        if product and product != PRODUCT:
            raise Refused("product_mismatch")
        if int(version.split(".")[0]) < OLDEST_VERSION:
            raise Refused("version_not_supported")
        if set(features) - set(licence.features):
            raise Refused("feature_not_licensed")
        if self.is_barred(licence, desktop):
            raise Refused("access_blocked")

        own = next((s for s in self.active(licence) if s.desktop is desktop), None)
        if own is None:
            self.require_new_id(own_id, licence, desktop)
        limited = {f for f in features if licence.features[f] is not None}
        is_whole = not licence.is_pool or bool(features and any(licence.features.values()))
        gone = [] if own else self.make_way(licence, desktop, is_whole)
        gone += self.make_way_in_features(licence, desktop, limited, gone, own)
        self.replace(gone)
        if own is None:
            session = self.opened(key, desktop, version, features, own_id)
            session.take(limited, self.now)
            return session, True
        own.renew(self.now)
        own.key, own.version = key, version
        own.take(limited, self.now)
        if any(licence.features.values()):
            own.asked |= set(features)
        return own, False

    def require_new_id(self, own_id, licence, desktop):
        """Refuse an id of another's, or of one's own that is over."""
        if (licence, own_id) in self.closed_ids:
            raise Refused("session_ended")
        for session in self.sessions:
            if own_id and session.id == own_id:
                if session.licence is not licence or session.desktop is not desktop:
                    raise Refused("request_invalid")
                raise Refused(
                    "session_released" if session.reason == "released" else "session_ended"
                )

    def opened(self, key, desktop, version, features, own_id):
        licence = key.licence
        if not licence.is_pool:
            licence.bound.add(desktop.machine)
        promised = (licence.grace_from(self.now), licence.reclaim_from(self.now))
        session = Session(
            licence, key, desktop, version, self.now, self.now, *promised, set(features)
        )
        session.id = own_id
        self.sessions.append(session)
        return session

    def refresh(self, session, version=None):
        """The session, which goes on; or why it does not."""
        if session.reason == "released":
            raise Refused("session_released")
        if session.reason == "closed":
            raise Refused("session_ended")
        self.require_entitled(session)
        if session.reason == "reclaimed":
            self.return_to_seat(session)
        if not session.is_active:
            raise Refused("session_ended")
        session.renew(self.now)
        session.version = version or session.version
        return session

    def require_entitled(self, session):
        """Refuse, and take the seat back, when the licence is over or a rule bars the user."""
        try:
            session.licence.require_usable(self.now)
            if self.is_barred(session.licence, session.desktop):
                raise Refused("access_blocked")
        except Refused as refusal:
            over = {"licence_closed": "licence_ended", "licence_expired": "licence_ended"}
            reason = (over | {"access_blocked": "blocked"}).get(refusal.code)
            if session.is_active and reason:
                session.end(self.now, reason)
            raise

    def return_to_seat(self, session):
        """Let a reclaimed session go on if there is room for it and all it had."""
        licence, desktop = session.licence, session.desktop
        if any(s.desktop is desktop for s in self.live(licence)):
            raise Refused("session_ended")
        if not licence.is_pool and desktop.machine not in licence.bound:
            raise Refused("pool_exhausted")
        gone = []
        if not self.has_room(session, gone):
            gone = self.left_behind(licence, desktop)
        if not self.has_room(session, gone):
            self.replace(gone)
            raise Refused("pool_exhausted")
        gone += self.make_way_in_features(licence, desktop, session.wants, gone)
        self.replace(gone)
        session.begin_again(self.now)

    def close(self, session, ended_at=None):
        """The seat comes back; who tells late when that was is believed if nothing came since."""
        if ended_at and ended_at < session.refreshed_at.replace(microsecond=0):
            return
        if session.is_active:
            told = min(self.now, ended_at or self.now)
            session.end(max(session.refreshed_at, told), "closed")
            self.note_late(session)
        elif session.reason == "reclaimed":
            session.reason = "closed"

    def close_with_key(self, key, named, *, wrong, ended_at):
        """As ``close``, where the key's licence has a session of this id; else none is opened.

        One that nobody has heard of since it was opened ends, whatever time is told.
        """
        if wrong:
            raise Refused("key_invalid")
        of_licence = [s for s in self.sessions if s.licence is key.licence]
        session = next((s for s in of_licence if s.id == named), None)
        if session is None:
            self.remember_closed(key.licence, named)
            return
        if ended_at and session.refreshed_at == session.started_at:
            ended_at = max(ended_at, session.started_at)
        self.close(session, ended_at)

    def remember_closed(self, licence, named):
        old = self.now - dt.timedelta(days=1)
        self.closed_ids = {which: at for which, at in self.closed_ids.items() if at >= old}
        self.closed_ids.setdefault((licence, named), self.now)

    def move(self, session):
        licence = session.licence
        if licence.is_pool:
            raise Refused("not_single_user")
        if session.desktop.machine in licence.bound:
            self.require_moves_left(licence)
            self.unbind(licence, session.desktop.machine, "device_moved")

    def require_moves_left(self, licence):
        lately = [at for at in licence.moved_at if at > self.now - WITHIN]
        if len(lately) >= MOVES_A_SEAT * licence.seats:
            raise Refused("move_limit")

    def unbind(self, licence, machine, action):
        for session in self.active(licence):
            if session.desktop.machine == machine:
                session.end(self.now, "moved")
        licence.bound.remove(machine)
        if action != "device_written_off":
            licence.moved_at.append(self.now)
        self.audit[licence.account].append(action)

    # What people and the system do.

    def release(self, session):
        if not session.is_active:
            return False
        session.end(self.now, "released")
        self.audit[session.licence.account].append("session_released")
        return True

    def reissue(self, key, overlap):
        if key.state != "active":
            raise Refused("invalid_operation")
        key.state, key.superseded_at = "superseded", self.now + overlap
        self.audit[key.licence.account].append("key_reissued")

    def add_key(self, licence, serial_number, plain):
        self.keys.append(Key(licence, serial_number, plain))

    def revoke(self, key):
        if key.state == "revoked":
            raise Refused("invalid_operation")
        key.state = "revoked"
        self.audit[key.licence.account].append("key_revoked")

    def end_sessions_of_key(self, key):
        of_key = [s for s in self.sessions if s.key is key]
        ended = [s for s in of_key if s.is_active]
        for session in ended:
            session.end(self.now, "key_revoked")
        for session in of_key:
            if session.reason == "reclaimed":
                session.reason = "key_revoked"
        self.audit[key.licence.account].append("sessions_ended")
        return len(ended)

    def add_rule(self, account, licence, effect, pattern, times):
        starts_at, ends_at = times
        starts_at = starts_at or self.now
        self.rules.append(AccessRule(account, licence, effect, *pattern, starts_at, ends_at))
        self.audit[account].append("rule_added")

    def lift(self, rule):
        if rule.ends_at and rule.ends_at <= self.now:
            return False
        rule.ends_at = max(rule.starts_at, self.now)
        self.audit[rule.account].append("rule_lifted")
        return True

    def free(self, licence, machine, *, limited):
        if limited:
            self.require_moves_left(licence)
        self.unbind(licence, machine, "device_freed")
        return True

    def set_term(self, licence, starts_on, ends_on):
        if starts_on and ends_on and ends_on < starts_on:
            raise Refused("invalid_operation")
        licence.starts_on, licence.ends_on = starts_on, ends_on
        self.audit[licence.account].append("term_changed")

    def set_policy(self, licence, grace, reclaim):
        licence.grace, licence.reclaim = grace, reclaim
        for session in self.active(licence):
            session.reclaim_at = licence.reclaim_from(session.refreshed_at)
        self.audit[licence.account].append("policy_changed")

    def end_what_is_over(self):
        """The sessions of closed and ended licences end; return how many."""
        ended = 0
        for session in self.sessions:
            past = session.licence.ends_on and session.licence.term_ends() <= self.now
            if session.is_active and (past or session.licence.state == "closed"):
                session.end(self.now, "licence_ended")
                ended += 1
        return ended

    def notice_reclaimed(self, session):
        """The engine took this seat back: it was free to, if the session was stale."""
        assert session.is_stale(self.now), "A seat was taken from a session that was not stale."
        session.end(self.now, "reclaimed")
