"""A provider that runs here and signs anybody in, and how people come through it."""

from __future__ import annotations

import requests
from oidc_provider_mock import User

from portal.models import Role
from portal.sso import email_domains
from tests.factories import TESTER, MembershipFactory, UserFactory

WHY = {"reason": "The auditors ask for it."}
RECORDS: dict[str, set[str]] = {}
PRIYA = "priya@brook.example"


def texts_of(name):
    """The DNS of the tests."""
    return RECORDS.get(name, set())


def show_domain(account, name):
    """Claim a domain for the account, and have its DNS show that it is theirs."""
    domain = email_domains.add(account, name, by=TESTER)
    RECORDS[email_domains.record_name(domain)] = {domain.token}
    assert email_domains.check(domain, by=TESTER)


def person(email, *, verified=True, **claims):
    """Somebody whom the provider knows by their first address."""
    return User(sub=email, claims={"email": email, "email_verified": verified, **claims})


PEOPLE = [
    person(PRIYA, name="Priya Shah"),
    person("unverified@brook.example", verified=False),
    person("staff@brook.example"),
    person("other@brook.example"),
    person("stranger@hill.example"),
    User(
        sub="priya-after-her-wedding",
        claims={"email": "priya.lee@elsewhere.example", "email_verified": True},
    ),
    User(
        sub="another-priya",
        claims={"email": PRIYA, "email_verified": True},
    ),
]


def member(account, email, role=Role.VIEWER, **fields):
    """Somebody of the account with this address."""
    return MembershipFactory(account=account, role=role, user=UserFactory(email=email, **fields))


def sign_in(browser, sub, account, **form):
    """What the portal answers to somebody who comes back from the provider."""
    go = browser.post(f"/accounts/single-sign-on/{account.pk}/login/", form)
    return come_back(browser, sub, go)


def come_back(browser, sub, go):
    """What the portal answers when it sent the browser to the provider, and that signed them in."""
    at_provider = requests.post(go["Location"], data={"sub": sub}, allow_redirects=False)
    return browser.get(at_provider.headers["Location"])


def is_signed_in(browser):
    """Whether the portal takes the browser for somebody."""
    return "_auth_user_id" in browser.session


def agree(browser, address):
    """Do an act, and say why."""
    return browser.post(address, WHY)
