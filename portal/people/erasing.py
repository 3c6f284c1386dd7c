"""Erasing a person from an account: what is counted stays, who it was goes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.db.models import Model, Q

from licensing import audit, audit_rewriting, devices, pools, sessions
from licensing import erasing as of_programs
from licensing.audit import NAMES_TAKEN_OUT, Actor, current_for_staff, kept_for_staff
from licensing.errors import InvalidOperation
from licensing.models import AccessRule, Account, AuditEntry, PlannedSeats, ProductKey
from licensing.pseudonyms import Pseudonyms
from portal.models import (
    Alert,
    AlertRule,
    ApiToken,
    CustomerRequest,
    Invitation,
    LicenceNotes,
    Membership,
    SavedView,
    User,
    Webhook,
    WebhookDelivery,
)
from portal.people import invitations, members
from portal.people.personal_data import PersonalData

TEXTS: tuple[tuple[type[Model], str, tuple[str, ...]], ...] = (
    (CustomerRequest, "account", ("text", "asked_by", "asked_by_email", "answer")),
    (LicenceNotes, "account", ("contact_name", "contact_email", "text")),
    (Invitation, "account", ("email", "invited_by", "message")),
    (Membership, "account", ("invited_by",)),
    (ApiToken, "account", ("name", "created_by")),
    (Webhook, "account", ("created_by",)),
    (WebhookDelivery, "webhook__account", ("body", "answer", "asked_by")),
    (WebhookDelivery, "entry__account", ("body", "answer")),
    (AlertRule, "account", ("created_by",)),
    (Alert, "account", ("facts",)),
    (SavedView, "account", ("name", "query")),
    (ProductKey, "account", ("label", "created_by")),
    (PlannedSeats, "licence__account", ("actor_name", "reason", "staff_words")),
    (AccessRule, "account", ("reason", "created_by")),
    (Account, "pk", ("contact",)),
)
"""Where people write names: whose rows, and their fields."""


def why_not(held: PersonalData, *, release: bool) -> str:
    """Why nothing is erased now, or ""."""
    if staff := of_our_staff(held):
        return f"{staff} is one of our own staff."
    if held.membership and members.is_last_owner(held.membership):
        return members.needs_an_owner(held.account)
    if release:
        return ""
    if opened := held.person.open_sessions:
        return (
            f"{held} has {len(opened)} open now: {opened[0]}. Release the seats first, or have "
            "it done with this."
        )
    if bound := held.person.bound_devices:
        return (
            f"A seat is bound to {bound[0]} for {held}. Free it first, or have it done with this."
        )
    return ""


def of_our_staff(held: PersonalData) -> User | None:
    """Who of the vendor's staff is meant: what they did stays in the customer's record, and they
    hold no role in the account."""
    named = Q(email__iexact=held.email) | Q(email__iexact=held.username)
    return User.objects.filter(named, is_staff=True).exclude(email="").first()


@transaction.atomic
def erase(
    held: PersonalData, *, by: Actor, reason: str, release: bool = False
) -> tuple[AuditEntry, Pseudonyms]:
    """Put a random name in place of the person's, everywhere in the account.

    Return what the record says of it, and the new names. ``release`` gives their seats back and
    frees their devices first. Raise InvalidOperation when ``why_not`` says so, or nothing is held.
    """
    pools.lock_whole(held.account.licences.values_list("pk", flat=True))
    Account.objects.locked(held.account.pk)
    held.require_any()
    if refused := why_not(held, release=release):
        raise InvalidOperation(refused)
    counts = held.counts()
    give_back(held, by=by, reason=reason)
    names = held.pseudonyms
    user_id = held.user_id
    take_out_of_portal(held, by=by, reason=reason)
    of_programs.rewrite(held.person, names)
    for model, account, fields in TEXTS:
        rows = model._default_manager.filter(**{account: held.account.pk})
        of_programs.rewrite_texts(rows, fields, names)
    counts["audit_entries"], seal = audit_rewriting.rewrite(held.account, names, user_id=user_id)
    told: dict[str, Any] = {"alias": next(iter(names.people.values())), **counts, "seal": seal}
    kept, why = current_for_staff.get(), names.in_text(reason)
    with kept_for_staff(replace(kept, words=names.in_text(kept.words))):
        return audit.record(held.account, NAMES_TAKEN_OUT, by=by, reason=why, **told), names


def give_back(held: PersonalData, *, by: Actor, reason: str) -> None:
    """Give their seats back and free their devices."""
    for session in held.person.open_sessions:
        sessions.release(session, by=by, reason=reason)
    for device in held.person.bound_devices:
        devices.free(device, by=by, reason=reason, limited=False)


def take_out_of_portal(held: PersonalData, *, by: Actor, reason: str) -> None:
    """Take their role, their invitations and mails; themselves, if they are in no other account."""
    for invitation in held.invitations:
        if invitation.accepted_at is None and invitation.cancelled_at is None:
            invitations.cancel(invitation, by=by, reason=reason)
    held.mails.delete()
    if held.membership:
        user = held.membership.user
        members.remove(held.membership, by=by, reason=reason)
        forget(user)


def forget(user: User) -> None:
    """Delete who signs in, with all that is theirs, unless another account has them."""
    if not user.memberships.exists():
        delete_files(user.exports.exclude(file=""))
        user.delete()


def delete_files(exports: Iterable[Any]) -> None:
    """Delete the files that were made for them."""
    for export in exports:
        export.file.delete(save=False)
