"""Whom a provider's word signs in: by the id that it gives them, at first by their address."""

from __future__ import annotations

import enum
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext_lazy

from licensing import audit
from licensing.models import Account
from licensing.names import on_one_line
from portal.models import Invitation, Membership, ProviderLink, Role, SingleSignOn, User
from portal.people import invitations, mails_to_owners
from portal.sso import email_domains, single_sign_on


class Why(enum.Enum):
    """Why a provider's word lets nobody in."""

    NO_ADDRESS = enum.auto()
    """It names no e-mail address, or none that the provider verified."""
    OTHER_DOMAIN = enum.auto()
    """The address is in no domain that the account verified."""
    UNKNOWN = enum.auto()
    """Nobody of the account has the address."""
    SOMEBODY_ELSE = enum.auto()
    """Whoever has the address is somebody else at the provider."""
    BARRED = enum.auto()
    """The person was made inactive, or works for the vendor."""
    SET_UP_ANEW = enum.auto()
    """The account has another provider by now, or none."""


class NotLetIn(Exception):
    """The provider's word lets nobody in; the address that it names may be empty."""

    def __init__(self, why: Why, email: str = "") -> None:
        super().__init__(why.name)
        self.why = why
        self.email = email


def membership_of(single: SingleSignOn, claims: dict[str, Any]) -> Membership:
    """Who of the account the provider vouches for; nothing is changed. Raise NotLetIn.

    Somebody it has vouched for before is known by its id for them, whatever their address
    is now. Anybody else is known by an address that it verified in a domain that the
    account verified, unless that is somebody else's there.
    """
    link = single.links.filter(subject=claims["sub"]).select_related("membership__user").first()
    if link:
        return let_in(link.membership)
    email = vouched_address(single, claims)
    members = Membership.objects.filter(account=single.account, user__email__iexact=email)
    member = members.select_related("user", "provider_link").first()
    if member is None:
        raise NotLetIn(Why.UNKNOWN, email)
    if hasattr(member, "provider_link"):
        raise NotLetIn(Why.SOMEBODY_ELSE, email)
    return let_in(member)


def vouched_address(single: SingleSignOn, claims: dict[str, Any]) -> str:
    """The address that the provider may speak for, in small letters. Raise NotLetIn."""
    is_vouched_for = claims.get("email_verified") is True or is_owner_verified(claims)
    try:
        email = invitations.normalise(str(claims.get("email") or ""))
    except invitations.NoAddress:
        raise NotLetIn(Why.NO_ADDRESS) from None
    if not is_vouched_for:
        raise NotLetIn(Why.NO_ADDRESS, email)
    if not email_domains.has_verified(single.account, email):
        raise NotLetIn(Why.OTHER_DOMAIN, email)
    return email


def is_owner_verified(claims: dict[str, Any]) -> bool:
    """Whether Microsoft Entra says that the address's domain is its tenant's own."""
    return claims.get("xms_edov") in (True, 1, "1", "true")


def let_in(membership: Membership) -> Membership:
    """The same; raise NotLetIn for the vendor's staff and people made inactive."""
    require_let_in(membership.user)
    return membership


def require_let_in(user: User) -> None:
    """Raise NotLetIn for the vendor's staff and people made inactive."""
    if user.is_staff or user.is_superuser or not user.is_active:
        raise NotLetIn(Why.BARRED, user.email)


def recognise(single: SingleSignOn, claims: dict[str, Any]) -> ProviderLink:
    """Who signs in, remembered by the provider's id for them from now on.

    An invited person accepts by it; where the account takes newcomers, others join as
    viewers. Raise NotLetIn; an address that changed hands is told to the audit record.
    """
    try:
        return linked(single, claims)
    except NotLetIn as refusal:
        if refusal.why is Why.SOMEBODY_ELSE:
            by = audit.Actor("person", "", refusal.email)
            with transaction.atomic():
                audit.record(single.account, "sso_refused", by=by, issuer=single.issuer)
        raise


@transaction.atomic
def linked(single: SingleSignOn, claims: dict[str, Any]) -> ProviderLink:
    """The person's link, made if it is their first sign-in."""
    current = SingleSignOn.objects.select_for_update().filter(pk=single.pk).first()
    if not single_sign_on.is_still(current, single):  # else locked: one link for each
        raise NotLetIn(Why.SET_UP_ANEW)
    try:
        member = membership_of(single, claims)
    except NotLetIn as refusal:
        if refusal.why is not Why.UNKNOWN:
            raise
        member = newcomer(single, refusal.email, name_in(claims, refusal.email))
    link, is_new = ProviderLink.objects.get_or_create(
        single=single, membership=member, defaults={"subject": claims["sub"]}
    )
    if is_new:
        audit.record(single.account, "sso_linked", by=member.user.as_actor, issuer=single.issuer)
    return link


def name_in(claims: dict[str, Any], email: str) -> str:
    """What the provider calls somebody; else what stands before the @."""
    said = "".join(filter(str.isprintable, str(claims.get("name") or ""))).strip()
    return (said or email.partition("@")[0])[:150]


def newcomer(single: SingleSignOn, email: str, name: str) -> Membership:
    """Let in somebody who was invited, or whom nobody invited if the account takes such.

    Raise NotLetIn where it does not.
    """
    account = single.account
    user = User.objects.of_address(email)
    if user:
        require_let_in(user)
    invited = Invitation.objects.open().filter(account=account, email__iexact=email).first()
    if invited:
        user = invitations.accept(invited, name=on_one_line(name))
        return account.memberships.select_related("user").get(user=user)
    if not single.takes_newcomers:
        raise NotLetIn(Why.UNKNOWN, email)
    if Account.objects.locked(account.pk).closed_at:
        raise NotLetIn(Why.UNKNOWN, email)
    user = user or User.objects.create_user(email, name=on_one_line(name))
    known = {"verified": True, "primary": True}  # the provider vouches for the address
    EmailAddress.objects.get_or_create(user=user, email=user.email, defaults=known)
    member = account.memberships.create(user=user, role=Role.VIEWER)
    audit.record(member, "sso_joined", by=user.as_actor, issuer=single.issuer)
    subject = gettext_lazy("%(person)s joined %(account)s by single sign-on")
    mails_to_owners.tell(account, subject, by=user.as_actor)
    return member
