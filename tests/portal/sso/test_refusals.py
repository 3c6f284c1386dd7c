"""Why a provider's word lets nobody in: told to whoever signs in, and to an owner who tries it."""

from __future__ import annotations

import pytest

from portal.sso.links import NotLetIn, Why
from portal.sso.refusals import REFUSALS, told_owner, told_person

EMAIL = "priya@brook.example"
TOLD = {
    Why.NO_ADDRESS: ("You are signed in there", f"does not say that {EMAIL} is verified."),
    Why.OTHER_DOMAIN: ("You are signed in there", f"{EMAIL} is in none of your verified domains."),
    Why.UNKNOWN: (f"Nobody has added {EMAIL} to", f"nobody of the account signs in as {EMAIL}."),
    Why.SOMEBODY_ELSE: (f"{EMAIL} was somebody else's", f"{EMAIL} was somebody else's there"),
    Why.BARRED: ("You are signed in there", f"{EMAIL} may not sign in."),
    Why.SET_UP_ANEW: ("set up anew meanwhile. Try again.", "Test it once more."),
}


def test_every_reason_has_both_sentences():
    assert set(REFUSALS) == set(Why)


@pytest.mark.parametrize("why", Why)
def test_is_told_to_either_reader(single, why):
    to_person, to_owner = TOLD[why]
    refusal = NotLetIn(why, EMAIL)

    assert to_person in told_person(refusal, single)
    assert to_owner in told_owner(refusal)


def test_a_word_without_an_address_is_told_as_one():
    assert "named no e-mail address, or several" in told_owner(NotLetIn(Why.NO_ADDRESS))
