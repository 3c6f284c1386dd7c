"""The demo's people: who signs in, and in which role."""

from __future__ import annotations

import dataclasses
import datetime as dt

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import transaction

from licensing.audit import Actor
from licensing.models import Account, AuditEntry
from portal.models import Membership, Role, User
from support.demo.estate.accounts import BROOK, HARBOUR, HILL, MERIDIAN, NORTHERN

PASSWORD = "only-for-the-demo"  # noqa: S105


@dataclasses.dataclass(frozen=True, slots=True)
class Person:
    """Somebody who signs in: the vendor's staff, or a holder of the accounts in ``roles``."""

    name: str
    email: str
    roles: tuple[tuple[str, Role], ...] = ()
    groups: tuple[str, ...] = ()
    is_staff: bool = False


OWNER = Person("Priya Shah", "priya.shah@brook.example", ((BROOK, Role.OWNER),))
MANAGER = Person("Tom Reed", "tom.reed@brook.example", ((BROOK, Role.MANAGER), (HILL, Role.VIEWER)))
VIEWER = Person("Megan Price", "megan.price@brook.example", ((BROOK, Role.VIEWER),))
SUPPORT = Person(
    "Anna Kowalski", "anna.kowalski@vendor.example", groups=("Support",), is_staff=True
)
SALES = Person("Ben Carter", "ben.carter@vendor.example", groups=("Sales",), is_staff=True)
SUPERVISOR = Person(
    "Joan Marsh", "joan.marsh@vendor.example", groups=("Supervisor",), is_staff=True
)
NORTHERN_OWNER = Person("Ruth Ellison", "ruth.ellison@nig.example", ((NORTHERN, Role.OWNER),))
NEWCOMER = Person("Nadia Haddad", "nadia.haddad@meridian.example", ((MERIDIAN, Role.OWNER),))

PEOPLE = (
    OWNER,
    MANAGER,
    VIEWER,
    SUPPORT,
    SALES,
    NORTHERN_OWNER,
    NEWCOMER,
    Person("Daniel Hill", "daniel.hill@hilldale.example", ((HILL, Role.OWNER),)),
    Person("Freya Lund", "freya.lund@harbour.example", ((HARBOUR, Role.OWNER),)),
    SUPERVISOR,
)
SIGN_INS = {
    "customer owner": OWNER,
    "customer manager": MANAGER,
    "customer viewer": VIEWER,
    "owner of a large account": NORTHERN_OWNER,
    "owner of a new account": NEWCOMER,
    "support": SUPPORT,
    "sales": SALES,
    "supervisor": SUPERVISOR,
}


@transaction.atomic
def make_users(joined_at: dt.datetime) -> None:
    """Make everybody, with the demo's well-known password, members of no account yet."""
    hashed = make_password(PASSWORD)  # one for all: hashing is slow on purpose
    users = [
        User(
            name=person.name,
            email=person.email,
            password=hashed,
            is_staff=person.is_staff,
            date_joined=joined_at,
        )
        for person in PEOPLE
    ]
    User.objects.bulk_create(users)
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users
    )
    for person in PEOPLE:
        user_of(person).groups.set(Group.objects.filter(name__in=person.groups))


def join_accounts(joined_at: dt.datetime) -> None:
    """Make everybody a member of their accounts, since then or since there is the account."""
    accounts = {account.name: account for account in Account.objects.all()}
    opened = AuditEntry.objects.filter(action="account_created")
    opened_at = dict(opened.values_list("account__name", "at"))
    Membership.objects.bulk_create(
        Membership(
            user=user_of(person),
            account=accounts[account],
            role=role,
            invited_by=str(user_of(SUPPORT)),
            created_at=max(joined_at, opened_at[account]),
        )
        for person in PEOPLE
        for account, role in person.roles
        if account in accounts
    )


def user_of(person: Person) -> User:
    """The user of that person."""
    return User.objects.get(email=person.email)


def actor_of(person: Person) -> Actor:
    """The person as the audit record names them."""
    return user_of(person).as_actor
