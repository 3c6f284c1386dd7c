"""Single sign-on: setting an account's provider up, testing and requiring it."""

from __future__ import annotations

from typing import NamedTuple

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licensing import audit, clock
from licensing.encryption import encrypt
from licensing.errors import InvalidOperation
from licensing.models import Account
from licensing.models.spelling import Alphabetical
from portal.models import (
    Membership,
    Protocol,
    ProviderLink,
    SingleSignOn,
    User,
    VerifiedDomain,
)
from portal.outbound import asking, turns
from portal.people import mails_to_owners
from portal.sign_in import two_step
from portal.sso import discovery
from portal.sso.saml_metadata import Metadata


class Identity(NamedTuple):
    """What makes somebody's id at a provider theirs: with another client it may be another's."""

    protocol: str
    issuer: str
    client_id: str


def of_account(account: Account) -> SingleSignOn | None:
    """The account's single sign-on, if it has one."""
    return SingleSignOn.objects.select_related("account").filter(account=account).first()


def of_address(email: str) -> SingleSignOn | None:
    """The single sign-on that an address belongs to by its domain, whether or not it exists."""
    domains = VerifiedDomain.objects.of(email)
    return SingleSignOn.objects.filter(account__in=domains.values("account")).first()


def required_of(email: str) -> SingleSignOn | None:
    """The single sign-on that is required of an address by its domain, whether or not it exists."""
    single = of_address(email)
    return single if single and single.required_at else None


def set_up_openid(
    account: Account, *, issuer: str, client_id: str, secret: str, by: audit.Actor
) -> SingleSignOn:
    """Let people sign in through this provider, after asking it for its addresses.

    It counts as untested. Raise InvalidOperation when it does not answer as a provider,
    and while single sign-on is required through another.
    """
    issuer = issuer.rstrip("/")
    with turns.turn(account.pk):
        found = discovery.asked(issuer)
    return set_up(
        account,
        protocol=Protocol.OPENID,
        issuer=issuer,
        client_id=client_id,
        encrypted_secret=encrypt(secret),
        sign_in_origin=asking.origin_of(found["authorization_endpoint"]),
        by=by,
    )


def set_up_saml(
    account: Account, metadata: Metadata, *, metadata_url: str = "", by: audit.Actor
) -> SingleSignOn:
    """Let people sign in through the provider that has this metadata.

    Read from ``metadata_url``, it is read anew from there (see ``saml_renewals``). It counts as
    untested. Raise InvalidOperation while single sign-on is required through another.
    """
    return set_up(
        account,
        protocol=Protocol.SAML,
        issuer=metadata.entity_id,
        sign_in_url=metadata.sign_in_url,
        certificates=metadata.certificates,
        metadata_url=metadata_url,
        metadata_read_at=clock.database_time(),
        sign_in_origin=asking.origin_of(metadata.sign_in_url),
        by=by,
    )


@transaction.atomic
def set_up(account: Account, *, by: audit.Actor, **values: object) -> SingleSignOn:
    """Make this the account's provider. Who is who at it is kept if it is still the same."""
    single = SingleSignOn(account=account, **values)
    before = locked(account)
    if before and identity(before) != identity(single):
        if before.required_at:
            raise InvalidOperation(_("Stop requiring single sign-on first."))
        before.links.all().delete()
    if before:
        single.required_at, single.takes_newcomers = before.required_at, before.takes_newcomers
    single.changed_at = clock.database_time()
    single.save(force_insert=before is None)
    audit.record(account, "sso_set_up", by=by, issuer=single.issuer)
    if single.required_at:
        subject = gettext_lazy("The sign-in service of %(account)s was set up anew")
        mails_to_owners.tell(account, subject, by=by)
    return single


def identity(single: SingleSignOn) -> Identity:
    """What stays when the provider's secret or certificates are renewed."""
    return Identity(single.protocol, single.issuer, single.client_id)


def locked(account: Account) -> SingleSignOn | None:
    """The account's single sign-on as it is, while nobody else changes it."""
    Account.objects.locked(account.pk)
    return of_account(account)


def is_still(current: SingleSignOn | None, seen: SingleSignOn) -> bool:
    """Whether the account's provider is set up as it was when we last saw it."""
    return current is not None and current.changed_at == seen.changed_at


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
    mails_to_owners.tell(account, subject, by=by, reason=reason)


@transaction.atomic
def mark_tested(single: SingleSignOn, *, by: audit.Actor) -> None:
    """Remember that an owner came back from this provider.

    Raise InvalidOperation when it was set up anew while they were on their way.
    """
    if not is_still(locked(single.account), single):
        raise InvalidOperation(_("The provider was set up anew meanwhile. Test it once more."))
    single.tested_at = clock.database_time()
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
    single.required_at = clock.database_time()
    single.save(update_fields=["required_at"])
    audit.record(account, "sso_required", by=by, reason=reason)
    subject = gettext_lazy("Single sign-on is required in %(account)s")
    mails_to_owners.tell(account, subject, by=by, reason=reason)


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
    mails_to_owners.tell(account, subject, by=by, reason=reason)


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
    mails_to_owners.tell(account, subject, by=by, reason=reason)
    return True


def owners_with_another_way(account: Account) -> QuerySet[Membership]:
    """The owners who can open the account when the provider fails."""
    return (
        account.memberships.owners()
        .filter(two_step.steps_of("user"))
        .select_related("user")
        .order_by(Alphabetical("user__name"), "pk")
    )


@transaction.atomic
def unlink(link: ProviderLink, *, by: audit.Actor, reason: str) -> None:
    """Forget who the person is at the provider: their address decides once more.

    What they have open through the provider closes.
    """
    person = str(link.membership.user)
    audit.record(link.single.account, "sso_unlinked", by=by, reason=reason, person=person)
    link.delete()


@transaction.atomic
def note_emergency(membership: Membership, *, by: audit.Actor, reason: str) -> None:
    """Record that an owner opened the account without its provider, and mail all owners."""
    audit.record(membership.account, "sso_gone_without", by=by, reason=reason)
    subject = gettext_lazy("%(person)s opened %(account)s without single sign-on")
    mails_to_owners.tell(membership.account, subject, by=by, reason=reason)
