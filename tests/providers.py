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
from tests.kept import kept
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


@kept
def own_domain(account):
    """The account's domain, brook.example, which its DNS showed to be theirs."""
    domain = email_domains.add(account, "brook.example", by=TESTER)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asking, "texts_of", lambda _name: {domain.token})
        assert email_domains.check(domain, by=TESTER)
    return domain


@pytest.fixture
def own_domain_shown(own_domain, dns):
    """What the DNS says of it, which stays."""
    dns[email_domains.record_name(own_domain)] = {own_domain.token}


@pytest.fixture
def single(account, own_domain_shown, issuer, settings):
    """The account's single sign-on, for brook.example."""
    settings.SSO_ALLOWS_INTERNAL_PROVIDERS = True
    return single_sign_on.set_up_openid(
        account, issuer=issuer, client_id="portal", secret="hush", by=TESTER
    )


@pytest.fixture(scope="session")
def liar():
    """The address of a provider, and the lies that it tells."""
    with lying_provider.run() as address_and_lies:
        yield address_and_lies


@pytest.fixture
def lies(liar, account, own_domain_shown, settings):
    """What the account's provider says of its owner Priya; the truth at first."""
    issuer, lies = liar
    lies.tell()
    cache.delete(f"openid:{issuer}")
    settings.SSO_ALLOWS_INTERNAL_PROVIDERS = True
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
