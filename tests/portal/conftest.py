"""An account with a pool, and the people who look at it."""

from __future__ import annotations

import pytest
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.test import Client
from oidc_provider_mock import run_server_in_thread

from licensing import audit
from licensing.models import AuditEntry
from portal import email_domains, sso
from portal.aliases import real_names
from portal.models import Role
from portal.sentences import sentence
from tests.factories import TESTER, AccountFactory, MembershipFactory, UserFactory, make_pool
from tests.portal import lying_provider, provider


@pytest.fixture
def account(db):
    """The account that the pages are about."""
    return AccountFactory(name="Brook & Co")


@pytest.fixture
def pool(account):
    """The key of the account's pool of ten seats."""
    return make_pool(10, account=account, name="London planners", features=["bim"])


@pytest.fixture
def owner(account):
    """The browser of an owner."""
    return browser_of(account, Role.OWNER, name="Priya Shah", email="priya@example.com")


@pytest.fixture
def manager(account):
    """The browser of a manager."""
    return browser_of(account, Role.MANAGER, name="Tom Reed", email="tom@example.com")


@pytest.fixture
def viewer(account):
    """The browser of a viewer."""
    return browser_of(account, Role.VIEWER, name="Vic Viewer")


@pytest.fixture
def stranger(db):
    """The browser of the owner of another account."""
    return browser_of(AccountFactory(name="Hill & Dale"), Role.OWNER)


@pytest.fixture
def staff(db):
    """The browser of the vendor's staff, who hold no account."""
    return signed_in(UserFactory(is_staff=True))


@pytest.fixture(scope="session")
def issuer():
    """The address of a provider that signs anybody in."""
    with run_server_in_thread(user_claims=provider.PEOPLE) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def dns(settings):
    """What the DNS says, to be filled."""
    settings.DOMAIN_TEXTS = "tests.portal.provider.texts_of"
    provider.RECORDS.clear()
    return provider.RECORDS


@pytest.fixture
def single(account, issuer, dns, settings):
    """The account's single sign-on, for brook.example."""
    settings.SSO_ALLOWS_INTERNAL_PROVIDERS = True
    domain = email_domains.add(account, "brook.example", by=TESTER)
    dns[email_domains.record_name(domain)] = {domain.token}
    assert email_domains.check(domain, by=TESTER)
    return sso.set_up_openid(account, issuer=issuer, client_id="portal", secret="hush", by=TESTER)


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
    sso.set_up_openid(account, issuer=issuer, client_id="portal", secret="hush", by=TESTER)
    provider.member(account, provider.PRIYA, Role.OWNER, name="Priya Shah")
    return lies


@pytest.fixture
def required(single):
    """The same, required of everybody there."""
    single.tested_at = single.required_at = audit.database_time()
    single.save(update_fields=["tested_at", "required_at"])
    return single


def browser_of(account, role, **person):
    """The browser of somebody new who has this role in the account."""
    membership = MembershipFactory(account=account, role=role, user=UserFactory(**person))
    return signed_in(membership.user)


def said(response):
    """The messages that the next page will show."""
    return [(message.level_tag, str(message)) for message in get_messages(response.wsgi_request)]


def last_entry():
    """What the audit record says last: the act, its reason and who did it."""
    entry = AuditEntry.objects.order_by("pk").last()
    return entry.action, entry.reason, entry.actor_name


def told(entry=None):
    """An entry of the audit record, the last one unless named, as managers read it."""
    entry = entry or AuditEntry.objects.order_by("pk").last()
    return sentence(entry, real_names(entry.account))


def signed_in(user):
    """A browser in which the user is signed in."""
    browser = Client()
    browser.force_login(user)
    return browser
