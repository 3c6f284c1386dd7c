"""What needs somebody's attention on the home page."""

from __future__ import annotations

import pytest

from licensing import errors, sessions
from portal.home.attention import attention
from portal.home.overview import Overview
from portal.models import Role
from tests.factories import MembershipFactory, make_client


def items(account):
    """What needs a viewer's attention."""
    viewer = MembershipFactory(account=account, role=Role.VIEWER)
    return attention(Overview(account), viewer)


def texts(account):
    """What the home page says that needs attention."""
    return [item.text for item in items(account)]


def deny(key, people):
    """Refuse so many people."""
    for _ in range(people):
        with pytest.raises(errors.LicensingError):
            sessions.check_out(key, make_client())
