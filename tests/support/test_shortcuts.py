"""The way from a call to its act is short: one box, acts beside each row, reasons to choose."""

from __future__ import annotations

import pytest

from licensing import keys
from licensing.models import AuditEntry, Licence, ProductKey
from portal.desk import requests
from portal.models import RequestKind, Role
from portal.people import invitations
from portal.views.desk.requests import RequestForm
from portal.views.licences.notes import NotesForm
from portal.views.people.inviting import InviteForm
from support.acts.hand_over import NOBODY
from support.acts.requests import AnswerForm
from support.acts.seats import FEWER, MORE
from tests.factories import TESTER, AccountFactory, MembershipFactory, UserFactory, make_session
from tests.support.acting import REASON, address, check, confirm, foretold, record, wrong

ON_HOLIDAY = "On holiday, with the program open."
WHOLE_KEY = "That is a whole product key. Its last four characters are enough."


def test_one_box_looks_into_each_table_of_the_desk(support, planners):
    page = support.get("/support/").text

    for table in ("clientsession", "licence", "productkey", "account", "device", "membership"):
        assert f'name="table" value="{table}">' in page


def test_the_first_page_begins_what_needs_no_record_and_says_what_waits(sales, support, planners):
    requests.make(planners.account, RequestKind.HELP, "Please call.", by=UserFactory())

    assert "/support/acts/account/open/" in sales.get("/support/").text
    assert "/support/acts/account/open/" not in support.get("/support/").text
    assert "1 request waits for an answer" in support.get("/support/").text


def test_acts_stand_beside_each_row_for_those_who_may(sales, support, planners):
    session = make_session(planners)
    release = address("clientsession", "release", session)

    assert release in support.get("/admin/licensing/clientsession/").text
    assert release not in sales.get("/admin/licensing/clientsession/").text
    in_use = f"/admin/licensing/clientsession/?licence__id__exact={planners.licence_id}"
    assert in_use in sales.get("/admin/licensing/licence/").text


@pytest.mark.parametrize(
    ("said", "read", "kept"),
    [
        ({"usual": ON_HOLIDAY}, f"Person away. {ON_HOLIDAY}", ""),
        ({"usual": ON_HOLIDAY, "reason": "OPS-1"}, f"Person away. {ON_HOLIDAY}", "OPS-1"),
        ({"why": "Routine", "reason": REASON}, "Routine.", REASON),
    ],
)
def test_a_reason_is_chosen_or_written_or_both(support, planners, said, read, kept):
    session = make_session(planners)

    confirm_with(support, address("clientsession", "release", session), said)

    entry = AuditEntry.objects.get(action="session_released")
    assert (entry.reason, entry.staff_words) == (read, kept)


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"reason": REASON},
        {"why": "Routine"},
        {"why": "Routine", "reason": "OPS-1"},
        {"why": "Because", "reason": REASON},
        {"usual": "Because"},
    ],
)
def test_without_one_nothing_is_done(support, planners, said):
    session = make_session(planners)

    confirm_with(support, address("clientsession", "release", session), said)

    assert not AuditEntry.objects.filter(action="session_released").exists()


def confirm_with(client, where, said):
    page = client.get(where)
    client.post(where, said | {"confirmed": page.context["confirmed"]})


def test_one_lands_on_what_was_made(support, sales, planners, lease):
    page = check(support, "productkey", "reissue", planners, overlap="24")
    key = confirm(support, page).headers["Location"]
    new = ProductKey.objects.get(supersedes=planners)
    single = confirm(support, support.get(address("licence", "reactivate", lease)))

    assert key == record(new)
    shown = support.get(key).text
    assert f"replaces {planners}. Superseded, not revoked" in shown
    assert "No machine used the old key in 30 days." not in shown
    made = Licence.objects.get(replaces=lease)
    assert single.headers["Location"] == record(made)


def test_an_account_says_who_reads_its_keys(support):
    account = AccountFactory()
    page = f"/support/accounts/{account.pk}/"

    assert NOBODY in support.get(page).text
    invitations.invite(account, "ann@hill.example", Role.OWNER, by=TESTER)
    assert "ann@hill.example can read the product key" in support.get(page).text
    MembershipFactory(account=account, user__name="Ann Lee")
    assert "Ann Lee, in the portal." in support.get(page).text


def test_who_is_elsewhere_already_is_told_before_they_are_invited(sales):
    account = AccountFactory()
    there = MembershipFactory(account__name="Hill & Dale", user__name="Ann Lee").user

    page = check(sales, "account", "invite", account, email=there.email, role="owner")

    told = "Ann Lee has other accounts already: owner of Hill & Dale. Is it them?"
    assert foretold(page)[1] == told


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("-1", "This TAKES 1 seat AWAY from the customer."),
        ("\u22121", "This TAKES 1 seat AWAY from the customer."),
        ("1,000", "London planners: 10 to 1,000. In use now 3, so 997 seats are free"),
        ("+ 1 000", "London planners: 10 to 1,010. In use now 3, so 1,007 seats are free"),
    ],
)
def test_seats_are_understood_as_people_write_them(sales, planners, typed, words):
    page = check(sales, "licence", "seats", planners.licence, seats=typed)

    assert foretold(page)[0].startswith(words)


def test_what_is_no_number_is_told_in_its_words(sales, planners):
    page = check(sales, "licence", "seats", planners.licence, seats="a few")

    assert wrong(page)["seats"][0].startswith("“a few” is no number of seats.")
    assert 'value="a few"' in page.text
    page = check(sales, "licence", "seats", planners.licence, seats="1000000000")
    assert wrong(page)["seats"] == ["A licence has between 1 and 100,000 seats."]


@pytest.mark.parametrize(("typed", "fits"), [("+2", MORE), ("9", FEWER)], ids=["more", "fewer"])
def test_the_reasons_to_choose_fit_the_direction(sales, planners, typed, fits):
    page = check(sales, "licence", "seats", planners.licence, seats=typed)

    assert page.context["form"].reasons == fits


def test_fewer_seats_than_were_asked_for_are_told(sales, planners):
    wish = requests.make(
        planners.account, RequestKind.SEATS, "Two more.", by=UserFactory(),
        licence=planners.licence, seats=12,
    )  # fmt: skip

    asked = {"seats": "-1", "answer": "You have one fewer."}
    page = check(sales, "customerrequest", "grant", wish, **asked)

    assert foretold(page)[:2] == [
        "They asked for 12 seats, not 9.",
        "This TAKES 1 seat AWAY from the customer.",
    ]


def test_a_whole_product_key_is_kept_in_no_reason_and_no_message(sales, planners):
    key = keys.generate(keys.KEY_LENGTH, keys.KEY_GROUP)
    seats = check(sales, "licence", "seats", planners.licence, seats=12)

    refused = wrong(confirm(sales, seats, reason=f"They read out {key.lower()} to me."))

    assert refused["reason"] == [WHOLE_KEY]
    assert Licence.objects.get().seats == 10
    said = {"kind": RequestKind.HELP, "text": f"Mine is {key}", "answer": key, "message": key}
    for form in (
        RequestForm(planners.account, said),
        AnswerForm(said, record=None),
        InviteForm(planners.account, said),
        NotesForm(said),
    ):
        assert WHOLE_KEY in [words for errors in form.errors.values() for words in errors]
