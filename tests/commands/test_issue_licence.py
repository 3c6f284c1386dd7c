from __future__ import annotations

import datetime as dt

import pytest

from licensing import keys
from licensing.management.operator import operator
from licensing.models import Account, AuditEntry, Licence


def test_answers_with_the_key_of_a_new_licence(run):
    answer = run("issue_licence", "--account=Brook & Co", "--seats=10")

    licence = Licence.objects.get()
    assert answer == {
        "account": "Brook & Co",
        "licence": licence.pk,
        "serial_number": answer["serial_number"],
        "product_key": answer["product_key"],
    }
    key = keys.authenticate(answer["serial_number"], answer["product_key"])
    assert (key.licence, licence.seat_rows.count()) == (licence, 10)


def test_issues_what_was_ordered(run):
    run(
        "issue_licence", "--account=Brook & Co", "--model=single-user", "--seats=2",
        "--features=bim, 4D,bim", "--name=London planners", "--starts=2026-01-15",
        "--ends=2027-01-14", "--grace=15m", "--reclaim-after=30d",
    )  # fmt: skip

    licence = Licence.objects.get()
    features = licence.licence_features.values_list("feature__code", flat=True)
    assert {
        "name": licence.name,
        "product": licence.product.code,
        "usage_model": licence.usage_model,
        "seats": licence.seats,
        "features": sorted(features),
        "starts_on": licence.starts_on,
        "ends_on": licence.ends_on,
        "grace_period": licence.grace_period,
        "reclaim_after": licence.reclaim_after,
    } == {
        "name": "London planners",
        "product": "asta-powerproject",
        "usage_model": "single-user",
        "seats": 2,
        "features": ["4d", "bim"],
        "starts_on": dt.date(2026, 1, 15),
        "ends_on": dt.date(2027, 1, 14),
        "grace_period": dt.timedelta(minutes=15),
        "reclaim_after": dt.timedelta(days=30),
    }


@pytest.mark.parametrize(
    ("arguments", "grace", "reclaim_after"),
    [
        ([], dt.timedelta(hours=48), dt.timedelta(hours=48)),
        (["--model=single-user"], dt.timedelta(days=30), None),
        (["--reclaim-after=never"], dt.timedelta(hours=48), None),
        (["--grace=90s"], dt.timedelta(seconds=90), dt.timedelta(hours=48)),
    ],
)
def test_what_is_not_said_is_as_usual(run, arguments, grace, reclaim_after):
    run("issue_licence", "--account=Brook & Co", "--seats=1", *arguments)

    licence = Licence.objects.get()
    assert (licence.grace_period, licence.reclaim_after) == (grace, reclaim_after)


def test_an_account_is_known_by_its_name_in_any_case(run):
    run("issue_licence", "--account=Brook & Co", "--seats=1")

    answer = run("issue_licence", "--account=BROOK & co ", "--seats=1", "--name=Leeds")

    assert answer["account"] == "Brook & Co"
    assert Account.objects.count() == 1


def test_the_record_names_the_operator(run):
    run("issue_licence", "--account=Brook & Co", "--seats=1")

    entries = AuditEntry.objects.order_by("number")
    assert [(entry.actor_kind, entry.actor_name, entry.action) for entry in entries] == [
        ("command", operator().name, "account_created"),
        ("command", operator().name, "licence_issued"),
        ("command", operator().name, "key_issued"),
    ]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--seats=0"], "A licence has between 1 and 100,000 seats, not 0."),
        (["--seats=-3"], "A licence has between 1 and 100,000 seats, not -3."),
        (["--seats=ten"], "argument --seats: 'ten' is not a whole number."),
        ([], "the following arguments are required: --seats"),
        (["--seats=1", "--account= "], "argument --account: it must not be empty."),
        (["--seats=1", "--name=" + 101 * "x"], "it may have 100 characters, not 101."),
        (["--seats=1", "--product=word"], "There is no product 'word'. There is: asta-"),
        (["--seats=1", "--features=bim,xyz"], "Asta Powerproject has no feature xyz. It has: 4d,"),
        (["--seats=1", "--model=lease"], "argument --model: invalid choice: 'lease'"),
        (["--seats=1", "--ends=14/1/2027"], "'14/1/2027' is not a date; write 2027-01-14."),
        (
            ["--seats=1", "--starts=2026-02-01", "--ends=2026-01-31"],
            "The term would end on 2026-01-31, before it starts on 2026-02-01.",
        ),
        (["--seats=1", "--ends=2025-01-31"], "2025-01-31 has passed: choose today or a later day."),
        (["--seats=1", "--ends=9999-12-31"], "9999-12-31 can't be meant: a term lies between 2000"),
        (
            ["--seats=1", "--features=4d:2"],
            "4D can't be for 2 people at once: the licence has 1 seat.",
        ),
        (["--seats=1", "--features=bmi"], "has no feature bmi. Is bim meant? It has: 4d,"),
        (["--seats=1", "--grace=0s"], "'0s' is not a duration between a second and ten years."),
        (["--seats=1", "--grace=2 weeks"], "'2 weeks' is not a duration; write 90s, 15m, 48h"),
        (["--seats=1", "--reclaim-after=no"], "'no' is not a duration; write 90s, 15m, 48h"),
    ],
)
def test_says_what_is_wrong_with_an_order(refusal, arguments, words):
    said = refusal("issue_licence", "--account=Brook & Co", *arguments)

    assert words in said
    assert not Licence.objects.exists()


def test_a_short_policy_is_taken_and_its_meaning_told_beside_the_answer(run, capsys):
    run("issue_licence", "--account=Brook & Co", "--seats=1", "--grace=2m", "--reclaim-after=2m")

    assert capsys.readouterr().err == (
        "Programs refresh every 40 s instead of every 5 min. A PC that sleeps or loses its network "
        "for 2 min loses its seat. A program without a connection for 2 min stays open, but needs "
        "one to open again.\n"
    )
    assert Licence.objects.get().refresh_after == dt.timedelta(seconds=40)


def test_nothing_is_told_beside_the_answer_otherwise(run, capsys):
    run("issue_licence", "--account=Brook & Co", "--seats=1")

    assert capsys.readouterr().err == ""
