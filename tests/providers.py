"""Providers that run here, and the account's single sign-on with them."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from oidc_provider_mock import run_server_in_thread

from licensing import clock
from portal.models import Role
from portal.outbound import asking
from portal.sso import email_domains, single_sign_on
from tests.factories import TESTER
from tests.portal.sso import lying_provider, provider


@pytest.fixture(scope="session")
def issuer():
    """The address of a provider that signs anybody in."""
    with run_server_in_thread(user_claims=provider.PEOPLE) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def dns(monkeypatch):
    """What the DNS says, to be filled."""
    monkeypatch.setattr(asking, "texts_of", provider.texts_of)
    provider.RECORDS.clear()
    return provider.RECORDS


@pytest.fixture
def single(account, issuer, dns, settings):
    """The account's single sign-on, for brook.example."""
    settings.SSO_ALLOWS_INTERNAL_PROVIDERS = True
    domain = email_domains.add(account, "brook.example", by=TESTER)
    dns[email_domains.record_name(domain)] = {domain.token}
    assert email_domains.check(domain, by=TESTER)
    return single_sign_on.set_up_openid(
        account, issuer=issuer, client_id="portal", secret="hush", by=TESTER
    )


@pytest.fixture(scope="session")
def liar():
    """The address of a provider, and the lies that it tells."""
    with lying_provider.run() as address_and_lies:
        yield address_and_lies


@pytest.fixture
def lies(liar, account, dns, settings):
    """What the account's provider says of its owner Priya; the truth at first."""
    issuer, lies = liar
    lies.tell()
    cache.delete(f"openid:{issuer}")
    settings.SSO_ALLOWS_INTERNAL_PROVIDERS = True
    domain = email_domains.add(account, "brook.example", by=TESTER)
    dns[email_domains.record_name(domain)] = {domain.token}
    email_domains.check(domain, by=TESTER)
    single_sign_on.set_up_openid(
        account, issuer=issuer, client_id="portal", secret="hush", by=TESTER
    )
    provider.member(account, provider.PRIYA, Role.OWNER, name="Priya Shah")
    return lies


@pytest.fixture
def required(single):
    """The same, required of everybody there."""
    single.tested_at = single.required_at = clock.database_time()
    single.save(update_fields=["tested_at", "required_at"])
    return single
