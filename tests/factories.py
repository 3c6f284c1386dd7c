"""Rows for tests. Licences are issued, and seats taken, by the domain itself."""

from __future__ import annotations

import datetime as dt
import functools
import itertools

import factory
from django.contrib.auth.hashers import make_password
from django.db.models import DateTimeField, ExpressionWrapper, F
from django.db.models.functions import Now

from licensing import audit, clock, keys, licences, sessions, templates
from licensing.identity import Client
from licensing.licences import STRICT, Order
from licensing.models import Account, ClientSession, Licence, LicenceTemplate, Product, ProductKey
from licensing.models.licences import UsageModel
from portal.models import ApiToken, Membership, Role, Scope, User, Webhook
from portal.sign_in import api_tokens
from portal.webhooks import hooks

TESTER = audit.Actor("command", "", "A test")
PASSWORD = "correct horse battery"
PUBLIC = "https://8.8.8.8/hooks"
"""An address for which no name is looked up, and to which no test connects."""

numbers = itertools.count(1000)
"""Of clients: above those that tests name themselves, such as CAD-017."""


class AccountFactory(factory.django.DjangoModelFactory):
    name = factory.Sequence(lambda n: f"Account {n}")

    class Meta:
        model = Account


@functools.cache
def hashed_password() -> str:
    """The password as it is stored; hashing is slow on purpose, so it is done once."""
    return make_password(PASSWORD)


class UserFactory(factory.django.DjangoModelFactory):
    name = factory.Sequence(lambda n: f"Person {n}")
    email = factory.Sequence(lambda n: f"person{n}@example.com")
    password = factory.LazyFunction(hashed_password)

    class Meta:
        model = User


class MembershipFactory(factory.django.DjangoModelFactory):
    account = factory.SubFactory(AccountFactory)
    user = factory.SubFactory(UserFactory)
    role = Role.OWNER

    class Meta:
        model = Membership


def make_pool(seats: int = 10, **order) -> ProductKey:
    """The key of a new concurrent licence; ``plain`` on it is the product key."""
    account = order.pop("account", None) or AccountFactory()
    key, plain = licences.create(Order(account_name=account.name, seats=seats, **order), by=TESTER)
    key = keys.find(key.serial_number)
    key.plain = plain
    return key


def make_template(**asked):
    """A licence template of the usual product, for a year unless told otherwise."""
    product = Product.objects.get(code="asta-powerproject")
    own = {"name": "A year", "code": "", "product": product, "usage_model": "concurrent"}
    policy = {"grace_period": STRICT.grace_period, "reclaim_after": STRICT.reclaim_after}
    template = LicenceTemplate(**{**own, "seats": 5, "months": 12, **policy, **asked})
    templates.add(template, ["bim", "4d:3"], by=TESTER)
    return template


def make_single_user(seats: int = 1, **order) -> ProductKey:
    """The key of a new single-user licence; ``plain`` on it is the product key."""
    return make_pool(seats, usage_model=UsageModel.SINGLE_USER, **order)


def make_api_token(
    account: Account, *scopes: Scope, days: int = 90, by: audit.Actor = TESTER
) -> ApiToken:
    """An API token with these scopes, else with all; ``plain`` on it is its text."""
    token, plain = api_tokens.create(
        account,
        "Report",
        scopes or list(Scope),
        ends_at=clock.database_time() + dt.timedelta(days=days),
        by=by,
    )
    token.plain = plain
    return token


def make_webhook(account: Account, *events: str, address: str = PUBLIC) -> Webhook:
    """A webhook for these events, else for all."""
    return hooks.create(account, address, events, by=TESTER)


def make_client(**details) -> Client:
    """Desktop software of somebody new on a machine of their own, unless told otherwise."""
    number = next(numbers)
    details = {
        "machine_name": f"CAD-{number}",
        "username": f"ACME\\user{number}",
        "version": "16.0.02",
    } | details
    return Client(**details)


def make_session(
    key: ProductKey, client: Client | None = None, *, refreshed: dt.timedelta = dt.timedelta()
) -> ClientSession:
    """A session by which a client holds a seat, last refreshed so long ago."""
    grant, _ = sessions.check_out(key, client or make_client())
    session = ClientSession.objects.get(pk=grant.session_id)
    if refreshed:
        move_back(session, refreshed)
    return session


def move_back(session: ClientSession, by: dt.timedelta) -> None:
    """Move all of a session's times into the past, as if it had been quiet since."""
    times = ("started_at", "held_since", "refreshed_at", "grace_until", "reclaim_at", "ended_at")
    earlier = {
        name: ExpressionWrapper(F(name) - by, output_field=DateTimeField()) for name in times
    }
    ClientSession.objects.filter(pk=session.pk).update(**earlier)
    Licence.objects.filter(pk=session.licence_id).update(no_stale_before=None)
    session.refresh_from_db()


def days_from_today(days: int) -> dt.date:
    """A date so many days away."""
    return dt.datetime.now(dt.UTC).date() + dt.timedelta(days=days)


def ago(**amount) -> ExpressionWrapper:
    """The database's time so long ago."""
    return Now() - dt.timedelta(**amount)
