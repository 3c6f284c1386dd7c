"""Accounts that come from ALM are one move once they are merged."""

from __future__ import annotations

import pytest

from licensing import alm, alm_moves, audit
from licensing.models import Account
from portal.accounts import merging
from tests.factories import TESTER, days_from_today

pytestmark = pytest.mark.django_db

SOON, LATER = days_from_today(10), days_from_today(20)
ENDS = {
    "none is dated": (None, None, None),
    "that of the one that stays": (None, SOON, SOON),
    "that of the one that goes": (SOON, None, SOON),
    "the later of the one that stays": (SOON, LATER, LATER),
    "the later of the one that goes": (LATER, SOON, LATER),
}


def import_list(account, server):
    line = f"server,product,licences\n{server},asta-powerproject,3\n"
    alm.carry_out(alm.plan(account.name, line.encode()), by=TESTER, reason="")


@pytest.mark.parametrize("case", ENDS)
def test_the_later_end_holds_and_licences_keep_what_they_were(old, new, case):
    of_old, of_new, after = ENDS[case]
    for account, server, on in ((old, "york-alm", of_old), (new, "lon-alm", of_new)):
        import_list(account, server)
        if on:
            alm_moves.date_end(account, on=on, by=TESTER)

    merging.merge(*Account.objects.filter(pk__in=[old.pk, new.pk]).order_by("-name"), by=TESTER)

    ends = {one.pk: one.alm_codes_end_on for one in Account.objects.all()}
    assert (ends[old.pk], ends[new.pk]) == (None, after)
    moved = alm_moves.licences_of(new).values_list("from_alm__server", flat=True)
    assert set(moved) == {"york-alm", "lon-alm"}
    told = new.audit_entries.filter(action=alm_moves.DATED).count()
    assert told == bool(of_new) + (after != of_new)
    assert audit.verify(new)[1] == []
