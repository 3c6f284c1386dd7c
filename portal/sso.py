"""Single sign-on: who sets it up, and whom a provider's word signs in."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from licensing import audit
from licensing.errors import InvalidOperation
from licensing.keys import cipher
from licensing.models import Account
from portal import outbound
from portal.models import SingleSignOn, User, VerifiedDomain

DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
RECORD_BELOW = "_account-portal"
MOST_DOMAINS = 20


def domain_of(email: str) -> str:
    """The part of an address after its last @, in small letters."""
    return email.rpartition("@")[2].strip().lower()


def of_address(email: str) -> SingleSignOn | None:
    """The single sign-on that an address belongs to by its domain, whether or not it exists."""
    return SingleSignOn.objects.filter(
        account__email_domains__name=domain_of(email),
        account__email_domains__verified_at__isnull=False,
    ).first()


def record_name(domain: VerifiedDomain) -> str:
    """The name in the DNS at which the token is looked for."""
    return f"{RECORD_BELOW}.{domain.name}"


@transaction.atomic
def add_domain(account: Account, name: str, *, by: audit.Actor) -> VerifiedDomain:
    """Claim a domain, not yet verified. Raise InvalidOperation for what is none, or too many."""
    Account.objects.select_for_update(no_key=True).get(pk=account.pk)
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


def check_domain(domain: VerifiedDomain, *, by: audit.Actor) -> bool:
    """Look the token up in the DNS and count the domain as the account's; False if it is not there.

    Raise InvalidOperation if another account has verified the domain.
    """
    if domain.verified_at:
        return True
    texts_of = import_string(settings.DOMAIN_TEXTS)
    if domain.token not in texts_of(record_name(domain)):
        return False
    try:
        with transaction.atomic():
            domain.verified_at = audit.database_time()
            domain.save(update_fields=["verified_at"])
            audit.record(domain.account, "domain_verified", by=by, domain=domain.name)
    except IntegrityError:
        raise InvalidOperation(_("Another account uses this domain. Write to us.")) from None
    return True


@transaction.atomic
def remove_domain(domain: VerifiedDomain, *, by: audit.Actor, reason: str) -> None:
    """Nobody with an address there signs in through the account's provider any more."""
    audit.record(domain.account, "domain_removed", by=by, reason=reason, domain=domain.name)
    domain.delete()


def set_up(
    account: Account, *, issuer: str, client_id: str, secret: str, by: audit.Actor
) -> SingleSignOn:
    """Let people sign in through this provider, after asking it for its addresses.

    Raise InvalidOperation when it does not answer as a provider.
    """
    issuer = issuer.rstrip("/")
    values = {
        "issuer": issuer,
        "client_id": client_id,
        "encrypted_secret": cipher().encrypt(secret.encode()),
        "sign_in_origin": sign_in_origin(issuer),
        "changed_at": audit.database_time(),
    }
    with transaction.atomic():
        single, _made = SingleSignOn.objects.update_or_create(account=account, defaults=values)
        audit.record(account, "sso_set_up", by=by, issuer=issuer)
    return single


@transaction.atomic
def turn_off(account: Account, *, by: audit.Actor, reason: str) -> None:
    """Forget the provider. Raise InvalidOperation when there is none."""
    deleted, _rows = SingleSignOn.objects.filter(account=account).delete()
    if not deleted:
        raise InvalidOperation(_("Single sign-on is off already."))
    audit.record(account, "sso_turned_off", by=by, reason=reason)


def sign_in_origin(issuer: str) -> str:
    """Where the provider sends browsers to; raise InvalidOperation unless it is one we may ask."""
    try:
        with outbound.session() as session:
            answer = session.get(f"{issuer}/.well-known/openid-configuration")
        answer.raise_for_status()
        found = answer.json()
        addresses = [found[name] for name in ("authorization_endpoint", "token_endpoint")]
        if found["issuer"].rstrip("/") != issuer or not all(map(is_allowed, addresses)):
            raise InvalidOperation(_("The address answers, but not as the provider of this name."))
    except (requests.RequestException, KeyError, TypeError, AttributeError, ValueError):
        raise InvalidOperation(_("No sign-in service answers at this address.")) from None
    parts = urlsplit(addresses[0])
    return f"{parts.scheme}://{parts.netloc}"


def is_allowed(address: str) -> bool:
    """Whether an address is a plain one that the page's security policy can name."""
    schemes = ("https", "http") if settings.SSO_ALLOWS_INTERNAL_PROVIDERS else ("https",)
    parts = urlsplit(address)
    return parts.scheme in schemes and bool(re.fullmatch(r"[A-Za-z0-9.:-]+", parts.netloc))


def person(single: SingleSignOn, claims: dict[str, Any]) -> User | None:
    """Whom the provider's word signs in; None if it signs in nobody.

    Only somebody who holds the account, with an address that the provider verified, in a
    domain that the account verified; never the vendor's staff.
    """
    email = str(claims.get("email") or "")
    is_vouched_for = claims.get("email_verified") is True or is_owner_verified(claims)
    if not is_vouched_for or not has_verified(single.account, email):
        return None
    return User.objects.filter(
        email__iexact=email,
        is_active=True,
        is_staff=False,
        is_superuser=False,
        memberships__account=single.account,
    ).first()


def is_owner_verified(claims: dict[str, Any]) -> bool:
    """Whether Microsoft Entra says that the address's domain is its tenant's own."""
    return claims.get("xms_edov") in (True, 1, "1", "true")


def has_verified(account: Account, email: str) -> bool:
    """Whether the address is in one of the account's verified domains."""
    verified = account.email_domains.filter(verified_at__isnull=False)
    return verified.filter(name=domain_of(email)).exists()
