"""What the machine begins with: clocks, customers, what they buy, and what is looked at."""

from __future__ import annotations

import datetime as dt

import time_machine
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from licensing import errors, invariants, licences
from licensing.licences import OfflinePolicy, Order
from licensing.models import ClientSession, Licence, ProductKey
from licensing.models.licences import UsageModel
from support.demo.desktops.clocks import set_clock
from tests.factories import TESTER, AccountFactory
from tests.licensing.engine import facts, observed, told
from tests.licensing.engine.model import Model

START = dt.datetime(2026, 3, 27, 9, 0, tzinfo=dt.UTC)
"""Two days before London's clocks go forward."""
ZONES = {"Hill & Dale": "Europe/London", "Brook": "Pacific/Auckland"}
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
POLICIES = (
    (48 * HOUR, 48 * HOUR), (15 * MINUTE, 15 * MINUTE), (48 * HOUR, 15 * MINUTE), (48 * HOUR, None),
    (HOUR, 2 * MINUTE), (30 * DAY, 30 * DAY), (MINUTE / 2, HOUR), (2 * MINUTE, None),
)  # fmt: skip

some = st.integers(0, 7)
desktops = st.sampled_from(facts.DESKTOPS)


def outcome(call):
    """What the call gives, or the code with which it refuses."""
    try:
        return call()
    except (facts.Refused, errors.LicensingError) as refusal:
        return refusal.code


def has_sessions(machine):
    """Whether anybody has ever opened anything."""
    return bool(machine.model.sessions)


