"""Inviting account holders, and importing an ALM list: shown first, then all or nothing."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from licensing.models import AuditEntry, Import, Licence, ProductKey
from portal.models import Invitation
from support.acts.alm import AlmForm
from support.acts.hand_over import NOBODY
from tests.factories import AccountFactory, MembershipFactory, ago
from tests.kept import kept
from tests.support.acting import READ, check, confirm, do, foretold, told, wrong

GOOD = b"""server,product,licences,features,split
lon-alm,asta-powerproject,10,bim,London 6; Leeds 4
york-alm,asta-powerproject,3,,
"""


@kept
def account():
    return AccountFactory(name="Brook & Co")


def upload(client, account, content: bytes, **more):
    file = SimpleUploadedFile("alm.csv", content, "text/csv")
    return check(client, "account", "import-alm", account, file=file, **more)


def test_an_account_holder_is_invited(sales, account, mailoutbox):
    page = check(sales, "account", "invite", account, email="Tom@Example.com", role="owner")
    answer = confirm(sales, page)

    assert foretold(page) == [
        "tom@example.com gets a mail with a link, good for 7 days, and becomes owner of "
        "Brook & Co by accepting.",
        "Brook & Co has no owner now.",
    ]
    assert told(answer) == ["Invited tom@example.com to Brook & Co, as owner."]
    assert [mail.to for mail in mailoutbox] == [["tom@example.com"]]
    assert AuditEntry.objects.get(action="person_invited").reason == READ


def test_an_invitation_that_ended_is_told_as_such(sales, account):
    confirm(sales, check(sales, "account", "invite", account, email="t@example.com", role="owner"))
    people = f"/support/accounts/{account.pk}/people/"
    good = sales.get(people).text
    Invitation.objects.update(ends_at=ago(days=1))

    over = sales.get(people).text
    assert ["Good until" in good, "Good until" in over] == [True, False]


def test_who_is_there_already_is_not_invited(sales, account):
    member = MembershipFactory(account=account)

    page = check(sales, "account", "invite", account, email=member.user.email, role="viewer")

    assert wrong(page) == {"email": [f"{member.user.email} is in Brook & Co already, as Owner."]}
    assert not Invitation.objects.exists()


def test_a_list_is_shown_before_it_is_imported(sales, account):
    page = upload(sales, account, GOOD)

    assert foretold(page) == [
        "3 licences with 13 seats in all would be issued to Brook & Co, which has no licence now:",
        "London: 6 seats of Asta Powerproject, BIM",
        "Leeds: 4 seats of Asta Powerproject, BIM",
        "york-alm: 3 seats of Asta Powerproject, no features",
        NOBODY,
        "A seat is taken when the program opens, not when a project opens, so peaks may rise.",
    ]
    assert not Licence.objects.exists()


def test_confirming_issues_all_of_it_once(sales, account):
    page = upload(sales, account, GOOD)
    answer = confirm(sales, page)
    again = confirm(sales, page)

    assert told(answer)[0] == f"Issued 3 licences to Brook & Co. {NOBODY}"
    assert told(again)[-1].startswith("Brook & Co was changed by somebody else")
    assert sorted(Licence.objects.values_list("name", "seats")) == [
        ("Leeds", 4),
        ("London", 6),
        ("york-alm", 3),
    ]
    assert ProductKey.objects.count() == 3


def test_every_bad_row_is_named_and_nothing_is_made(sales, account):
    broken = GOOD + b"x,nonesuch,1,,\ny,asta-powerproject,many,,\nz,asta-powerproject,5,,London 6\n"

    page = upload(sales, account, broken)

    heading, *rows = wrong(page)["__all__"]
    assert page.status_code == 422
    assert heading.startswith("Nothing was made: 3 rows are not right.")
    assert [row.split(":")[0] for row in rows] == ["Row 4", "Row 5", "Row 6"]
    assert page.context["lines"][0] == "Right: London: 6 seats of Asta Powerproject, BIM"
    assert "confirmed" not in page.text
    assert not Licence.objects.exists()


NO_LISTS = [
    (GOOD.replace(b"London", "Köln".encode("latin-1")), "The file is not UTF-8."),
    ("server,product".encode("utf-16"), "The file is not UTF-8."),
    (b"PK\x03\x04\0\0", "The file is not a CSV text file."),
    (GOOD + b"x,asta-\0powerproject,1,,\n", "Line 4 of the file holds a NUL"),
    (b"", "The file is empty."),
    (b"a,b\n1,2\n", "The first row must name the columns"),
    (b"server,product,licences\n", "The list has no rows below its heading."),
    (GOOD + b'"' + b"x" * 140_000, "The file is broken"),
    (GOOD + b"x,asta-powerproject," + b"9" * 5000 + b",,\n", "Nothing was made: 1 row is"),
    (b"x" * (AlmForm.most_bytes + 1), "The file is larger than 2,048 KB"),
]


def test_what_is_no_list_is_refused_in_words(sales, account):
    for content, words in NO_LISTS:
        page = upload(sales, account, content)

        assert page.status_code == 422, words
        assert words in page.text
    assert not Licence.objects.exists()


def test_a_list_is_not_forgotten(sales, account):
    assert wrong(check(sales, "account", "import-alm", account)) == {
        "file": ["Choose the customer's list."]
    }
    assert do_lost(sales, account) == {
        "__all__": ["The list was lost on the way: choose it again."]
    }


def test_a_list_that_is_refused_is_kept_with_what_is_wrong(sales, account):
    refused = upload(sales, account, GOOD + b"x,nonesuch,1,,\n")
    kept = dict(re.findall(r'name="(carried_list)" value="([^"]+)"', refused.text))

    again = check(sales, "account", "import-alm", account, **kept)

    assert kept
    assert "The file that was chosen is kept" in refused.text
    assert wrong(again) == wrong(refused)
    assert upload(sales, account, GOOD, **kept).status_code == 200


@pytest.mark.slow
def test_of_10_000_rows_each_that_is_broken_is_told_and_all_are_made_once(sales, account):
    rows = [f"S{n},asta-powerproject,1,,\n".encode() for n in range(10_000)]
    heading = b"server,product,licences,features,split\n"
    broken = [b"S,excel,1,,\n" if n % 2 else row for n, row in enumerate(rows)]

    told_bad = wrong(upload(sales, account, heading + b"".join(broken)))["__all__"]
    page = upload(sales, account, heading + b"".join(rows[:3000]))
    answers = [confirm(sales, page), confirm(sales, page)]

    assert told_bad[0].startswith("Nothing was made: 5,000 rows are not right.")
    assert told_bad[-1] == "… and 4,000 more rows that are not right."
    assert "… and 2,000 more licences." in foretold(page)
    assert "in the background" in " ".join(foretold(page))
    assert told(answers[0])[0].startswith("3,000 rows of Brook & Co will be imported")
    assert Import.objects.get().rows.waiting().count() == 3000


def do_lost(client, account):
    return wrong(check(client, "account", "import-alm", account, carried_list="%%%"))


def test_a_second_invitation_says_that_the_first_ends(sales, account):
    do(sales, "account", "invite", account, email="tom@example.com", role="owner")

    page = check(sales, "account", "invite", account, email="tom@example.com", role="viewer")

    assert "They were invited before; that link stops working." in foretold(page)


LEASE = {"product": "asta-powerproject", "name": "Old lease", "seats": "2"}


def test_a_lease_licence_is_taken_over(sales, account):
    page = check(sales, "account", "take-over-lease", account, **LEASE, features="BIM, 4d:1")
    answer = confirm(sales, page)

    assert foretold(page)[0] == (
        "Old lease becomes a lease licence of Brook & Co: 2 seats, BIM, 4D for 1 person at once, "
        "without end."
    )
    lease = Licence.objects.get()
    assert told(answer) == [
        f"Old lease is a lease licence of Brook & Co, serial number {lease.keys.get()}. {NOBODY}"
    ]
    assert (lease.account, lease.usage_model, lease.seats) == (account, "lease", 2)
    assert AuditEntry.objects.get(action="licence_issued").reason == READ


def test_a_lease_licence_with_an_unknown_feature_is_not(sales, account):
    page = check(sales, "account", "take-over-lease", account, **LEASE, features="bmi")

    assert wrong(page)["features"][0].startswith("Asta Powerproject has no feature bmi. Is bim")
    assert not Licence.objects.exists()
