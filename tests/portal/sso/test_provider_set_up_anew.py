"""Somebody is on their way back while the account's provider is set up anew, or turned off."""

from __future__ import annotations

import pytest

from licensing import clock
from licensing.errors import InvalidOperation
from portal.models import ProviderLink, SingleSignOn
from portal.sso import links, single_sign_on
from portal.sso.links import NotLetIn, Why
from tests.factories import TESTER

CLAIMS = {"sub": "4711", "email": "priya@brook.example", "email_verified": True}


@pytest.fixture(params=["changed", "gone"])
def seen(request, single):
    """The provider as it was when it was asked."""
    same = SingleSignOn.objects.filter(pk=single.pk)
    if request.param == "changed":
        same.update(changed_at=clock.database_time())
    else:
        same.delete()
    return single


def test_a_test_does_not_count_for_the_new_one(seen):
    with pytest.raises(InvalidOperation, match=r"^The provider was set up anew meanwhile\."):
        single_sign_on.mark_tested(seen, by=TESTER)

    assert not SingleSignOn.objects.exclude(tested_at=None).exists()


def test_nobody_is_linked_to_the_new_one(seen):
    with pytest.raises(NotLetIn) as refusal:
        links.recognise(seen, CLAIMS)

    assert refusal.value.why is Why.SET_UP_ANEW
    assert not ProviderLink.objects.exists()
