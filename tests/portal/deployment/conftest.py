"""A deployment whose texts are as awkward as people make them."""

from __future__ import annotations

import pytest

from portal.deployment.values import Deployment, Scope
from tests.portal.deployment.texts import AWKWARD


@pytest.fixture
def deployment():
    """Everything set, for computers."""
    return Deployment(
        serial_number="7Q2X-4M8K-9D3T",
        product_key="ABCDE-FGHJK-MNPQR-STVWX-YZ012-34567",
        licence_name="Planners’ “West” \\ Büro",
        service_url="https://licensing.example.com",
        scope=Scope.MACHINE,
        proxy="http://proxy.example.com:8080",
        contact_text=AWKWARD,
        allow_user_entry=False,
    )


@pytest.fixture
def for_users():
    """Only what has to be, for users."""
    return Deployment(
        serial_number="7Q2X-4M8K-9D3T",
        product_key="ABCDE-FGHJK-MNPQR-STVWX-YZ012-34567",
        licence_name="London",
        service_url="https://licensing.example.com",
        scope=Scope.USER,
    )
