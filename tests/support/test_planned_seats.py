"""Sales change seats from a date, and give emergency seats; the customer is told."""

from __future__ import annotations

from licensing import emergency_seats, planned_seats
from licensing.models import AuditEntry, Licence, PlannedSeats
from portal.models import Role
from portal.telling import fan_out
from support.models import OrderReference
from support.words import day, moment, weekday
from tests.factories import TESTER, MembershipFactory, days_from_today
from tests.people import signed_in
from tests.support.acting import (
    READ,
    address,
    check,
    confirm,
    do,
    foretold,
    record,
    text_of,
    told,
    wrong,
)

SOON = days_from_today(5)


def test_sales_plan_seats_from_a_date(sales, planners):
    licence = planners.licence
    asked = {"seats": "2", "on": SOON.isoformat(), "order_reference": "SO-1"}
    page = check(sales, "licence", "seats", licence, **asked)

    assert foretold(page) == [
        "This TAKES 8 seats AWAY from the customer.",
        f"From {weekday(SOON)}, 00:00 in Europe/London. Until then it changes nothing.",
        f"London planners: 10 to 2 from {day(SOON)}. In use now 3, so it will be 1 over. "
        "No program is closed; no new starts until use falls below 2.",
    ]
    confirm(sales, page)
    assert Licence.objects.get().seats == 10
    row = PlannedSeats.objects.get()
    assert (row.on, row.seats, row.reason) == (SOON, 2, f"{READ} Order SO-1.")
    shown = sales.get(record(licence))
    assert address("plannedseats", "cancel", row) in shown.text
    assert "User limit 2" in text_of(shown)


def test_the_customer_sees_what_is_planned_and_is_told(sales, planners, mailoutbox):
    owner = MembershipFactory(account=planners.account, role=Role.OWNER).user
    do(sales, "licence", "seats", planners.licence, seats="12", on=SOON.isoformat())
    do(sales, "licence", "emergency", planners.licence, added="3", hours="4")
    fan_out.tell()

    page = text_of(signed_in(owner).get(f"/licences/{planners.licence_id}/"))
    assert f"12 seats from {SOON:%a} {SOON.day} {SOON:%b}" in page
    assert "3 emergency seats of these, until" in page
    mail = mailoutbox[-1].body
    assert "planned a user limit of 12 for London planners from" in mail
    assert "changed the user limit of London planners from 10 to 13 until" in mail


def test_a_plan_is_cancelled_and_emergency_seats_are_ended(sales, planners):
    plan = planned_seats.plan(planners.licence, 12, on=SOON, by=TESTER)
    given = emergency_seats.give(planners.licence, 3, hours=4, by=TESTER)

    assert do(sales, "plannedseats", "cancel", plan) == [
        f"London planners: no other user limit from {weekday(SOON)}."
    ]
    assert do(sales, "plannedseats", "end", given) == [
        "London planners: the emergency seats went back, user limit 10."
    ]
    assert not PlannedSeats.objects.open().exists()
    assert told(check(sales, "plannedseats", "cancel", plan))[-1:] == [
        f"London planners: 12 from {weekday(SOON)}: carried out or cancelled already."
    ]


def test_emergency_seats_are_foretold_and_two_at_once_refused(sales, planners):
    page = check(sales, "licence", "emergency", planners.licence, added="3", hours="4")

    assert foretold(page)[0].startswith("London planners: 10 to 13 at once, until ")
    confirm(sales, page)
    page = check(sales, "licence", "emergency", planners.licence, added="1", hours="4")
    assert page.status_code == 422
    assert "London planners has emergency seats already: end those first." in page.text
    page = check(sales, "licence", "seats", planners.licence, seats="+2")
    until = moment(PlannedSeats.objects.get().until, planners.account)
    assert foretold(page) == [
        f"London planners: 10 to 12 and 3 emergency seats on top until {until}. In use now 3, so "
        "12 seats are free then. 2 more people can start at once."
    ]
    assert f"10 ordered, 3 more until {until}, peak" in text_of(sales.get(record(planners.licence)))
    page = check(sales, "licence", "seats", planners.licence, seats="10")
    assert "a user limit of 10 already" in page.text
    assert do(sales, "licence", "seats", planners.licence, seats="13") == [
        f"London planners: user limit 13 and 3 emergency seats on top until {until}, 3 in use."
    ]


