from __future__ import annotations

import pytest

from licensing.models import AuditEntry
from portal.models import SingleSignOn
from tests.factories import AccountFactory


@pytest.fixture
def single(db):
    """Single sign-on that is required."""
    return SingleSignOn.objects.create(
        account=AccountFactory(name="Brook & Co"),
        issuer="https://login.example.com",
        client_id="portal",
        required_at="2026-11-01T00:00Z",
    )


def test_it_is_optional_again(run, single):
    answer = run("stop_requiring_sso", "--account=brook & co", "--reason=Owners locked out")

    assert answer == {"account": "Brook & Co"}
    assert SingleSignOn.objects.get().required_at is None
    entry = AuditEntry.objects.last()
    assert (entry.action, entry.reason) == ("sso_not_required", "Owners locked out")


def test_where_it_is_optional_nothing_is_done(run, refusal, single):
    run("stop_requiring_sso", "--account=Brook & Co", "--reason=Owners locked out")

    said = refusal("stop_requiring_sso", "--account=Brook & Co", "--reason=Again")

    assert said == "Single sign-on is not required."
