"""An owner whose address is in the provider's domain."""

from __future__ import annotations

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from portal.models import Role
from tests.portal.sso.provider import member


@pytest.fixture
def priya(account):
    """An owner with an address in the verified domain."""
    return member(account, "priya@brook.example", Role.OWNER, name="Priya Shah").user


@pytest.fixture
def second_step(priya):
    """A recovery code of the owner's, who has two-step sign-in."""
    TOTP.activate(priya, generate_totp_secret())
    return RecoveryCodes.activate(priya).get_unused_codes()[0]