def test_more_from_a_day_is_beside_what_is_planned_until_then(sales, planners):
    licence = planners.licence
    emergency_seats.give(licence, 3, hours=4, by=TESTER)
    planned_seats.plan(licence, 33, on=days_from_today(4), by=TESTER)
    planned_seats.plan(licence, 50, on=days_from_today(6), by=TESTER)
    asked = {"seats": "+2", "on": SOON.isoformat()}

    page = check(sales, "licence", "seats", licence, **asked)

    assert "TAKES" not in str(foretold(page))
    change = f"London planners: 33 to 35 from {day(SOON)}. In use now 3, so 32 seats are free"
    assert foretold(page)[1].startswith(change)
    confirm(sales, page)
    assert PlannedSeats.objects.get(on=SOON).seats == 35
    fewer = check(sales, "licence", "seats", licence, seats="30", on=days_from_today(7).isoformat())
    assert foretold(fewer)[0] == "This TAKES 20 seats AWAY from the customer."
    cancelling = check(sales, "plannedseats", "cancel", PlannedSeats.objects.get(on=SOON))
    assert foretold(cancelling)[0] == (
        f"London planners keeps the user limit that it has until {weekday(SOON)}: 33. "
        "The customer is told."
    )
    page = do(sales, "licence", "seats", licence, seats="-1", on=days_from_today(7).isoformat())
    assert page == [f"London planners: 49 seats from {day(days_from_today(7))}, 50 until then."]


def test_what_cannot_be_is_said_in_words(sales, planners):
    asked = [
        ("seats", {"seats": "0"}, "To stop all use, suspend the licence."),
        ("seats", {"seats": "1000000000"}, "between 1 and 100,000 seats"),
        ("seats", {"seats": "ten"}, "“ten” is no number of seats."),
        ("seats", {"seats": "12", "on": "2020-01-01"}, "has begun or passed"),
        ("seats", {"seats": "12", "on": "soon"}, "This is no date"),
        ("emergency", {"added": "-1", "hours": "4"}, "has to be 1 at least"),
        ("emergency", {"added": "ten", "hours": "4"}, "“ten” is no whole number."),
        ("emergency", {"added": "1000000000", "hours": "4"}, "100000 at most"),
        ("emergency", {"added": "3", "hours": "73"}, "72 at most"),
    ]
    for act, values, words in asked:
        page = check(sales, "licence", act, planners.licence, **values)

        assert page.status_code == 422, values
        assert words in str(wrong(page)), values
    assert not PlannedSeats.objects.exists()


def test_the_peak_of_30_days_stands_beside_the_field(sales, planners):
    assert "10 now, peak of 30 days 3." in text_of(sales.get(record(planners.licence)))


def test_an_order_that_did_the_same_before_is_told_and_done_if_it_is_meant(sales, planners):
    order = {"order_reference": "SO-1"}
    do(sales, "licence", "seats", planners.licence, seats="+1", **order)

    page = check(sales, "licence", "seats", planners.licence, seats="+1", **order)

    assert "Order SO-1 was used for this on" in foretold(page)[0]
    assert "Order SO-1" not in str(
        foretold(check(sales, "licence", "term", planners.licence, ends_on="2090-01-01", **order))
    )
    confirm(sales, page)
    assert Licence.objects.get().seats == 12
    assert [one.act for one in OrderReference.objects.all()] == ["seats", "seats"]
    assert AuditEntry.objects.latest("pk").reason == f"{READ} Order SO-1."
