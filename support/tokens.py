"""Staff tokens: what the vendor's own programs prove themselves by at the vendor's API.

They are made, found and noted as an account's API tokens are. One gives no more than whoever made
it may do themselves, at the moment of each request, and ends with their being staff.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models.functions import Now

from licensing import errors
from licensing.audit import Actor
from portal.desk import staff_history
from portal.models import User
from portal.sign_in import api_tokens
from support.models import StaffToken, VendorScope

PREFIX = "clv_"
MAKE, OVERSEE = "support.stafftoken_make", "support.stafftoken_oversee"
SEE_ACCOUNTS, SEE_LICENCES = "licensing.view_account", "licensing.view_licence"
NEEDS: dict[VendorScope, tuple[str, ...]] = {
    VendorScope.READ: (SEE_ACCOUNTS, SEE_LICENCES),
    VendorScope.ACCOUNTS: ("support.account_open",),
    VendorScope.LICENCES: (
        "support.account_sell", "support.licence_seats", "support.licence_term",
        "support.licence_suspend", "support.licence_reinstate", "support.licence_emergency",
        "support.plannedseats_cancel", "support.plannedseats_end",
    ),
    VendorScope.HAND_OVER: ("support.productkey_hand_over",),
}  # fmt: skip
"""The rights of which a scope hands on those that the maker has."""
NOT_MORE = "Nobody hands on more than they may do themselves."
TOO_MANY = f"{api_tokens.MOST_TOKENS} of your tokens work already. Revoke one first."


def may_hand_on(user: User) -> list[VendorScope]:
    """The scopes of which somebody has any right."""
    return [scope for scope, rights in NEEDS.items() if any(map(user.has_perm, rights))]


@transaction.atomic
def create(
    name: str, scopes: Sequence[str], *, ends_at: dt.datetime, by: User
) -> tuple[StaffToken, str]:
    """A new token and its plain text, which is not to be had again.

    Raise InvalidOperation for a scope of which its maker has no right, and for one token too many.
    """
    maker = User.objects.select_for_update().get(pk=by.pk)
    if not set(scopes) <= set(may_hand_on(maker)):
        raise errors.InvalidOperation(NOT_MORE, part="scopes")
    if StaffToken.objects.working().filter(made_by=maker).count() >= api_tokens.MOST_TOKENS:
        raise errors.InvalidOperation(TOO_MANY)
    plain = api_tokens.new_text(PREFIX)
    token = StaffToken.objects.create(
        made_by=maker,
        name=name,
        scopes=[str(scope) for scope in VendorScope if scope in scopes],
        ends_at=ends_at,
        **api_tokens.kept_of(plain),
    )
    note(token, f"Made the staff token “{token}”: {', '.join(token.scopes)}.", by=maker)
    return token, plain


def find(plain: str) -> StaffToken:
    """The token with this text, with whoever made it; raise TokenInvalid unless it works now."""
    return api_tokens.find_among(StaffToken.objects.working().select_related("made_by"), plain)


@transaction.atomic
def revoke(token: StaffToken, *, by: User) -> bool:
    """End a token at once and for good; False if it had been revoked before."""
    if not StaffToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=Now()):
        return False
    note(token, f"Revoked the staff token “{token}”.", by=by)
    return True


def revoke_all_of(user: User) -> int:
    """End for good what somebody made who is staff no more; return how many."""
    return StaffToken.objects.filter(made_by=user, revoked_at=None).update(revoked_at=Now())


def note(token: StaffToken, words: str, *, by: User) -> None:
    """Keep what was done in the history of who made the token, which no account's record has."""
    staff_history.note(token.made_by, words, by=by)


def actor(token: StaffToken) -> Actor:
    """Who acts by the token, as audit records name them for good: its maker, by its name."""
    person = token.made_by.as_actor
    return Actor(person.kind, person.id, f"API token “{token}” of {person.name}")
