"""What staff do to licences: limit, term, state, offline policy, keys, leases."""

from __future__ import annotations

import datetime as dt

import pytest

from licensing import licences
from licensing.models import AuditEntry, Licence, ProductKey
from support.acts.hand_over import NOBODY
from tests.factories import TESTER, make_session, make_single_user
from tests.support.acting import READ, address, check, confirm, do, foretold, record, told, wrong

FORETOLD = {
    2: "London planners: 10 to 2. In use now 3, so it will be 1 over. "
    "No program is closed; no new starts until use falls below 2.",
    3: "London planners: 10 to 3. In use now 3, so it will be full. No program is closed.",
    12: "London planners: 10 to 12. In use now 3, so 9 seats are free then. "
    "2 more people can start at once.",
    4: "London planners: 10 to 4. In use now 3, so 1 seat is free then.",
}


def test_a_new_limit_is_foretold(sales, planners):
    told = {
        seats: foretold(check(sales, "licence", "seats", planners.licence, seats=seats))[-1]
        for seats in FORETOLD
    }

    assert told == FORETOLD
    assert Licence.objects.get().seats == 10


def test_where_nobody_starts_more_seats_do_not_say_that_people_can(sales, planners):
    licence, last_day = planners.licence, dt.date(2020, 1, 31)
    Licence.objects.update(ends_on=last_day)
    said = "Nobody starts the program all the same: its last day is 31 Jan 2020."
    licences.set_state(licence, "suspended", by=TESTER)
    suspended = foretold(check(sales, "licence", "seats", licence, seats=12))
    reinstated = foretold(sales.get(address("licence", "reinstate", licence)))
    licences.set_state(licence, "active", by=TESTER)
    over = foretold(check(sales, "licence", "seats", licence, seats=12))
    emergency = foretold(check(sales, "licence", "emergency", licence, added=2, hours=4))

    assert suspended[-1] == "Nobody starts the program all the same: the licence is suspended."
    assert [told[-1] for told in (reinstated, over, emergency)] == [said] * 3
    assert not any("can start" in line for line in over)


def test_sales_change_the_user_limit(sales, planners):
    assert do(sales, "licence", "seats", planners.licence, seats=2) == [
        "London planners: user limit 2, 3 in use."
    ]
    assert Licence.objects.get().seats == 2
    entry = AuditEntry.objects.get(action="seats_changed")
    assert (entry.actor_kind, entry.reason) == ("support", READ)


def test_an_impossible_limit_is_refused(sales, planners):
    for seats in ("0", "-10", "+99991", "", "many", "100001"):
        page = check(sales, "licence", "seats", planners.licence, seats=seats)

        assert (page.status_code, list(wrong(page))) == (422, ["seats"]), seats
    assert Licence.objects.get().seats == 10


def test_sales_extend_the_term(sales, planners):
    page = check(
        sales, "licence", "term", planners.licence, starts_on="2026-01-01", ends_on="2099-12-31"
    )

    assert foretold(page) == [
        "London planners starts: no date to 1 Jan 2026.",
        "London planners ends: no date to 31 Dec 2099.",
        "People can start the program now.",
    ]
    assert told(confirm(sales, page)) == [
        "London planners: first day 1 Jan 2026, last day 31 Dec 2099."
    ]
    assert Licence.objects.get().ends_on == dt.date(2099, 12, 31)


def test_a_term_that_is_over_says_what_happens_now(sales, planners):
    page = check(sales, "licence", "term", planners.licence, ends_on="2020-02-01")

    assert foretold(page)[0] == "This ENDS the licence at once: 1 Feb 2020 has passed."
    assert foretold(page)[-1] == (
        "The term is over then: from now on nobody starts. In use now 3: those seats come back "
        "at their next refresh, and the programs stay open."
    )


def test_a_term_that_ends_before_it_starts_is_refused(sales, planners):
    page = check(
        sales, "licence", "term", planners.licence, starts_on="2027-02-01", ends_on="2027-01-01"
    )

    assert wrong(page) == {
        "ends_on": ["The term would end on 2027-01-01, before it starts on 2027-02-01."]
    }
    assert Licence.objects.get().starts_on is None


