"""A provider whose metadata can be fetched."""

from __future__ import annotations

import pytest

from portal.sso import saml_metadata, single_sign_on
from tests.factories import TESTER
from tests.portal.sso import saml_provider


@pytest.fixture(scope="module")
def provider(tmp_path_factory):
    """A provider whose metadata can be fetched."""
    with saml_provider.run(tmp_path_factory.mktemp("idp")) as running:
        yield running


@pytest.fixture
def url(provider, settings):
    """The address of its metadata."""
    settings.SSO_ALLOWS_INTERNAL_PROVIDERS = True
    return f"{provider.address}/metadata"


@pytest.fixture
def followed(account, url):
    """The account's single sign-on, set up from the address."""
    return single_sign_on.set_up_saml(account, saml_metadata.read(url), metadata_url=url, by=TESTER)


@pytest.fixture
def pasted(account, provider, url):
    """The same, with metadata given as text."""
    return single_sign_on.set_up_saml(account, saml_metadata.parse(provider.metadata()), by=TESTER)
