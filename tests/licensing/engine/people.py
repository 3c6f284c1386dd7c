"""What people and the system do to the engine, and how time passes."""

from __future__ import annotations

import datetime as dt
from functools import partial

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from licensing import (
    devices,
    emergency_seats,
    history,
    included,
    invariants,
    keys,
    licences,
    planned_seats,
    rules,
    sessions,
    stolen_keys,
)
from licensing.licences import OfflinePolicy
from licensing.models import AccessRule, Account, Device, Feature
from licensing.models.rules import Effect
from licensing.rules import NewRule
from tests.factories import TESTER
from tests.licensing.engine import facts
from tests.licensing.engine.desktops import Desktops, arrivals, features
from tests.licensing.engine.estate import (
    DAY,
    HOUR,
    MINUTE,
    POLICIES,
    ZONES,
    has_sessions,
    outcome,
    some,
)

REBOOT = 8 * MINUTE
PAUSES = (MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 15 * HOUR, 48 * HOUR, 8 * DAY)
PATTERNS = (
    ("ACME\\anna", ""), ("acme\\*", ""), ("", "ctx"), ("", "CAD-*"), ("guest", "TMP-9"),
    ("ACME\\STRASSE", ""),
)  # fmt: skip
STATES = ("active", "active", "active", "suspended", "closed")

days = st.sampled_from((None, None, None, -1, 0, 1, 3))


