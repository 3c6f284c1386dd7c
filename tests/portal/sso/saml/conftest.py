"""An account's SAML provider, at an address where nobody asks."""

from __future__ import annotations

import pytest

from portal.models import Role
from portal.sso import saml, saml_metadata, single_sign_on
from tests.factories import TESTER
from tests.people import signed_in
from tests.portal.sso import saml_provider
from tests.portal.sso.provider import member
from tests.portal.sso.saml.answers import PRIYA


@pytest.fixture(scope="module")
def provider(tmp_path_factory):
    """A provider at an address where nobody asks."""
    return saml_provider.SamlProvider("https://login.brook.example", tmp_path_factory.mktemp("idp"))


@pytest.fixture
def single(account, provider, own_domain_shown):
    """The account's single sign-on, for brook.example, which Priya owns the account at."""
    member(account, PRIYA, Role.OWNER, name="Priya Shah")
    provider.know(saml.own_metadata(account.pk))
    return single_sign_on.set_up_saml(account, saml_metadata.parse(provider.metadata()), by=TESTER)


@pytest.fixture
def priya(account, single):
    """The browser of the owner, signed in by their password."""
    return signed_in(account.memberships.get().user)
