"""A browser, a server, and an estate worth looking at.

The server answers from other threads, so the tests use real transactions.
"""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest
from django.conf import settings
from playwright.sync_api import expect

from licensing import errors, keys, licences, rules, sessions
from licensing.rules import NewRule
from portal.desk import requests
from portal.models import RequestKind, Role
from portal.people import invitations
from tests.browser import chromium
from tests.factories import (
    TESTER,
    AccountFactory,
    MembershipFactory,
    UserFactory,
    days_from_today,
    make_api_token,
    make_client,
    make_pool,
    make_session,
    make_single_user,
)
from tests.people import signed_in, unsure

HOUR = dt.timedelta(hours=1)

expect.set_options(timeout=5000)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """The Chromium that is installed, else Playwright's own."""
    options = {"args": chromium.ARGUMENTS}
    if path := chromium.find():
        options["executable_path"] = path
    return browser_type_launch_args | options


@pytest.fixture(scope="session")
def base_url(live_server):
    """Addresses are those of the tests' server."""
    return live_server.url


@pytest.fixture
def estate(transactional_db):
    """An account with something in every state, and its people."""
    account = AccountFactory(name="Brook & Co")
    owner = UserFactory(name="Priya Shah", email="priya@example.com")
    viewer = UserFactory(name="Vic Viewer", email="vic@example.com")
    MembershipFactory(account=account, user=owner, role=Role.OWNER)
    MembershipFactory(account=account, user=viewer, role=Role.VIEWER)
    MembershipFactory(account=AccountFactory(name="Hill & Dale"), user=owner, role=Role.VIEWER)

    planners = make_pool(10, account=account, name="London planners", features=["bim", "4d"])
    for minutes in (0, 10, 9 * 60):
        make_session(planners, refreshed=dt.timedelta(minutes=minutes))
    jsmith = make_session(planners, make_client(username="J. Smith", machine_name="CAD-017"))
    keys.reissue(planners, by=TESTER, overlap=dt.timedelta(days=7), reason="Routine")
    contractors = NewRule(licence=planners.licence, username="CONTRACTOR\\*")
    rules.add(account, contractors, by=TESTER, reason="The site team has licences of its own")

    add_tight_pools(account)
    add_single_user_licences(account)
    token = make_api_token(account)
    asked = requests.make(
        account, RequestKind.SEATS, "We grow.", by=viewer, licence=planners.licence, seats=12
    )
    view = account.saved_views.create(
        person=owner, listed="sessions", name="Held in London", query="state=held", is_shared=True
    )
    invitation = invitations.invite(account, "new@example.com", Role.MANAGER, by=TESTER)
    return SimpleNamespace(
        account=account,
        owner=owner,
        viewer=viewer,
        planners=planners,
        jsmith=jsmith,
        invitation=invitation,
        token=token,
        asked=asked,
        view=view,
    )


def add_tight_pools(account):
    """Pools that are full, over their limit, suspended and about to end."""
    full = make_pool(1, account=account, name="Tender office", ends_on=days_from_today(9))
    make_session(full)
    with pytest.raises(errors.PoolExhausted):
        sessions.check_out(full, make_client())
    over = make_pool(3, account=account, name="Graduates")
    for _ in range(3):
        make_session(over, make_client(os_session="3"))
    licences.set_seats(over.licence, 2, by=TESTER, reason="Order 4711: one seat fewer")
    suspended = make_pool(5, account=account, name="Harbour joint venture")
    licences.set_state(suspended.licence, "suspended", by=TESTER)


def add_single_user_licences(account):
    """One whose seat is held beyond its grace period, and one that starts later."""
    held = make_single_user(account=account, name="Estimator")
    make_session(held, refreshed=31 * 24 * HOUR)
    make_single_user(account=account, name="New starter", starts_on=days_from_today(9))


@pytest.fixture(params=[True, False], ids=["scripts", "no-scripts"])
def page_of_either(request, new_context, estate):
    """A page in a browser where scripts run, or do not."""
    return new_context(java_script_enabled=request.param).new_page()


@pytest.fixture
def sign_in(estate, base_url):
    """Opens somebody's session in a browser, without the form: ``sign_in(page, estate.owner)``.

    Sensitive acts ask nothing of them, unless they are not ``sure``.
    """

    def by_cookie(page, user, *, sure=True):
        browser = signed_in(user) if sure else unsure(signed_in(user))
        name = settings.SESSION_COOKIE_NAME
        cookie = {"name": name, "value": browser.cookies[name].value, "url": base_url}
        page.context.add_cookies([cookie])

    return by_cookie
