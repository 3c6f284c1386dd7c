"""An account with a pool, and the browsers of the people who look at it."""

from __future__ import annotations

import time

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.conf import settings
from django.contrib import auth
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest

from portal.models import Role
from tests.browsers import Browser
from tests.factories import AccountFactory, MembershipFactory, UserFactory, make_pool
from tests.kept import kept


@pytest.fixture
def client():
    """A browser in which nobody is signed in yet."""
    return Browser()


@kept
def account():
    """The account that the pages are about."""
    return AccountFactory(name="Brook & Co")


@kept
def pool(account):
    """The key of the account's pool of ten seats."""
    return make_pool(10, account=account, name="London planners", features=["bim"])


@kept
def owner(account):
    """The browser of an owner."""
    return browser_of(account, Role.OWNER, name="Priya Shah", email="priya@example.com")


@kept
def manager(account):
    """The browser of a manager."""
    return browser_of(account, Role.MANAGER, name="Tom Reed", email="tom@example.com")


@kept
def viewer(account):
    """The browser of a viewer."""
    return browser_of(account, Role.VIEWER, name="Vic Viewer")


@kept
def stranger():
    """The browser of the owner of another account."""
    return browser_of(AccountFactory(name="Hill & Dale"), Role.OWNER)


@kept
def staff():
    """The browser of the vendor's staff, who hold no account."""
    return signed_in(UserFactory(is_staff=True))


def browser_of(account, role, **person):
    """The browser of somebody new who has this role in the account."""
    membership = MembershipFactory(account=account, role=role, user=UserFactory(**person))
    return signed_in(membership.user)


def signed_in(user):
    """A browser in which the user is signed in, and has just confirmed that it is them."""
    request = HttpRequest()
    request.session = SessionStore()
    auth.login(request, user, settings.AUTHENTICATION_BACKENDS[0])
    request.session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": "password", "at": time.time(), "reauthenticated": True}
    ]
    request.session["account_authentication_methods_user"] = str(user.pk)
    request.session.save()
    browser = Browser()
    browser.cookies[settings.SESSION_COOKIE_NAME] = request.session.session_key
    return browser


def unsure(browser):
    """The same browser, ten minutes later: whoever sits there has to confirm that it is them."""
    session = browser.session
    del session[AUTHENTICATION_METHODS_SESSION_KEY]
    session.save()
    return browser
