"""Invitations: how people come to an account."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from email.utils import getaddresses
from itertools import zip_longest

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, validate_email
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext as _

from licensing import audit, clock
from licensing.errors import AlreadyDone, InvalidOperation
from licensing.models import Account
from portal.mail import deliveries, mails
from portal.models import Invitation, Membership, Role, User

PART = re.compile(r'(?:"[^"]*"|[^;\r\n])+')
BETWEEN = re.compile(r"[\s,]+")
BARE = re.compile(r'([^\s,<>"]+@[^\s,<>"]+)\s+')
LINK = re.compile(r"\bmailto:\s*", re.IGNORECASE)
GOOD_FOR = dt.timedelta(days=7)
LONGEST_ADDRESS = User._meta.get_field("email").max_length


class NoAddress(InvalidOperation):
    """What was given is no e-mail address."""


@transaction.atomic
def invite(
    account: Account,
    email: str,
    role: Role,
    *,
    by: audit.Actor,
    reason: str = "",
    message: str = "",
) -> Invitation:
    """Offer somebody a role in an account; they get a mail.

    Who was invited before gets a new invitation, and the old one ends. Raise
    InvalidOperation when it is no e-mail address, when the person is in the
    account already or of the vendor's staff, and when the account is closed.
    """
    email = normalise(email)
    lock(account.pk)  # one open invitation each
    Account.objects.get(pk=account.pk).require_open()
    require_new_to(account, email)
    for earlier in account.invitations.pending().filter(email=email):
        end(earlier)

    invitation = Invitation.objects.create(
        account=account,
        email=email,
        role=role,
        invited_by=inviter(by),
        message=message,
        ends_at=clock.database_time() + GOOD_FOR,
    )
    audit.record(invitation, "person_invited", by=by, reason=reason, role=str(role))
    send(invitation, by=by)
    return invitation


@transaction.atomic
def invite_all(
    account: Account, emails: Iterable[str], role: Role, *, by: audit.Actor, message: str = ""
) -> list[Invitation]:
    """Offer several people the same role, all of them or, where ``invite`` raises, none."""
    return [invite(account, email, role, by=by, message=message) for email in emails]


@transaction.atomic
def resend(invitation: Invitation, *, by: audit.Actor, reason: str = "") -> None:
    """Mail an invitation again, the same address good for seven more days from now.

    Raise InvalidOperation when it was used or cancelled, or the person has joined otherwise.
    """
    waiting = locked(invitation)
    require_new_to(waiting.account, waiting.email)
    waiting.ends_at, waiting.asked_again_at = clock.database_time() + GOOD_FOR, None
    waiting.save(update_fields=["ends_at", "asked_again_at"])
    audit.record(waiting, "invitation_resent", by=by, reason=reason, email=waiting.email)
    send(waiting, by=by)


@transaction.atomic
def cancel(invitation: Invitation, *, by: audit.Actor, reason: str = "") -> None:
    """Take an invitation back. Raise InvalidOperation when it was used or cancelled."""
    waiting = locked(invitation)
    end(waiting)
    audit.record(waiting, "invitation_cancelled", by=by, reason=reason, email=waiting.email)


def end(invitation: Invitation) -> None:
    """It can't be accepted any more, and its mail need not arrive."""
    invitation.cancelled_at = clock.database_time()
    invitation.save(update_fields=["cancelled_at"])
    deliveries.withdraw(invitation.mail)


@transaction.atomic
def ask_again(invitation: Invitation) -> bool:
    """Tell the account's owners that the invited person wants a new one; once, else False.

    Nothing happens either while it can still be accepted, or when it was.
    """
    lock(invitation.account_id)
    ended = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, asked_again_at=None)
    ended = ended.filter(Q(ends_at__lte=Now()) | Q(cancelled_at__isnull=False))
    if not ended.update(asked_again_at=Now()):
        return False
    by = audit.Actor("person", "", invitation.email)
    audit.record(invitation, "invitation_asked_for", by=by)
    tell_owners(invitation)
    return True


def tell_owners(invitation: Invitation) -> None:
    """Mail each owner that somebody asks for a new invitation."""
    account = invitation.account
    context = {"invitation": invitation, "url": settings.BASE_URL + reverse("portal:people")}
    owners = account.memberships.owners()
    for email in owners.values_list("user__email", flat=True):
        mails.write("invitation_asked", context, to=email, account=account)


def locked(invitation: Invitation) -> Invitation:
    """The pending invitation, nobody else's until the transaction is done."""
    lock(invitation.account_id)
    pending = Invitation.objects.pending().select_for_update(of=["self"])
    found = pending.select_related("account").filter(pk=invitation.pk).first()
    if found is None:
        raise InvalidOperation(_("This invitation has been used or cancelled."))
    return found


