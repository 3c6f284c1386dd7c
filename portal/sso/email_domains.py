"""The e-mail domains that an account claims, and verifies by its DNS."""

from __future__ import annotations

import re

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from licensing import audit, clock
from licensing.errors import InvalidOperation
from licensing.models import Account
from licensing.models.spelling import Alphabetical
from portal.lists.cursors import By, Id, Order, Text
from portal.models import Membership, ProviderLink, VerifiedDomain
from portal.outbound import asking, turns

DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
RECORD_BELOW = "_account-portal"
MOST_DOMAINS = 20
PEOPLE = Order(
    (By(name="person_name", kind=Text, expression=F("user__name")), By(name="pk", kind=Id))
)
"""How people with an address in a domain are listed."""


def record_name(domain: VerifiedDomain) -> str:
    """The name in the DNS at which the token is looked for."""
    return f"{RECORD_BELOW}.{domain.name}"


@transaction.atomic
def add(account: Account, name: str, *, by: audit.Actor) -> VerifiedDomain:
    """Claim a domain, not yet verified. Raise InvalidOperation for what is none, or too many."""
    Account.objects.locked(account.pk)
    name = name.strip().lower().rstrip(".")
    if not DOMAIN.fullmatch(name):
        raise InvalidOperation(_("Type a domain such as example.com."))
    if account.email_domains.filter(name=name).exists():
        raise InvalidOperation(_("This domain is in the list already."))
    if account.email_domains.count() >= MOST_DOMAINS:
        raise InvalidOperation(_("There are too many domains. Remove one first."))
    domain = account.email_domains.create(name=name)
    audit.record(account, "domain_added", by=by, domain=name)
    return domain


def check(domain: VerifiedDomain, *, by: audit.Actor) -> bool:
    """Look the token up in the DNS and count the domain as the account's; False if it is not there.

    Raise InvalidOperation if another account has verified the domain; Unanswered, Busy.
    """
    if domain.verified_at:
        return True
    with turns.turn(domain.account_id):
        texts = asking.texts_of(record_name(domain))
    if domain.token not in texts:
        return False
    try:
        with transaction.atomic():
            domain.verified_at = clock.database_time()
            domain.save(update_fields=["verified_at"])
            audit.record(domain.account, "domain_verified", by=by, domain=domain.name)
    except IntegrityError:
        raise InvalidOperation(_("Another account uses this domain. Write to us.")) from None
    return True


@transaction.atomic
def remove(domain: VerifiedDomain, *, by: audit.Actor, reason: str) -> None:
    """Nobody with an address there signs in through the account's provider any more."""
    links = ProviderLink.objects.filter(membership__account=domain.account)
    links.filter(membership__user__email__iendswith=f"@{domain.name}").delete()
    audit.record(domain.account, "domain_removed", by=by, reason=reason, domain=domain.name)
    domain.delete()


def has_verified(account: Account, email: str) -> bool:
    """Whether the address is in one of the account's verified domains."""
    return account.email_domains.of(email).exists()


def people_in(account: Account) -> QuerySet[Membership]:
    """The account's people whose address is in one of its verified domains, but for staff."""
    names = account.email_domains.verified().values_list("name", flat=True)
    in_one = Q(pk__in=[])
    for name in names:
        in_one |= Q(user__email__iendswith=f"@{name}")
    people = account.memberships.active().filter(in_one, user__is_staff=False)
    return people.select_related("user").order_by(Alphabetical("user__name"), "pk")
