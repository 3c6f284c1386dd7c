from __future__ import annotations

import datetime as dt

from licensing import keys
from licensing.models import ProductKey


def test_answers_with_the_new_key(run, pool):
    answer = run("reissue_key", pool.serial_number, "--reason=Leak suspected")

    new = ProductKey.objects.get(supersedes=pool)
    assert answer == {
        "serial_number": new.serial_number,
        "product_key": answer["product_key"],
        "supersedes": pool.serial_number,
    }
    assert keys.authenticate(new.serial_number, answer["product_key"]) == new


def test_the_overlap_is_counted_from_now(run, pool):
    run("reissue_key", pool.serial_number, "--reason=Routine", "--overlap=7d")

    pool.refresh_from_db()
    new = ProductKey.objects.get(supersedes=pool)
    assert abs(pool.superseded_at - new.created_at - dt.timedelta(days=7)) < dt.timedelta(minutes=1)


def test_says_that_a_key_was_replaced_already(run, refusal, pool):
    run("reissue_key", pool.serial_number, "--reason=Routine", "--overlap=0")

    said = refusal("reissue_key", pool.serial_number, "--reason=Routine")

    assert said == "This key has been superseded already."


def test_refuses_too_long_an_overlap(refusal, pool):
    said = refusal("reissue_key", pool.serial_number, "--reason=Routine", "--overlap=31d")

    assert said == "The overlap may last up to 30 days."


def test_a_reason_is_required(refusal, pool):
    assert refusal("reissue_key", pool.serial_number) == (
        "Error: the following arguments are required: --reason"
    )
    assert refusal("reissue_key", pool.serial_number, "--reason= ") == (
        "Error: argument --reason: it must not be empty."
    )
