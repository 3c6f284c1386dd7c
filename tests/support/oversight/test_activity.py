"""Staff activity: who sees it, what it lists, what is unusual, and the week that is signed."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from licensing import alm, audit
from licensing.errors import InvalidOperation
from licensing.models import Product
from portal.desk import requests
from portal.models import CustomerRequest, RequestKind, Visit
from support.models import ActivityReview
from support.oversight import reviews, unusual
from support.oversight.activity import StaffActivity
from tests.factories import AccountFactory, MembershipFactory, UserFactory
from tests.people import signed_in
from tests.support.acting import do
from tests.support.vendor import staff

LAST_WEEK = reviews.this_monday() - reviews.WEEK


def at(clock, *, days=1):
    """A time of day last week in the vendor's zone."""
    day = LAST_WEEK + dt.timedelta(days=days)
    return dt.datetime.combine(day, dt.time.fromisoformat(clock), unusual.ZONE)


@pytest.fixture
def does(db, monkeypatch):
    """Lets somebody of the staff do something for an account then, or view it."""

    end_of_chain = audit.end_of_chain

    def do(person, account, when, *, view=None):
        monkeypatch.setattr(audit, "end_of_chain", lambda of: (*end_of_chain(of)[:2], when))
        action = "state_changed" if view is None else "support_view_began"
        entry = audit.record(account, action, by=person.as_actor, reason="They asked for it.")
        if view is not None:
            ends_at = when + dt.timedelta(days=30)
            Visit.objects.create(
                account=account, person=person, entry=entry, ticket=view, ends_at=ends_at
            )
        return entry

    return do


def marked(**asked):
    """What the list shows of last week: the account's name, and what it is marked with."""
    query = QueryDict(mutable=True)
    query.update({"days": "30"} | asked)
    return [
        (line.entry.account.name, *(flag.label for flag in line.flags))
        for line in StaffActivity(query).page
    ]


def test_is_unusual_by_the_rules_that_it_tells(does):
    anna, ben = staff(name="Anna"), staff(name="Ben")
    many = [AccountFactory(name=f"A{number:02}") for number in range(21)]
    for minute, account in enumerate(many):
        does(anna, account, at(f"10:{minute:02}"))
    does(ben, many[0], at("10:30"))
    for clock in ("05:59", "06:00", "21:59", "22:00"):
        does(ben, AccountFactory(name=clock), at(clock, days=2))
    for name, ticket in (("Asked", ""), ("Ticket", "4821"), ("Nobody", "")):
        account = AccountFactory(name=name)
        if name == "Asked":
            requests.make(account, RequestKind.HELP, "Look, please.", by=UserFactory())
            CustomerRequest.objects.update(asked_at=at("09:00", days=3))
        does(ben, account, at("10:00", days=3), view=ticket)

    assert marked(unusual="1") == [
        ("Nobody", "Nobody asked"),
        ("22:00", "Unusual hour"),
        ("05:59", "Unusual hour"),
        ("A20", "Many accounts"),
    ]
    assert len(marked()) == 29


def test_is_narrowed_to_a_person_an_account_a_kind_and_days(does):
    anna, ben = staff(name="Anna"), staff(name="Ben")
    brook, hill = AccountFactory(name="Brook & Co"), AccountFactory(name="Hill & Dale")
    does(anna, brook, at("10:00"))
    does(ben, hill, at("11:00"), view="4821")
    does(anna, hill, at("12:00") - dt.timedelta(days=60))

    assert marked(who="ann") == marked(kind="changes") == [("Brook & Co",)]
    assert marked(account="dale") == marked(kind="views") == [("Hill & Dale",)]
    assert len(marked(kind="licence")) == 0
    assert len(marked(kind="account", days="90")) == 3
    assert len(marked(kind="nonsense", who="")) == 2


def test_is_for_supervisors_and_auditors(does):
    does(staff(name="Anna Kowalski"), AccountFactory(name="Brook & Co"), at("10:00"))
    people = [staff("Supervisor"), staff("Auditor"), staff("Support"), MembershipFactory().user]
    browsers = [*map(signed_in, people), Client()]
    sign = f"/support/activity/{LAST_WEEK}/sign/"

    pages = [browser.get("/support/activity/?days=30") for browser in browsers]
    assert [page.status_code for page in pages] == [200, 200, 403, 404, 302]
    assert [sign in page.text for page in pages[:2]] == [True, False]
    assert all("They asked for it." in page.text for page in pages[:2])
    signing = [browser.post(sign, {"reason": "All is well"}) for browser in browsers[1:4]]
    assert [answer.status_code for answer in signing] == [403, 403, 404]
    assert not ActivityReview.objects.exists()


