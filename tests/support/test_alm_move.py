"""The page of a move from ALM, and the act that dates the end of the old codes."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile

from licensing import alm, alm_moves, keys
from licensing.models import Account, AuditEntry
from portal.models import Role
from support.acts.alm import lines_of
from tests.factories import TESTER, AccountFactory, MembershipFactory, days_from_today, make_session
from tests.kept import kept
from tests.people import signed_in
from tests.support.acting import address, check, confirm, do, foretold, text_of, told, wrong

LIST = (
    b"server,product,licences,split,peak\n"
    b"lon-alm,asta-powerproject,10,London 6; Leeds 4,9\n"
    b"york-alm,asta-powerproject,3,,\n"
)


@kept
def account():
    """One whose list was taken in: a key of three has been read, programs run with one."""
    owner = MembershipFactory(account=AccountFactory(name="Brook & Co"), role=Role.OWNER)
    made = alm.carry_out(alm.plan("Brook & Co", LIST), by=TESTER, reason="ALM move")
    keys.reveal(made[0][0], by=owner.user.as_actor)
    make_session(made[0][0])
    return owner.account


def page_of(account):
    return f"/support/accounts/{account.pk}/alm/"


def test_before_anything_came_there_is_the_list_to_take_in(sales):
    account = AccountFactory(name="Brook & Co")
    page = sales.get(page_of(account))

    assert "Nothing has come from ALM yet." in text_of(page)
    assert address("account", "import-alm", account) in page.text
    assert "Date the end" not in page.text
    assert page_of(account) in sales.get(f"/support/accounts/{account.pk}/").text


def test_each_step_leads_back_to_the_move(sales):
    account = AccountFactory(name="Brook & Co")
    for act, asked in (
        ("import-alm", {"file": SimpleUploadedFile("alm.csv", LIST)}),
        ("date-alm-end", {"on": days_from_today(30).isoformat()}),
        ("take-alm-end-back", {}),
    ):
        answer = confirm(sales, check(sales, "account", act, account, **asked))
        assert answer.headers["Location"] == page_of(account), act


def test_the_page_tells_how_far_each_licence_is(sales, account):
    page = sales.get(page_of(account))

    said = text_of(page)
    assert "3 licences with 13 seats came from ALM so far." in said
    assert "Keys read: 1 of 3." in said
    assert "programs have started: 1 of 3." in said
    assert "No machine that has tried needs a later version." in said
    assert [
        (row.licence.name, row.was.seats, row.was.peak, bool(row.read_at), row.started.machines)
        for row in page.context["rows"]
    ] == [
        ("London", 10, 9, True, 1),
        ("Leeds", 10, 9, False, 0),
        ("york-alm", 3, None, False, 0),
    ]


def test_many_licences_are_told_a_page_at_a_time(sales, django_assert_max_num_queries):
    """What all of them come to is told on each page."""
    rows = b"".join(b"server-%d,asta-powerproject,2\n" % n for n in range(60))
    [(key, _), *_] = alm.carry_out(
        alm.plan("Hill & Dale", b"server,product,licences\n" + rows), by=TESTER, reason=""
    )
    where = page_of(key.account)
    sales.get(where)

    with django_assert_max_num_queries(20):
        first = sales.get(where)
    after = first.context["rows"].after
    second = sales.get(where, query_params={"after": after})

    assert [len(page.context["rows"]) for page in (first, second)] == [50, 10]
    for page in (first, second):
        assert "60 licences with 120 seats came from ALM so far." in text_of(page)
        assert "Keys read: 0 of 60." in text_of(page)


def test_a_key_that_was_handed_over_is_told(support, sales, account):
    leeds = alm_moves.licences_of(account).get(name="Leeds").keys.get()
    do(support, "productkey", "hand-over", leeds)

    rows = sales.get(page_of(account)).context["rows"]

    assert [row.licence.name for row in rows if row.handed_over_at] == ["Leeds"]


def test_the_peak_stands_beside_the_seats_that_are_proposed(db):
    planned = alm.plan("Brook & Co", LIST)
    lines = lines_of(planned)

    peak = "; peak by ALM's log: 9 of the 10 of lon-alm"
    assert lines == [
        f"London: 6 seats of Asta Powerproject, no features{peak}",
        f"Leeds: 4 seats of Asta Powerproject, no features{peak}",
        "york-alm: 3 seats of Asta Powerproject, no features",
    ]


def test_sales_date_the_end_and_the_customer_reads_it(sales, account):
    day = days_from_today(30)
    page = check(sales, "account", "date-alm-end", account, on=day.isoformat())
    answer = confirm(sales, page)

    lines = foretold(page)
    assert lines[0].startswith("Owners and managers are told by mail, and on Home")
    assert "No program has started yet with 2 licences of the move." in lines
    assert lines[-1].startswith("Nothing of ours stops by it")
    assert told(answer)[0].startswith("The ALM codes of Brook & Co stop after")
    assert f"The old codes stop after {day.day} {day:%b}" in text_of(
        sales.get(f"/support/accounts/{account.pk}/")
    )
    home = signed_in(account.memberships.get().user).get("/")
    assert "The codes of your own licence manager (ALM) stop after" in home.text
    assert "Nothing of your cloud licences stops." in home.text


def test_the_end_is_moved_and_taken_back(sales, account):
    alm_moves.date_end(account, on=days_from_today(30), by=TESTER)
    do(sales, "account", "date-alm-end", account, on=days_from_today(60).isoformat())
    assert Account.objects.get(pk=account.pk).alm_codes_end_on == days_from_today(60)

    words = do(sales, "account", "take-alm-end-back", account)

    assert words == ["No end of the ALM codes of Brook & Co is dated any more."]
    assert AuditEntry.objects.filter(action="alm_end_taken_back").count() == 1
    assert sales.get(address("account", "take-alm-end-back", account)).status_code == 409


def test_a_second_press_dates_it_once(sales, account):
    page = check(sales, "account", "date-alm-end", account, on=days_from_today(30).isoformat())
    confirm(sales, page)
    confirm(sales, page)

    assert AuditEntry.objects.filter(action="alm_end_dated").count() == 1


def test_a_day_that_has_passed_is_refused_at_its_field(sales, account):
    page = check(sales, "account", "date-alm-end", account, on=days_from_today(-1).isoformat())

    assert list(wrong(page)) == ["on"]


def test_home_says_nothing_of_an_end_long_past_and_nothing_to_viewers(account):
    viewer = MembershipFactory(account=account, role=Role.VIEWER)
    words = "The codes of your own licence manager"
    Account.objects.update(alm_codes_end_on=days_from_today(1))
    assert words not in signed_in(viewer.user).get("/").text
    Account.objects.update(alm_codes_end_on=days_from_today(-8))
    owner = account.memberships.get(role=Role.OWNER)
    assert words not in signed_in(owner.user).get("/").text