def test_the_state_is_changed(sales, planners):
    for act, state in (("suspend", "suspended"), ("reinstate", "active"), ("close", "closed")):
        assert do(sales, "licence", act, planners.licence) == [
            f"London planners of {planners.account} is {state}."
        ]
        assert Licence.objects.get().state == state


def test_suspending_says_how_many_go_on(sales, planners):
    page = sales.get(address("licence", "suspend", planners.licence))

    assert foretold(page) == ["In use now 3 of 10: they go on until they are closed."]


AFTER_CLOSING = (
    "A program that was closed properly can still be opened offline for up to %s; Strict ends that."
)


def test_support_changes_the_offline_policy(support, planners):
    make_session(planners, refreshed=dt.timedelta(hours=1))
    page = check(support, "licence", "policy", planners.licence, policy="Trusting")

    assert foretold(page) == [
        "Until now: People offline keep working 48 h; "
        f"a lost PC holds its seat no longer than that. {AFTER_CLOSING % '48 h'}",
        "From now on: Seats come back in 15 min, people offline keep 48 h; "
        f"for a while more people than seats may work. {AFTER_CLOSING % '48 h'}",
        "At once 1 seat of people who were not heard of may go to others.",
    ]
    assert told(confirm(support, page)) == ["London planners: offline policy Trusting."]
    assert Licence.objects.get().reclaim_after == dt.timedelta(minutes=15)


def test_support_reactivates_a_lease_licence(support, lease):
    page = support.get(address("licence", "reactivate", lease))
    words = told(confirm(support, page))

    new = Licence.objects.get(replaces=lease)
    key = new.keys.get()
    assert words == [f"Old lease is a single-user licence now, serial number {key}. {NOBODY}"]
    assert foretold(page)[0] == (
        "A single-user licence replaces this lease licence: 1 seat, same features, "
        f"last day {lease.ends_on.day} {lease.ends_on:%b %Y}."
    )
    lease.refresh_from_db()
    assert (new.name, lease.name) == ("Old lease", "Old lease (lease)")
    assert "Bound to it now: 1 device; in use now 1." in foretold(page)[2]
    assert (new.usage_model, new.ends_on) == ("single-user", lease.ends_on)

    again = support.get(address("licence", "reactivate", lease)).context["subjects"][0].refused
    assert again.startswith("Old lease (lease) has been closed already. Anna Kowalski &lt;")
    assert again.endswith(f' GMT. <a href="{record(new)}">Old lease</a>')


def test_support_adds_a_labelled_key(support, planners):
    words = do(support, "licence", "add-key", planners.licence, label="Leeds")

    key = ProductKey.objects.get(label="Leeds")
    assert words[0].startswith(f"London planners: Leeds has the serial number {key}.")
    assert AuditEntry.objects.latest("pk").reason == READ


@pytest.mark.parametrize(
    ("act", "words"),
    [
        ("reinstate", "London planners is active already."),
        ("reactivate", "London planners is no lease licence: only those can be reactivated."),
    ],
)
def test_what_makes_no_sense_is_not_offered(superuser, planners, act, words):
    shown = superuser.get(record(planners.licence))
    page = superuser.get(address("licence", act, planners.licence))

    assert f"/{act}/?" not in shown.text
    assert page.status_code == 409
    assert words in page.text
    assert told(check(superuser, "licence", act, planners.licence)) == [words]


def test_a_closed_licence_is_not_suspended_too(sales, planners):
    licences.set_state(planners.licence, "closed", by=TESTER)

    assert told(check(sales, "licence", "suspend", planners.licence)) == [
        "London planners is closed: nobody starts with it anyway."
    ]


def test_a_device_has_policies_of_its_own(support):
    key = make_single_user(name="Estimator")

    form = support.get(address("licence", "policy", key.licence)).context["form"]
    page = check(support, "licence", "policy", key.licence, policy="Trusting")

    assert form.fields["policy"].choices == [
        ("Friendly", "Friendly: People offline keep working 30 days. "
         f"The seat belongs to its device. {AFTER_CLOSING % '30 days'}"),
        ("Strict", "Strict: People offline keep working 15 min. The seat belongs to its device. "
         "A program that was closed properly doesn't open offline."),
    ]  # fmt: skip
    assert list(wrong(page)) == ["policy"]
