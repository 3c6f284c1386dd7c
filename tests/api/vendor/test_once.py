"""The same request twice does once what it asks for: the ``Idempotency-Key``."""

from __future__ import annotations

import threading
from contextlib import suppress
from functools import partial

import pytest
from django.test import Client

from licensing import orders
from licensing.models import Licence
from support import tasks
from support.api import once
from support.models import AnsweredRequest
from tests.api.vendor.shop import ORDER, make_staff_token, send
from tests.factories import AccountFactory, ago
from tests.licensing.races.together import at_once

KEY = '"8e03978e-40d5-43dd-bc93-6894a57f9324"'


def order(client, token, account, *, key=KEY, **other):
    """An order of a pool."""
    return send(client, token, f"accounts/{account.pk}/licences", ORDER | other, key=key)


def test_the_same_is_answered_alike_and_done_once(client, token, account):
    first, again = [order(client, token, account) for _ in range(2)]
    bare = order(client, token, account, key=KEY.strip('"'))

    told = [
        (one.status_code, one.content, one["ETag"], one["Location"]) for one in (first, again, bare)
    ]
    assert told == [told[0]] * 3
    assert Licence.objects.count() == 1


def test_another_request_with_the_key_is_refused(client, token, account):
    order(client, token, account)

    other = order(client, token, account, name="Another", seats=3)
    elsewhere = send(client, token, f"accounts/{AccountFactory().pk}/licences", ORDER, key=KEY)

    assert {(one.status_code, one.json()["code"]) for one in (other, elsewhere)} == {
        (422, "idempotency_key_reused")
    }
    assert Licence.objects.count() == 1


def test_the_keys_of_two_tokens_are_two(client, token, account):
    order(client, token, account)

    other = make_staff_token(by=token.made_by)

    assert order(client, other, account, name="Another").status_code == 201


@pytest.mark.parametrize(
    ("key", "code", "told"),
    [
        (None, "missing", "Send an Idempotency-Key"),
        ("", "invalid", "is empty"),
        ('""', "invalid", "is empty"),
        ("two words", "invalid", "There is a space in"),
        ("x" * 256, "invalid", "too long: 255 characters are the most"),
        ('a"b', "invalid", "is a quote, a backslash"),
        ('"ab', "invalid", "is a quote, a backslash"),
        ("k\u00e9", "invalid", "what is not ASCII"),
    ],
)
def test_nothing_is_done_without_a_key_and_what_is_wrong_with_one_is_said(
    client, token, account, key, code, told
):
    answer = order(client, token, account, key=key)

    assert (answer.status_code, answer.json()["code"]) == (400, f"idempotency_key_{code}")
    assert told in answer.json()["detail"]
    assert not Licence.objects.exists()


def test_what_was_refused_may_be_mended_with_the_same_key(client, token, account):
    refused = order(client, token, account, product="none")

    assert (refused.status_code, order(client, token, account).status_code) == (409, 201)


def test_a_key_is_free_again_after_a_day(client, token, account):
    order(client, token, account)
    AnsweredRequest.objects.update(answered_at=ago(hours=25))

    assert order(client, token, account, name="Another").status_code == 201
    assert AnsweredRequest.objects.count() == 1


def test_answers_are_swept_when_they_are_a_day_old(client, token, account):
    order(client, token, account)
    order(client, token, account, key='"another"', name="Another")
    AnsweredRequest.objects.filter(key="another").update(answered_at=ago(hours=23))
    AnsweredRequest.objects.exclude(key="another").update(answered_at=ago(hours=25))

    tasks.tidy_up()

    assert [one.key for one in AnsweredRequest.objects.all()] == ["another"]


def two_at_once(monkeypatch, *keys):
    """The statuses of two orders that are both past every check before either is done."""
    token, account = make_staff_token(), AccountFactory()
    meet, read = threading.Barrier(2), once.fingerprint_of
    monkeypatch.setattr(once, "fingerprint_of", lambda *of: (meet.wait(10), read(*of))[1])
    answers = []

    def ask(key):
        answers.append(order(Client(), token, account, key=key))

    at_once(*(partial(ask, key) for key in keys))
    assert (
        Licence.objects.count() == sum(answer.status_code == 201 for answer in answers)
        or len({answer.content for answer in answers}) == 1
    )
    return sorted(answer.status_code for answer in answers)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_of_two_with_one_key_one_is_done(self, monkeypatch):
        statuses = two_at_once(monkeypatch, KEY, KEY)

        assert statuses in ([201, 201], [201, 409])
        assert Licence.objects.count() == 1

    def test_of_two_with_two_keys_one_is_done(self, monkeypatch):
        """For the second licence would be called as the first, which it waits for."""
        meet, asked = threading.Barrier(2), orders.require_own_name

        def asked_before_either_is_there(*of, **more):
            asked(*of, **more)
            with suppress(threading.BrokenBarrierError):
                meet.wait(0.5)

        monkeypatch.setattr(orders, "require_own_name", asked_before_either_is_there)
        assert two_at_once(monkeypatch, '"one"', '"two"') == [201, 409]
        assert Licence.objects.count() == 1

    def test_while_one_is_done_the_other_is_told_to_wait(self, monkeypatch):
        token, account = make_staff_token(), AccountFactory()
        began, may_end, do = threading.Event(), threading.Event(), once.keep
        monkeypatch.setattr(
            once, "keep", lambda *of, **what: (began.set(), may_end.wait(10), do(*of, **what))
        )
        first = []
        thread = threading.Thread(
            target=at_once, args=(lambda: first.append(order(Client(), token, account)),)
        )
        thread.start()
        began.wait(10)
        second = order(Client(), token, account)
        may_end.set()
        thread.join()

        assert (second.status_code, second.json()["code"]) == (409, "idempotency_key_in_use")
        assert (second["Retry-After"], first[0].status_code) == ("1", 201)
