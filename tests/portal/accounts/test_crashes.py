"""An account is closed or merged as a whole or not at all, whenever the process dies."""

from __future__ import annotations

from functools import partial

import pytest
from django.db.models.functions import Now

from licensing import invariants
from licensing.models import Account
from portal.accounts import closing, merging
from tests.factories import TESTER, make_pool, make_session
from tests.licensing.cut_off import cut_before, half_done

__all__ = ["cut_before"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def a_closing_of_an_account():
    key = make_pool(2)
    make_session(key)
    closing.ask(key.account, by=TESTER)
    Account.objects.filter(pk=key.account_id).update(closes_at=Now())
    return key.account, partial(closing.carry_out, key.account_id)


def a_merge_of_two_accounts():
    key, other = make_pool(2, name="Theirs"), make_pool(2)
    make_session(key)
    return other.account, partial(merging.merge, key.account, other.account, by=TESTER)


@pytest.mark.parametrize("prepare", [a_closing_of_an_account, a_merge_of_two_accounts])
def test_is_done_as_a_whole_or_not_at_all(prepare, cut_before):
    assert half_done(prepare, cut_before) == []
    assert invariants.broken() == []
