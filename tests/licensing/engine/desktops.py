"""What desktops do to the engine, late, twice, and with wrong clocks too."""

from __future__ import annotations

import itertools
import uuid
from functools import partial

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from licensing import devices, keys, leases, sessions
from licensing.identity import Client
from tests.licensing.engine import facts, observed
from tests.licensing.engine.estate import Estate, has_sessions, outcome, some

MISTAKES = (
    {"wrong": "serial"}, {"wrong": "key"}, {"version": "15.9"}, {"features": ("risk",)},
    {"product": "asta-powerproject-4d"}, {"product": "asta-powerproject", "version": "17.0"},
)  # fmt: skip

desktops = st.sampled_from(facts.DESKTOPS)
features = st.sampled_from(((), ("4d",)))
arrivals = st.lists(st.tuples(desktops, features), min_size=1, max_size=4)
versions = st.sampled_from(("16.0.02", "17.0"))
once_or_twice = st.sampled_from((1, 1, 2))
own_ids = st.sampled_from(("", "", "new", "new", "again", "another's", "closed"))
by_key = st.sampled_from(("", "the session's", "any", "wrong"))


def close(session_id, *, ended_at=None):
    """What a program is told of its close: nothing, while the log is told the account."""
    sessions.close(session_id, ended_at=ended_at)


class Desktops(Estate):
    """Programs that open, refresh, close and move in any order."""

    def __init__(self):
        super().__init__()
        self.closed_offline = {}
        self.new_ids = map(uuid.UUID, (f"{n:032x}" for n in itertools.count(1)))

    @rule(number=some, arrivals=arrivals, spelling=some, times=once_or_twice, kind=own_ids)
    def check_out(self, number, arrivals, spelling, times, kind):
        """Some people come to work, one after the other, each in want of some features."""
        key = self.a_key(number)
        for desktop, features in arrivals:
            own = self.own_id(kind, key.licence, desktop)
            for _ in range(times):
                self.ask(key, desktop, spelling, features=features, own=own)

    check_out_2 = check_out_3 = check_out  # each rule is as likely as any other

    @rule(number=some, desktop=desktops, mistake=st.sampled_from(MISTAKES))
    def check_out_by_mistake(self, number, desktop, mistake):
        self.ask(self.a_key(number), desktop, 0, **mistake)

    def own_id(self, kind, licence, desktop):
        """The id that a program tells: none, a new one, its last one's or somebody else's, or
        one that was closed before it came."""
        if kind == "new":
            return next(self.new_ids)
        if kind == "closed":
            closed = [named for of, named in self.model.closed_ids if of is licence]
            return closed[-1] if closed else None
        known = [
            session.id
            for session in self.model.sessions
            if (kind == "again") == (session.licence is licence and session.desktop is desktop)
        ]
        return known[-1] if kind and known else None

    def ask(self, key, desktop, spelling, *, wrong="", own=None, **asked):
        """A check-out; ``wrong`` is what is wrong with the key."""
        asked = {"version": "16.0.02", "product": "", "features": ()} | asked
        machine, user = desktop.spelled(spelling)
        names = {
            "machine_name": machine,
            "username": user,
            "os_session": desktop.os_session,
            "device_id": desktop.device_id,
        }
        serial = "7Q2X-4M8K-9D3T" if wrong == "serial" else key.serial_number
        plain = key.plain[:-1] if wrong == "key" else key.plain
        licence = None if wrong == "serial" else key.licence
        self.check_grant(
            partial(
                sessions.check_out_with_key,
                serial,
                plain,
                Client(**names, **asked, session_id=own),
            ),
            partial(self.model.check_out, key, licence, desktop, wrong=wrong, own=own, **asked),
        )

    def check_grant(self, ours, theirs):
        """A grant says what the model's session says, and so does its lease."""
        expected, answered = outcome(theirs), outcome(ours)
        self.notice_reclaimed()
        if isinstance(expected, str) or isinstance(answered, str):
            assert answered == expected
            return
        (session, is_new), (grant, was_created) = expected, answered
        assert was_created == is_new
        session.id = session.id or grant.session_id
        if is_new:
            assert len(self.model.active(session.licence)) <= session.licence.seats
        self.check_promise(grant, session)

    def check_promise(self, grant, session):
        licence = session.licence
        assert observed.promise(grant, leases.sign(grant)) == {
            "session": session.id,
            "serial_number": session.key.serial_number,
            "usage_model": licence.usage_model,
            "ends_on": licence.ends_on,
            "features": self.model.features_of(session),
            "server_time": self.model.now,
            "grace_until": session.grace_until,
            "lease_until": int(session.grace_until.timestamp()),
            "refresh_after": licence.refresh_after().total_seconds(),
        }

    @precondition(has_sessions)
    @rule(number=some, version=st.none() | versions, times=once_or_twice)
    def refresh(self, number, version, times):
        session = self.a_session(number)
        for _ in range(times):
            self.check_grant(
                lambda: (sessions.refresh(session.id, version=version), False),
                lambda: (self.model.refresh(session, version), False),
            )

    refresh_2 = refresh

    @precondition(has_sessions)
    @rule(number=some, times=once_or_twice)
    def close(self, number, times):
        session = self.a_session(number)
        for _ in range(times):
            self.agree(partial(close, session.id), partial(self.model.close, session))

    @precondition(has_sessions)
    @rule(number=some, reports=st.booleans(), by=by_key)
    def close_offline(self, number, reports, by):
        """A program ends without a network; it tells later when that was, by its own clock.

        It may have been opened again meanwhile, and may not know its session's token.
        """
        session = self.a_session(number)
        self.closed_offline[session] = self.model.now + self.skews[session.desktop]
        if not reports:
            return
        session, at = next(iter(self.closed_offline.items()))
        del self.closed_offline[session]
        if by:
            self.ask_by_key(self.key_of(session, by, number), session, wrong=by, ended_at=at)
            return
        self.agree(
            partial(close, session.id, ended_at=at),
            partial(self.model.close, session, ended_at=at),
        )

    @precondition(has_sessions)
    @rule(number=some, by=by_key, exists=st.sampled_from((True, True, False)))
    def close_with_key(self, number, by, exists):
        """A program closes what it never heard of, which may not be there."""
        session = self.a_session(number)
        key = self.key_of(session, by, number)
        self.ask_by_key(key, session if exists else None, wrong=by)

    def key_of(self, session, by, number):
        """One of the keys of the session's licence in whatever state, or any key."""
        of_licence = [key for key in self.model.keys if key.licence is session.licence]
        among = self.model.keys if by == "any" else of_licence
        return among[-1 - number % len(among)]

    def ask_by_key(self, key, session, *, wrong, ended_at=None):
        """A close with a key, as the address of the API does it."""
        named = session.id if session else next(self.new_ids)
        plain = key.plain[:-1] if wrong == "wrong" else key.plain

        def ours():
            proven = keys.authenticate(key.serial_number, plain)
            sessions.close_of(proven.licence, named, ended_at=ended_at)

        self.agree(
            ours,
            partial(
                self.model.close_with_key, key, named,
                wrong=wrong == "wrong", ended_at=ended_at,
            ),
        )  # fmt: skip

    @precondition(has_sessions)
    @rule(number=some, times=once_or_twice)
    def move(self, number, times):
        session = self.a_session(number)
        for _ in range(times):
            self.agree(partial(devices.move, session.id), partial(self.model.move, session))
