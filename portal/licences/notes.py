"""Contact and notes: whom a licence's people ask about it, and what they should know."""

from __future__ import annotations

from django.db import transaction

from licensing import audit
from licensing.models import Account, Licence
from portal.models import LicenceNotes
from portal.people import members


def of(licence: Licence) -> LicenceNotes:
    """What was written about the licence; empty if nothing was."""
    written: LicenceNotes | None = getattr(licence, "customer_notes", None)
    return written or LicenceNotes(licence=licence, account_id=licence.account_id)


def whom_to_ask(licence: Licence) -> str:
    """The licence's contact; without one the people who manage the account."""
    return of(licence).contact_name or members.whom_to_ask(licence.account)


@transaction.atomic
def write(
    licence: Licence, *, contact_name: str, contact_email: str, text: str, by: audit.Actor
) -> bool:
    """Put down contact and notes in place of what there was; False if it is the same.

    The audit record says which of them changed, not what they say.
    """
    Account.objects.locked(licence.account_id)
    found = LicenceNotes.objects.filter(licence=licence).first()
    notes = found or LicenceNotes(licence=licence, account_id=licence.account_id)
    has_contact_changed = (notes.contact_name, notes.contact_email) != (contact_name, contact_email)
    has_text_changed = notes.text != text
    if not has_contact_changed and not has_text_changed:
        return False

    notes.contact_name, notes.contact_email, notes.text = contact_name, contact_email, text
    notes.save()
    audit.record(
        licence,
        "licence_notes_changed",
        by=by,
        contact=has_contact_changed,
        notes=has_text_changed,
    )
    return True
