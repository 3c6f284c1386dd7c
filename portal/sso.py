"""Single sign-on: setting an account's provider up, testing and requiring it."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import urlsplit

import requests
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licensing import audit
from licensing.errors import InvalidOperation
from licensing.keys import cipher
from licensing.models import Account
from portal import email_domains, outbound, owners, two_step
from portal.models import Membership, ProviderLink, Role, SingleSignOn, User, VerifiedDomain


class OwnClient(NamedTuple):
    """What makes somebody's id at a provider theirs: with another client it may be another's."""

    issuer: str
    client_id: str


def of_account(account: Account) -> SingleSignOn | None:
    """The account's single sign-on, if it has one."""
    return SingleSignOn.objects.select_related("account").filter(account=account).first()


def of_address(email: str) -> SingleSignOn | None:
    """The single sign-on that an address belongs to by its domain, whether or not it exists."""
    domains = VerifiedDomain.objects.verified().filter(name=email_domains.domain_of(email))
    return SingleSignOn.objects.filter(account__in=domains.values("account")).first()


def required_of(email: str) -> SingleSignOn | None:
    """The single sign-on that is required of an address by its domain, whether or not it exists."""
    single = of_address(email)
    return single if single and single.required_at else None


def set_up(
    account: Account, *, issuer: str, client_id: str, secret: str, by: audit.Actor
) -> SingleSignOn:
    """Let people sign in through this provider, after asking it for its addresses.

    It counts as untested. Raise InvalidOperation when it does not answer as a provider,
    and while single sign-on is required.
    """
    issuer = issuer.rstrip("/")
    values = {
        "issuer": issuer,
        "client_id": client_id,
        "encrypted_secret": cipher().encrypt(secret.encode()),
        "sign_in_origin": sign_in_origin(issuer),
        "tested_at": None,
    }
    with transaction.atomic():
        before = locked(account)
        if before and before.required_at:
            raise InvalidOperation(_("Stop requiring single sign-on first."))
        if before and OwnClient(before.issuer, before.client_id) != OwnClient(issuer, client_id):
            before.links.all().delete()
        values["changed_at"] = audit.database_time()
        single, _made = SingleSignOn.objects.update_or_create(account=account, defaults=values)
        audit.record(account, "sso_set_up", by=by, issuer=issuer)
    return single


def locked(account: Account) -> SingleSignOn | None:
    """The account's single sign-on as it is, while nobody else changes it."""
    audit.lock(account.pk)
    return of_account(account)


def locked_or_refuse(account: Account) -> SingleSignOn:
    """The same; raise InvalidOperation when there is none."""
    single = locked(account)
    if single is None:
        raise InvalidOperation(_("Single sign-on is off."))
    return single


@transaction.atomic
def turn_off(account: Account, *, by: audit.Actor, reason: str) -> None:
    """Forget the provider, and who is who there. Raise InvalidOperation when there is none."""
    locked_or_refuse(account).delete()
    audit.record(account, "sso_turned_off", by=by, reason=reason)
    subject = gettext_lazy("Single sign-on was turned off in %(account)s")
    owners.tell_later(account, subject, by=by, reason=reason)


@transaction.atomic
def mark_tested(single: SingleSignOn, *, by: audit.Actor) -> None:
    """Remember that an owner came back from the provider as it is set up now."""
    single.tested_at = audit.database_time()
    single.save(update_fields=["tested_at"])
    audit.record(single.account, "sso_tested", by=by, issuer=single.issuer)


@transaction.atomic
def require(account: Account, owner: User, *, by: audit.Actor, reason: str) -> None:
    """Let nobody in a verified domain open the account in another way, but for owners in need.

    Raise InvalidOperation with what is missing: see ``why_not_required``.
    """
    single = locked_or_refuse(account)
    if single.required_at:
        raise InvalidOperation(_("Single sign-on is required already."))
    if missing := why_not_required(single, owner):
        raise InvalidOperation(missing)
    single.required_at = audit.database_time()
    single.save(update_fields=["required_at"])
    audit.record(account, "sso_required", by=by, reason=reason)
    subject = gettext_lazy("Single sign-on is required in %(account)s")
    owners.tell_later(account, subject, by=by, reason=reason)


def why_not_required(single: SingleSignOn, owner: User) -> str:
    """What an owner has to do before they can require it; empty when nothing is missing."""
    if not single.account.email_domains.verified().exists():
        return _("Verify an e-mail domain first.")
    if single.tested_at is None:
        return _("Test sign-in first, with the provider as it is set up now.")
    if not two_step.has(owner):
        return _(
            "Set up two-step sign-in or a passkey for yourself first: when the provider fails, "
            "owners open the account with it."
        )
    return ""


@transaction.atomic
def stop_requiring(account: Account, *, by: audit.Actor, reason: str) -> None:
    """Let people choose how they sign in. Raise InvalidOperation when it is not required."""
    single = locked_or_refuse(account)
    if not single.required_at:
        raise InvalidOperation(_("Single sign-on is not required."))
    single.required_at = None
    single.save(update_fields=["required_at"])
    audit.record(account, "sso_not_required", by=by, reason=reason)
    subject = gettext_lazy("Single sign-on is optional again in %(account)s")
    owners.tell_later(account, subject, by=by, reason=reason)


@transaction.atomic
def take_newcomers(account: Account, taken: bool, *, by: audit.Actor, reason: str) -> bool:
    """Let people whom nobody invited join as viewers, or not; False when it is so already."""
    single = locked_or_refuse(account)
    if single.takes_newcomers == taken:
        return False
    single.takes_newcomers = taken
    single.save(update_fields=["takes_newcomers"])
    audit.record(account, "sso_newcomers_changed", by=by, reason=reason, taken=taken)
    subject = (
        gettext_lazy("People can join %(account)s by single sign-on")
        if taken
        else gettext_lazy("Nobody joins %(account)s by single sign-on any more")
    )
    owners.tell_later(account, subject, by=by, reason=reason)
    return True


def owners_with_another_way(account: Account) -> QuerySet[Membership]:
    """The owners who can open the account when the provider fails."""
    people = account.memberships.filter(role=Role.OWNER, user__is_active=True)
    return people.filter(two_step.steps_of("user")).select_related("user").order_by("user__name")


@transaction.atomic
def unlink(link: ProviderLink, *, by: audit.Actor, reason: str) -> None:
    """Forget who the person is at the provider: their address decides once more.

    What they have open through the provider closes.
    """
    person = str(link.membership.user)
    audit.record(link.single.account, "sso_unlinked", by=by, reason=reason, person=person)
    link.delete()


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


@transaction.atomic
def note_emergency(membership: Membership, *, by: audit.Actor, reason: str) -> None:
    """Record that an owner opened the account without its provider, and mail all owners."""
    audit.record(membership.account, "sso_gone_without", by=by, reason=reason)
    subject = gettext_lazy("%(person)s opened %(account)s without single sign-on")
    owners.tell_later(membership.account, subject, by=by, reason=reason)