class Estate(RuleBasedStateMachine):
    """Two customers on two sides of the world, and a clock that only the machine moves.

    Each desktop has a clock of its own, which nobody may trust, and so has the web server.
    """

    def __init__(self):
        super().__init__()
        self.model = Model(START)
        self.pks = {}
        self.skews = {}
        self.seats = {}
        self.example = transaction.atomic()
        self.example.__enter__()
        self.web_skew = 0 * DAY
        self.web_clock = time_machine.travel(START, tick=False)
        self.traveller = self.web_clock.start()
        self.set_clocks()
        for name, zone in ZONES.items():
            AccountFactory(name=name, time_zone=zone)

    def teardown(self):
        self.web_clock.stop()
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    def set_clocks(self):
        set_clock(self.model.now.timestamp())
        self.traveller.move_to(self.model.now + self.web_skew)

    def agree(self, ours, theirs):
        """Both answer the same; return what the engine answered."""
        expected, answered = outcome(theirs), outcome(ours)
        assert answered == expected
        return answered

    # What is there to act upon.

    def a_key(self, number):
        """Mostly one that opens its licence now, or most of what desktops do would be refused."""
        working = [key for key in self.model.keys if self.model.opens(key)]
        among = working if working and number else self.model.keys
        return among[-1 - number % len(among)]

    def a_licence(self, number):
        return self.model.licences[number % len(self.model.licences)]

    def a_session(self, number):
        """Mostly one that is active or was reclaimed."""
        going_on = [s for s in self.model.sessions if s.reason in ("", "reclaimed")]
        among = going_on if going_on and number else self.model.sessions
        return among[-1 - number % len(among)]

    def row(self, licence):
        return Licence.objects.get(pk=self.pks[licence])

    def key_row(self, key):
        return ProductKey.objects.get(serial_number=key.serial_number)

    def session_row(self, session):
        return ClientSession.every.get(pk=session.id)

    # What customers buy.

    @initialize(
        seats=st.sampled_from((2, 3, 1)),
        limit=st.sampled_from((1, 2, None)),
        policies=st.tuples(st.sampled_from(POLICIES), st.sampled_from(POLICIES)),
        web_skew=st.sampled_from((0 * DAY, -DAY, 2 * DAY)),
        skews=st.lists(
            st.sampled_from((-3 * DAY, -HOUR, 0 * DAY, 2 * HOUR)),
            min_size=len(facts.DESKTOPS),
            max_size=len(facts.DESKTOPS),
        ),
    )
    def a_pool_and_a_device(self, seats, limit, policies, web_skew, skews):
        self.web_skew = web_skew
        self.set_clocks()
        self.skews = dict(zip(facts.DESKTOPS, skews, strict=True))
        self.sell("Hill & Dale", "concurrent", seats, policies[0], {"bim": None, "4d": limit})
        self.sell("Brook", "single-user", min(seats, 2), policies[1], {"4d": limit})

    @precondition(lambda self: len(self.model.licences) < 3)
    @rule(
        account=st.sampled_from(list(ZONES)),
        usage_model=st.sampled_from(("concurrent", "single-user", "lease")),
        seats=st.integers(1, 2),
        policy=st.sampled_from(POLICIES),
        limits=st.fixed_dictionaries({"4d": st.sampled_from((None, 1))}),
    )
    def sell(self, account, usage_model, seats, policy, limits):
        codes = [f"{code}:{limit}" if limit else code for code, limit in limits.items()]
        order = Order(
            account_name=account, seats=seats, usage_model=UsageModel(usage_model),
            features=codes, policy=OfflinePolicy(*policy),
        )  # fmt: skip
        key, plain = licences.create(order, by=TESTER)  # with names and limits that nobody sells
        made = facts.Licence(account, ZONES[account], usage_model, seats, *policy, dict(limits))
        self.note_licence(made, key, plain)

    def note_licence(self, made, key, plain):
        self.pks[made] = key.licence_id
        self.model.licences.append(made)
        self.model.add_key(made, key.serial_number, plain)
        self.model.audit[made.account] += ["licence_issued", "key_issued"]
        self.model.note_limits(made)

    @precondition(lambda self: any(lic.usage_model == "lease" for lic in self.model.licences))
    @rule()
    def reactivate_a_lease(self):
        lease = next(lic for lic in self.model.licences if lic.usage_model == "lease")
        if lease.state == "closed" or lease.is_replaced:
            assert outcome(lambda: licences.reactivate_lease(self.row(lease), by=TESTER)) == (
                "invalid_operation"
            )
            return
        key, plain = licences.reactivate_lease(self.row(lease), by=TESTER)
        new = facts.Licence(
            lease.account, lease.zone, "single-user", lease.seats, 30 * DAY, None,
            dict(lease.features), ends_on=lease.ends_on,
        )  # fmt: skip
        self.note_licence(new, key, plain)
        lease.state, lease.is_replaced = "closed", True
        self.model.audit[lease.account].append("state_changed")

    # What must be true after every act.

    def notice_reclaimed(self):
        """Let the model judge whether the engine was free to take back what it took back."""
        taken = observed.reclaimed()
        for session in self.model.sessions:
            if session.is_active and session.id in taken:
                self.model.notice_reclaimed(session)

    @invariant()
    def nothing_is_wrong(self):
        self.require_the_same_facts()
        self.require_seats_kept()
        for sentence, sql in invariants.RULES.items():
            assert list(invariants.cases(sentence, sql)) == []

    def require_the_same_facts(self):
        self.notice_reclaimed()
        numbers = {pk: number for number, pk in enumerate(self.pks.values())}
        places = {licence: number for number, licence in enumerate(self.pks)}
        found, expected = observed.sessions(numbers), told.sessions(self.model, places)
        assert found.keys() == expected.keys()
        for session_id, facts_found in found.items():
            assert facts_found == expected[session_id]
        assert observed.seats(numbers) == told.seats(self.model, places)
        assert observed.denials(numbers) == told.denials(self.model, places)
        assert observed.audit() == dict(self.model.audit)
        assert observed.holds(numbers) == told.holds(self.model, places)
        assert observed.limits(numbers) == told.limits(self.model, places)
        assert observed.late_facts(numbers) == told.late_facts(self.model, places)

    def require_seats_kept(self):
        """A session stays on its seat, and two never share one."""
        holders = observed.holders()
        assert len(set(holders.values())) == len(holders)
        for session_id, seat in holders.items():
            assert self.seats.get(session_id, seat) == seat
        self.seats = holders
