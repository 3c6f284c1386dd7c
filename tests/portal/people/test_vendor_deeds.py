"""What the vendor did to an account is told to those who look after it, once."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db.models import F

from licensing import alm, audit, keys, licences, sessions
from licensing.audit import Actor
from licensing.licences import Order
from licensing.models import OutboxEvent
from portal.models import Delivery, Role
from portal.people import leavers, vendor_deeds
from portal.people.leavers import Leaver
from portal.telling import fan_out
from portal.words.times import moment_in_full
from tests.factories import AccountFactory, MembershipFactory, make_client, make_pool, make_session
from tests.people import signed_in

ANNA = Actor("support", "7", "Anna Kowalski <anna@vendor.example>")
OPERATOR = Actor("command", "", "root")


@pytest.fixture
def account(db):
    return AccountFactory(name="Brook & Co")


@pytest.fixture
def pool(account):
    key = make_pool(10, name="London planners", account=account)
    OutboxEvent.objects.update(delivered_at=F("created_at"))
    return key


@pytest.fixture
def people(account):
    """An owner, a manager and a viewer."""
    return [
        MembershipFactory(account=account, role=role, user__email=f"{role}@brook.example").user
        for role in (Role.OWNER, Role.MANAGER, Role.VIEWER)
    ]


def tell() -> int:
    """Hand over what happened; return how many mails were written."""
    return fan_out.tell()["vendor_deeds"]


def receivers() -> list[str]:
    return sorted(Delivery.objects.filter(kind="vendor_deeds").values_list("receiver", flat=True))


def test_owners_and_managers_are_mailed_once(pool, people, mailoutbox):
    licences.set_seats(pool.licence, 12, by=ANNA, reason="Order 4711")

    tell()
    told = mailoutbox[0]

    assert receivers() == ["manager@brook.example", "owner@brook.example"]
    assert told.subject == (
        "Support (Anna Kowalski) changed the user limit of London planners from 10 to 12"
    )
    assert "Reason: Order 4711" in told.body
    assert f"/licences/{pool.licence_id}/" in told.body
    assert tell() == 0


def test_several_acts_of_one_person_are_one_mail(pool, people, mailoutbox):
    for _ in range(3):
        sessions.release(make_session(pool), by=ANNA, reason="On holiday")

    tell()
    told = mailoutbox[0]

    assert told.subject == "We changed 3 things in Brook & Co"
    assert told.body.count("Support (Anna Kowalski) released") == 3
    assert len(receivers()) == 2


def test_no_mail_tells_a_product_key(pool, people, mailoutbox):
    new, plain = keys.reissue(pool, by=OPERATOR, reason="Leaked")

    tell()
    told = mailoutbox[0]

    assert told.subject.startswith("Operations (root) reissued a product key")
    assert f"/keys/{new.pk}/" in told.body
    assert plain not in told.body + told.alternatives[0][0]


def test_the_mail_of_a_new_key_says_how_long_the_old_one_works(pool, people, mailoutbox):
    make_session(pool)
    keys.reissue(pool, by=ANNA, reason="They moved", overlap=dt.timedelta(days=7))

    tell()

    pool.refresh_from_db()
    until = moment_in_full(pool.superseded_at, now=pool.superseded_at)
    words = f"The old key works too, until {until}. 1 machine needs the new one."
    assert words in " ".join(mailoutbox[0].body.split())


def test_one_act_of_several_entries_is_told_by_its_name(account, people, mailoutbox):
    order = Order(account_name=account.name, name="Old lease", seats=1)
    lease, _ = licences.take_over_lease(order, by=OPERATOR)
    tell()
    with audit.asked_from(audit.Origin(request_id="1")):
        licences.reactivate_lease(lease.licence, by=ANNA, reason="Another PC")
    tell()

    assert mailoutbox[-1].subject == (
        "Support (Anna Kowalski) replaced the lease licence Old lease (lease) by the single-user "
        "licence Old lease: its new product key has to be entered"
    )
    assert "closed Old lease (lease): Old lease takes its place." in mailoutbox[-1].body
    assert "entered the lease licence Old lease with" in mailoutbox[0].body + mailoutbox[0].subject


def test_the_mail_of_a_leaver_says_who_left(account, pool, people, mailoutbox):
    make_session(pool, make_client(username="BROOK\\jsmith"))
    leaver = Leaver(account, "BROOK\\jsmith")
    with audit.asked_from(audit.Origin(request_id="1")):
        leavers.remove(leaver, leaver.parts(), by=ANNA, reason="They left the company.")

    tell()

    assert mailoutbox[0].subject == (
        "Support (Anna Kowalski) took everything from BROOK\\jsmith, who left"
    )


def test_what_the_customer_did_or_is_the_vendors_own_is_no_news(pool, people):
    by = people[0].as_actor
    licences.rename(pool.licence, "Planners", by=ANNA)
    keys.reissue(pool, by=by)

    assert tell() == 0
    assert not OutboxEvent.objects.pending().exists()


def test_what_is_too_old_is_not_mailed_any_more(pool, people, monkeypatch):
    licences.set_seats(pool.licence, 12, by=ANNA)
    monkeypatch.setattr(vendor_deeds, "TOO_LATE_AFTER", dt.timedelta())

    assert tell() == 0
    assert not OutboxEvent.objects.pending().exists()


def test_home_tells_those_who_look_after_the_account(pool, people):
    make_session(pool)
    keys.reissue(pool, by=ANNA, reason="Leaked")

    shown = [signed_in(person).get("/").text for person in people]

    words = f"reissued a product key: serial number {pool.superseded_by} replaces {pool}."
    words += " The old key no longer starts the program. 1 machine needs the new one."
    assert [words in page for page in shown] == [True, True, False]


def test_home_counts_what_it_does_not_tell(pool, people):
    for seats in range(11, 16):
        licences.set_seats(pool.licence, seats, by=ANNA, reason="Order 4711")

    page = signed_in(people[0]).get("/").text

    assert page.count("changed the user limit of London planners") >= 3  # what changed has them too
    assert "Support changed 2 more things in the last 7 days." in page
    assert 'href="/audit/?staff=1"' in page


def test_an_import_is_one_thing_to_tell(account, people, mailoutbox):
    OutboxEvent.objects.update(delivered_at=F("created_at"))
    rows = b"".join(b"S%d,asta-powerproject,2\n" % n for n in range(30))
    alm.carry_out(
        alm.plan(account.name, b"server,product,licences\n" + rows), by=ANNA, reason="The move"
    )

    assert tell() == 2
    assert [mail.subject for mail in mailoutbox] == [
        "Support (Anna Kowalski) began to import an ALM list: licences 30, seats 60"
    ] * 2
    [entry] = vendor_deeds.lately(account)
    assert entry.action == "import_began"