def test_a_week_is_signed_once_by_another_supervisor_and_stays(does):
    sue, sam = staff("Supervisor", name="Sue"), staff("Supervisor", name="Sam")
    does(sue, AccountFactory(), at("23:00"))
    sign = f"/support/activity/{LAST_WEEK}/sign/"

    own = signed_in(sue).post(sign, {"reason": "All is well"})
    early = signed_in(sam).get(f"/support/activity/{reviews.this_monday()}/sign/")
    done = signed_in(sam).post(sign, {"reason": "Asked Sue about the late one"})

    assert (own.status_code, "another supervisor has to sign it" in own.text) == (422, True)
    assert '<dd class="anywhere">All is well</dd>' in own.text  # to be read, and copied
    assert "is not over yet" in early.text
    assert done.status_code == 302
    with pytest.raises(InvalidOperation, match="Sam has signed"):
        reviews.sign(LAST_WEEK, by=staff().as_actor, note="Again")
    for change in (
        ActivityReview.objects.all().delete,
        lambda: ActivityReview.objects.update(note=""),
    ):
        with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
            change()
    page = signed_in(sam).get("/support/activity/").text
    assert "Asked Sue about the late one" in page
    assert "1 act or view" in page


@pytest.mark.parametrize("week", ["yesterday", "2026-11-24", "0001-01-01"])
def test_what_is_no_week_is_not_found(db, week):
    assert signed_in(staff("Supervisor")).get(f"/support/activity/{week}/sign/").status_code == 404


def test_what_belongs_to_no_account_stands_beside(db):
    ben = staff("Sales", name="Ben Carter")
    browser = signed_in(ben)
    product = Product.objects.get(code="asta-powerproject")
    do(browser, "product", "rename", product, name="Powerproject")
    page = signed_in(staff("Auditor"))

    told = "Asta Powerproject is called Powerproject now."
    assert told in page.get("/support/activity/").text
    assert told in page.get("/support/activity/?who=carter").text
    assert told not in page.get("/support/activity/?who=anna").text
    assert told not in page.get("/support/activity/?account=brook").text


def test_opens_whatever_the_week_held(does, django_assert_max_num_queries):
    """20,000 acts, all in one minute: none is read by itself, and a page has some of them."""
    anna = staff(name="Anna")
    does(anna, AccountFactory(name="Brook & Co"), at("10:00"))
    with connection.cursor() as cursor:
        cursor.execute(MANY_MORE)
    sam = signed_in(staff("Supervisor", name="Sam"))
    sam.get("/support/activity/?days=1")

    with django_assert_max_num_queries(32), CaptureQueriesContext(connection) as asked:
        page = sam.get("/support/activity/?days=30")

    assert "20,001 acts and views by 1 person for 1 account" in " ".join(page.text.split())
    assert len(page.context["list"].page) == 50
    of_record = [one["sql"] for one in asked if 'FROM "licensing_auditentry"' in one["sql"]]
    assert all("COUNT(" in sql or "LIMIT" in sql for sql in of_record)
    unusual_ones = [sql for sql in of_record if "COUNT(DISTINCT" in sql and "(SELECT" in sql]
    assert not [sql for sql in unusual_ones if sql.count('licensing_auditentry" U') > 0]


MANY_MORE = """
    INSERT INTO licensing_auditentry (
        account_id, number, at, actor_kind, actor_id, actor_name, action, object_kind, object_id,
        object_name, reason, details, user_agent, request_id, digest
    )
    SELECT account_id, number + n, at + n * interval '3 ms', actor_kind, actor_id, actor_name,
        action, object_kind, object_id, object_name, reason, details, user_agent, request_id, digest
    FROM licensing_auditentry, generate_series(1, 20000) n WHERE actor_kind = 'support'
"""


def test_an_import_is_one_act(db):
    ben = staff(name="Ben")
    alm.carry_out(
        alm.plan("Brook & Co", b"server,product,licences\nA,asta-powerproject,1\n"),
        by=ben.as_actor,
        reason="The move",
    )

    [line, *others] = StaffActivity(QueryDict("days=1")).page

    assert line.entry.action == "import_began"
    assert [one.entry.action for one in others] == ["account_created"]
