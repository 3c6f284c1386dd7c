"""People of an account: who they are, what they may do, and leaving."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Case, Model, QuerySet, Value, When
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext as _

from licensing import audit, clock
from licensing.errors import InvalidOperation
from licensing.models import Account
from licensing.models.spelling import Alphabetical
from portal.lists.cursors import By, Id, Order, Text
from portal.lists.search_tokens import Search
from portal.models import Invitation, Membership, Role
from portal.sign_in import api_tokens, two_step

MOST_NAMES = 3
OWNERS_FIRST = Case(
    *(When(role=role, then=Value(place)) for place, role in enumerate(reversed(Role))),
    default=Value(len(Role)),
)
ORDER = Order(
    (
        By(name="owners_first", kind=Id, expression=OWNERS_FIRST),
        By(name="person_name", kind=Text, expression=Alphabetical("user__name")),
        By(name="pk", kind=Id),
    )
)
"""Owners first, then by name."""


def of(account: Account) -> QuerySet[Membership]:
    """The account's people, owners first; each ``has_two_step`` or has not."""
    people = account.memberships.select_related("user")
    people = people.annotate(has_two_step=two_step.steps_of("user"))
    return ORDER.on(people)


def address_in(account: Account, typed: str) -> str:
    """What was typed as somebody's user name, where it is how they sign in or are invited; or "".

    Whoever is asked for by an address alone means the person, in whichever box it was typed.
    """
    if "@" not in typed:
        return ""
    signs_in = account.memberships.filter(user__email__iexact=typed)
    is_known = signs_in.exists() or account.invitations.filter(email__iexact=typed).exists()
    return typed if is_known else ""


def found(account: Account, search: Search) -> QuerySet[Membership]:
    """The account's people whose name or e-mail address has every word of the search in it."""
    return of(account).filter(search.having("user__name", "user__email"))


def is_last_owner(membership: Membership) -> bool:
    """Whether nobody would own the account without this person."""
    if membership.role != Role.OWNER:
        return False
    return not membership.account.memberships.owners().exclude(pk=membership.pk).exists()


def needs_an_owner(account: Account) -> str:
    """Why the last owner stays one."""
    return _("%s needs an owner. Make someone else owner first.") % account


@transaction.atomic
def change_role(membership: Membership, role: Role, *, by: audit.Actor, reason: str = "") -> bool:
    """Let a person do more, or less, from now on; False when it is their role already.

    Raise InvalidOperation for the last owner, and when the person has left.
    """
    member = locked(membership)
    before = member.role
    if member.role == role:
        return False
    require_another_owner(member)
    member.role = role
    member.save(update_fields=["role"])
    audit.record(
        member,
        "role_changed",
        by=by,
        reason=reason,
        person=str(member.user),
        before=before,
        after=str(role),
    )
    return True


def effects_of_removal(member: Membership) -> list[str]:
    """What removing somebody means, in sentences."""
    others = member.user.memberships.exclude(pk=member.pk).count()
    effects = [
        _("%(person)s, %(role)s, sees nothing of this account from their next click.")
        % {"person": member.user, "role": member.get_role_display()},
        _("Programs on their PC stay open. To end their sessions too, use “Remove a leaver”."),
        _("You can invite them again at any time."),
    ]
    if count := api_tokens.made_by(member.account, member.user).count():
        effects.insert(1, of_tokens(count))
    if others:
        stays = ngettext(
            "They stay in %(n)s other account.", "They stay in %(n)s other accounts.", others
        )
        effects.insert(1, stays % {"n": others})
    return effects


def of_tokens(count: int) -> str:
    """What becomes of API tokens that somebody made who leaves."""
    words = ngettext(
        "%(n)s API token that they made stops working. Whatever uses it needs a new one.",
        "%(n)s API tokens that they made stop working. Whatever uses them needs new ones.",
        count,
    )
    return words % {"n": count}


@transaction.atomic
def remove(membership: Membership, *, by: audit.Actor, reason: str = "") -> None:
    """Take a person out of the account: they see nothing of it from their next request.

    Their other accounts stay theirs. Invitations of their address end too, and the API tokens
    that they made, which they may have kept. Raise InvalidOperation for the last owner, and
    when the person has left already.
    """
    member = locked(membership)
    require_another_owner(member)
    waiting = Invitation.objects.pending().filter(account=member.account_id)
    waiting.filter(email__iexact=member.user.email).update(cancelled_at=clock.database_time())
    audit.record(member, "person_removed", by=by, reason=reason, person=str(member.user))
    for token in api_tokens.made_by(member.account, member.user):
        api_tokens.revoke(token, by=by, reason=reason)
    member.delete()


def remove_all(account: Account, *, by: audit.Actor, reason: str = "") -> int:
    """Take everybody out of an account that is closed, its last owner too; return how many.

    In a transaction of the caller's, which has locked the account.
    """
    everybody = list(account.memberships.select_related("user", "account").order_by("pk"))
    changes: list[tuple[Model, dict[str, Any]]] = [
        (one, {"person": str(one.user), "role": one.role}) for one in everybody
    ]
    audit.record_all(changes, "person_removed", by=by, reason=reason)
    for member in everybody:
        member.delete()
    return len(everybody)


def locked(membership: Membership) -> Membership:
    """The membership as it is, while nobody else changes the account's people.

    Raise InvalidOperation when the person has left.
    """
    Account.objects.locked(membership.account_id)
    members = Membership.objects.select_related("user", "account")
    member = members.filter(pk=membership.pk).first()
    if member is None:
        raise InvalidOperation(_("This person has left the account already."))
    return member


def require_another_owner(membership: Membership) -> None:
    """Raise InvalidOperation when nobody else owns the account."""
    if is_last_owner(membership):
        raise InvalidOperation(needs_an_owner(membership.account))


def whom_to_ask(account: Account, role: Role = Role.MANAGER) -> str:
    """The names of those who may do what needs this role: "Priya Shah or Tom Reed"."""
    roles = [able for able in Role if able.includes(role)]
    managing = account.memberships.active().filter(role__in=roles)
    people = managing.select_related("user").order_by("-role", Alphabetical("user__name"))
    names = [str(membership.user) for membership in people[:MOST_NAMES]]
    if not names:
        return gettext("an owner of your account")
    return gettext(" or ").join([", ".join(names[:-1]), names[-1]] if names[1:] else names)
