"""An account with a pool, and the people who look at it."""

from __future__ import annotations

import time

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.contrib.messages import get_messages
from django.core.cache import cache
from oidc_provider_mock import run_server_in_thread

from licensing import clock, rules
from licensing.models import AccessRule, AuditEntry, Device
from portal.desk import requests
from portal.models import Membership, RequestKind, Role
from portal.people import email_changes, invitations, leavers
from portal.sso import email_domains, outbound, single_sign_on
from portal.words.aliases import real_names
from portal.words.sentences import sentence
from tests.factories import (
    TESTER,
    AccountFactory,
    MembershipFactory,
    UserFactory,
    make_api_token,
    make_client,
    make_pool,
    make_session,
    make_single_user,
)
from tests.portal import lying_provider, provider
from tests.portal.browsers import Browser


@pytest.fixture
def client():
    """A browser in which nobody is signed in yet."""
    return Browser()


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
def dns(monkeypatch):
    """What the DNS says, to be filled."""
    monkeypatch.setattr(outbound, "texts_of", provider.texts_of)
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


@pytest.fixture
def values(account, pool, manager):
    """What addresses name: rows of the account, so that nobody else may find them.

    "row name": a value for one row of the table only.
    """
    client = make_client(username="anna-real", machine_name="CAD-REAL")
    session = make_session(pool, client)
    single = make_single_user(account=account)
    make_session(single, client)
    barred = rules.NewRule(username="anna-real*", machine_name="CAD-REAL*")
    rules.add(account, barred, by=TESTER, reason="anna-real left")
    member = Membership.objects.get(account=account, role=Role.MANAGER)
    leaving = MembershipFactory(account=account, role=Role.VIEWER)
    invited = invitations.invite(account, "new@example.com", Role.VIEWER, by=TESTER)
    gone = leavers.Leaver(account, username="gone")
    left = leavers.remove(gone, [leavers.Part.BLOCK], by=TESTER, reason="anna-real said so")
    return {
        "number": left.number,
        "licence_id": single.licence_id,
        "key_id": single.pk,
        "device_id": Device.objects.get().pk,
        "rule_id": AccessRule.objects.last().pk,
        "session_id": session.pk,
        "token_id": make_api_token(account).pk,
        "request_id": requests.make(account, RequestKind.HELP, "Please call.", by=UserFactory()).pk,
        "code": invited.code,
        "listed": "audit",
        "name": "sessions",
        "view_id": saved_view(manager, account).pk,
        "member_id": leaving.pk,
        "invitation_id": invited.pk,
        "portal:confirm_email code": email_changes.ask(member.user, "newer@example.com").new_code,
        "domain_id": account.email_domains.create(name="example.com").pk,
        "provider_id": account.pk,
        "account_id": account.pk,
        "export_id": 0,
        "first": 0,
        "last": 0,
        "link_id": 0,
        "pk": 0,
        "key": "none",
        "uidb36": "0",
        "object_id": 0,
        "content_type_id": 0,
        "app_label": "licensing",
        "url": "nothing",
    }


def saved_view(manager, account):
    """A view that the manager shared."""
    asked = {"name": "anna-real left", "is_shared": "on"}
    manager.post("/views/sessions/save/?q=anna-real", asked)
    return account.saved_views.get()


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
    """A browser in which the user is signed in, and has just confirmed that it is them."""
    browser = Browser()
    browser.force_login(user)
    session = browser.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": "password", "at": time.time(), "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return browser


def unsure(browser):
    """The same browser, ten minutes later: whoever sits there has to confirm that it is them."""
    session = browser.session
    del session[AUTHENTICATION_METHODS_SESSION_KEY]
    session.save()
    return browser
