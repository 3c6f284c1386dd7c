"""An account with a pool, and the people who look at it."""

from __future__ import annotations

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from licensing.models import AuditEntry
from portal.models import Role
from tests.factories import AccountFactory, MembershipFactory, UserFactory, make_pool


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


def signed_in(user):
    """A browser in which the user is signed in."""
    browser = Client()
    browser.force_login(user)
    return browser