class Engine(Desktops):
    """Anything may happen in any order; the engine must answer as the model does."""

    # People.

    @precondition(has_sessions)
    @rule(number=some)
    def release(self, number):
        session = self.a_session(number)
        self.agree(
            partial(sessions.release, self.session_row(session), by=TESTER),
            partial(self.model.release, session),
        )

    @rule(number=some, kind=st.sampled_from(("issue", "issue", "reissue", "reissue", "revoke")))
    def change_keys(self, number, kind):
        getattr(self, kind)(number)

    def issue(self, number):
        licence = self.a_licence(number)
        key, plain = keys.issue(self.row(licence), by=TESTER)
        self.model.add_key(licence, key.serial_number, plain)
        self.model.audit[licence.account].append("key_issued")

    def reissue(self, number):
        key, overlap = self.a_key(number), number * HOUR
        expected = outcome(partial(self.model.reissue, key, overlap))
        made = outcome(partial(keys.reissue, self.key_row(key), by=TESTER, overlap=overlap))
        if isinstance(made, str):
            assert made == expected
            return
        new, plain = made
        self.model.add_key(key.licence, new.serial_number, plain)

    def revoke(self, number):
        key = self.a_key(number)
        row = self.key_row(key)
        revoked = self.agree(
            lambda: keys.revoke(row, by=TESTER) and None, partial(self.model.revoke, key)
        )
        if revoked is None and number % 2:
            self.agree(
                partial(stolen_keys.end_sessions, row, by=TESTER),
                partial(self.model.end_sessions_of_key, key),
            )

    @rule(
        account=st.sampled_from(list(ZONES)), number=st.none() | some,
        pattern=st.sampled_from(PATTERNS), effect=st.sampled_from(("block", "block", "allow")),
        starts=st.sampled_from((None, None, HOUR)), lasts=st.sampled_from((None, 2 * HOUR)),
    )  # fmt: skip
    def add_rule(self, account, number, pattern, effect, starts, lasts):
        licence = None if number is None else self.a_licence(number)
        account = licence.account if licence else account
        starts_at = self.model.now + starts if starts else None
        ends_at = (starts_at or self.model.now) + lasts if lasts else None
        user, machine = pattern
        wanted = NewRule(
            licence=licence and self.row(licence), effect=Effect(effect), username=user,
            machine_name=machine, starts_at=starts_at, ends_at=ends_at,
        )  # fmt: skip
        rules.add(Account.objects.get(name=account), wanted, by=TESTER)
        self.model.add_rule(account, licence, effect, pattern, (starts_at, ends_at))

    @precondition(lambda self: self.model.rules)
    @rule(number=some)
    def lift_rule(self, number):
        rows = list(AccessRule.objects.order_by("pk"))
        self.agree(
            partial(rules.lift, rows[number % len(rows)], by=TESTER),
            partial(self.model.lift, self.model.rules[number % len(rows)]),
        )

    @precondition(lambda self: any(licence.bound for licence in self.model.licences))
    @rule(number=some, limited=st.booleans(), lost=st.booleans())
    def free_a_device(self, number, limited, lost):
        rows = list(Device.objects.bound().order_by("pk"))
        device = rows[number % len(rows)]
        licence = next(lic for lic, pk in self.pks.items() if pk == device.licence_id)
        machine = next(m for m in licence.bound if m.casefold() == device.machine)
        if lost:
            assert devices.write_off(device, by=TESTER) is True
            self.model.unbind(licence, machine, "device_written_off")
            return
        self.agree(
            partial(devices.free, device, by=TESTER, limited=limited),
            partial(self.model.free, licence, machine, limited=limited),
        )

    @rule(number=some, seats=st.integers(1, 4))
    def set_seats(self, number, seats):
        licence = self.a_licence(number)
        licences.set_seats(self.row(licence), seats, by=TESTER)
        self.model.set_seats(licence, seats)

    @rule(number=some, added=st.integers(1, 2), hours=st.sampled_from((1, 48)))
    def give_emergency_seats(self, number, added, hours):
        licence = self.a_licence(number)
        row = self.row(licence)
        self.agree(
            lambda: emergency_seats.give(row, added, hours=hours, by=TESTER) and None,
            partial(self.model.give_emergency, licence, added, hours),
        )

    @rule()
    def carry_out_what_was_planned(self):
        planned_seats.carry_out_due()
        self.model.end_emergencies()

    @rule(number=some, limit=st.sampled_from((None, 1, 1, 2, "gone")))
    def change_a_feature(self, number, limit):
        licence, feature = self.a_licence(number), Feature.objects.get(code="4d")
        row = self.row(licence)
        if limit == "gone":
            self.agree(
                partial(included.remove, row, feature, by=TESTER),
                partial(self.model.remove_feature, licence, "4d"),
            )
            return
        self.agree(
            lambda: included.put(row, feature, seats=limit, by=TESTER) and None,
            partial(self.model.set_feature, licence, "4d", limit),
        )

    @rule(number=some, state=st.sampled_from(STATES))
    def set_state(self, number, state):
        licence = self.a_licence(number)
        licences.set_state(self.row(licence), state, by=TESTER)
        licence.state = state
        self.model.audit[licence.account].append("state_changed")

    @rule(number=some, starts=days, ends=days)
    def set_term(self, number, starts, ends):
        licence = self.a_licence(number)
        today = licence.today(self.model.now)
        starts_on, ends_on = (
            None if number is None else today + dt.timedelta(days=number)
            for number in (starts, ends)
        )
        self.agree(
            lambda: (
                licences.set_term(
                    self.row(licence), starts_on=starts_on, ends_on=ends_on, by=TESTER
                )
                and None
            ),
            partial(self.model.set_term, licence, starts_on, ends_on),
        )

    @rule(number=some, policy=st.sampled_from(POLICIES))
    def set_policy(self, number, policy):
        licence = self.a_licence(number)
        licences.set_policy(self.row(licence), OfflinePolicy(*policy), by=TESTER)
        self.model.set_policy(licence, *policy)

    # Time and the system.

    @rule(pause=st.sampled_from(PAUSES))
    def time_passes(self, pause):
        self.model.now += pause
        self.set_clocks()
        if pause > DAY:
            history.move()  # of which the model knows nothing

    @rule(number=some, pause=st.sampled_from(PAUSES))
    def time_passes_and_one_refreshes(self, number, pause):
        """All but one fall silent."""
        self.time_passes(pause - MINUTE)
        if self.model.sessions:
            self.refresh(number, None, 1)
        self.time_passes(MINUTE)

    @rule(number=some, arrivals=arrivals, features=features)
    def a_terminal_server_restarts(self, number, arrivals, features):
        """Its programs are gone without a word, and their people come back in other OS sessions."""
        key = self.a_key(number)
        before, *after = (d for d in facts.DESKTOPS if d.machine == "CTX")
        self.ask(key, before, number, features=features)
        self.check_out(number, arrivals, number, 1, "")
        self.time_passes(REBOOT)
        for desktop in after:
            self.ask(key, desktop, number, features=features)

    time_passes_and_one_refreshes_2 = time_passes_and_one_refreshes

    @rule(task=st.sampled_from(("reclaim_stale", "end_what_is_over", "look_at_everything")))
    def a_task_runs(self, task):
        getattr(self, task)()

    def look_at_everything(self):
        """The audit record's chains too, which takes longer than the rest."""
        assert invariants.broken() == []

    def reclaim_stale(self):
        stale = {s.id for s in self.model.sessions if s.is_stale(self.model.now)}
        assert sessions.reclaim_stale() == len(stale)
        self.notice_reclaimed()
        assert not any(s.is_stale(self.model.now) for s in self.model.sessions)

    def end_what_is_over(self):
        self.agree(sessions.end_sessions_of_ended_licences, self.model.end_what_is_over)
