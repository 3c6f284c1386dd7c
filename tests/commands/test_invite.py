from __future__ import annotations

import pytest

from portal.models import Invitation
from tests.factories import AccountFactory


@pytest.fixture
def account(db):
    return AccountFactory(name="Brook & Co")


def test_answers_with_the_address(run, account):
    answer = run("invite", "--account=brook & co", "--email=Tom@example.com", "--role=owner")

    invitation = Invitation.objects.open().get()
    assert (invitation.account, invitation.role) == (account, "owner")
    assert answer == {
        "email": "tom@example.com",
        "url": f"http://testserver/invitations/{invitation.code}/",
    }


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--account=X", "--email=t@example.com", "--role=owner"], "There is no account called"),
        (["--account=Brook & Co", "--email=t", "--role=owner"], "“t” is not an e-mail address."),
        (["--account=Brook & Co", "--email=t@example.com", "--role=boss"], "invalid choice"),
        (["--account=Brook & Co", "--role=owner"], "arguments are required: --email"),
    ],
)
def test_says_what_is_wrong(refusal, account, arguments, words):
    assert words in refusal("invite", *arguments)
    assert not Invitation.objects.exists()