def lock(account_id: int) -> None:
    """Lock the account, as each entry in its record does, before any invitation.

    Taking a person out of an account comes to their invitations with the account locked.
    """
    Account.objects.locked(account_id)


def addresses_in(text: str) -> list[str]:
    """What stands for addresses in a text: bare ones, or ``Tom Reed <tom@brook.example>;``.

    As mail programs copy them: names, in quotes or with a comma, are not meant, nor is the
    ``mailto:`` of a link.
    """
    found: dict[str, None] = {}
    for part in PART.findall(LINK.sub("", text)):
        told = named_in(part) if "<" in part else BETWEEN.split(part)
        found.update(dict.fromkeys(filter(None, told)))
    return list(found)


def named_in(part: str) -> list[str]:
    """The addresses among which some stand in angle brackets, behind a name."""
    apart = BARE.sub(r"\1, ", part)  # or it would become one with the name that follows
    told = [address for _name, address in getaddresses([apart], strict=False)]
    return [one for one, after in zip_longest(told, told[1:]) if "@" in one or after is None]


def normalise(email: str) -> str:
    """The address as it is stored; raise NoAddress when it is none."""
    email = email.strip().lower()
    try:
        validate_email(email)
        MaxLengthValidator(LONGEST_ADDRESS)(email)
    except ValidationError:
        raise NoAddress(why_no_address(email)) from None
    return email


def why_no_address(email: str) -> str:
    """What keeps it from being one: who has a letter of their own before the @ is told of that."""
    local, is_one, _domain = email.rpartition("@")
    if is_one and not local.isascii():
        words = _(
            "“%s” has letters before the @ that not every mail server takes, such as ö: ask for "
            "the address without them."
        )
        return words % email
    return _("“%s” is not an e-mail address.") % email


def require_new_to(account: Account, email: str) -> None:
    """Raise InvalidOperation when the person is in the account already, or of the staff."""
    require_no_staff(email)
    member = account.memberships.filter(user__email__iexact=email).first()
    if member:
        role = member.get_role_display()
        words = {"email": email, "account": account, "role": role}
        told = _("%(email)s is in %(account)s already, as %(role)s.") % words
        raise InvalidOperation(told, part="email")


def require_no_staff(email: str) -> None:
    """Raise InvalidOperation when it is the vendor's staff, who would read the account's keys."""
    user = User.objects.of_address(email)
    if user and user.is_staff:
        told = _("%s is of our staff, and can't be in a customer's account.") % email
        raise InvalidOperation(told, part="email")


def inviter(by: audit.Actor) -> str:
    """Who invites, as the invited person should read it: a name, or the vendor."""
    return by.name.rpartition(" <")[0] or by.name if by.kind == "person" else settings.VENDOR_NAME


def address(invitation: Invitation) -> str:
    """The page on which it is accepted; who has the address may accept."""
    return settings.BASE_URL + reverse("portal:invitation", args=[invitation.code])


def send(invitation: Invitation, *, by: audit.Actor) -> None:
    """Mail the invitation to whom it invites, in place of the mail that went out before."""
    deliveries.withdraw(invitation.mail)
    context = {"invitation": invitation, "url": address(invitation)}
    invitation.mail = mails.write(
        "invitation",
        context,
        to=invitation.email,
        account=invitation.account,
        asked_by=by,
        valid_until=invitation.ends_at,
    )
    invitation.save(update_fields=["mail"])


@transaction.atomic
def accept(invitation: Invitation, name: str = "", password: str | None = None) -> User:
    """Make the invited person a member; return them.

    ``name`` and ``password`` are those of a newcomer; somebody who can sign in
    already keeps theirs. Raise AlreadyDone when the invitation was used,
    cancelled, or has ended.
    """
    lock(invitation.account_id)
    still_open = Invitation.objects.open().select_for_update(of=["self"])
    offered = still_open.select_related("account").filter(pk=invitation.pk).first()
    if offered is None:
        raise AlreadyDone(_("This invitation has been used or has ended."))

    user = User.objects.of_address(offered.email) or User.objects.create_user(
        offered.email, password, name=name
    )
    known = {"verified": True, "primary": True}  # the invitation proves the address
    EmailAddress.objects.get_or_create(user=user, email=user.email, defaults=known)
    membership, _created = Membership.objects.get_or_create(
        account=offered.account,
        user=user,
        defaults={"role": offered.role, "invited_by": offered.invited_by},
    )
    Invitation.objects.filter(pk=offered.pk).update(accepted_at=Now())
    deliveries.withdraw(offered.mail)

    audit.record(membership, "person_joined", by=user.as_actor, role=membership.role)
    return user
