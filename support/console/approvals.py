"""What a second member of staff approves: asked for, then approved and done, or declined, once.

An act says that it is ``approved_by_a_second``; what was asked waits for a day. It is done when
somebody else approves it, if all is still as it was foretold to who asked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.http import QueryDict
from django.urls import reverse

from licensing import audit
from licensing.audit import Actor, ForStaff, kept_for_staff
from licensing.clock import database_time
from licensing.errors import InvalidOperation
from licensing.models import Account
from portal.mail import mails
from portal.models import User
from portal.words.names import short_name
from support.acts.records import JUST_NOW, RecordAct, RecordForm
from support.acts.whose import account_of
from support.console import tables
from support.console.table import Table
from support.models import Approval, ApprovalState

LASTS = dt.timedelta(days=1)
OF_WHY = ("reason", "for_staff")


@transaction.atomic
def ask(
    table: Table,
    act: RecordAct,
    record: Any,
    *,
    form: RecordForm,
    confirmed: Collection[str],
    by: Actor,
) -> Approval:
    """Ask a second one to approve the act; it stands in the account's record.

    What the same person asked before of the same record is withdrawn, which the record says too.
    Raise LicensingError when the act could not be done, or somebody else has asked for it.
    """
    record = table.kind.as_confirmed(act, record, confirmed)
    wanted = wanted_of(form)
    subject = table.kind.subject(act, record, wanted)
    kept: ForStaff = form.cleaned_data["for_staff"]
    asked = Approval(
        account=account_of(record),
        table=table.name,
        act=act.name,
        record=str(record.pk),
        label=act.label,
        description=subject.description + act.about(record, **wanted),
        asked=[[name, str(value)] for name, value in form.carried()],
        effects=list(subject.effects),
        fingerprint=subject.fingerprint,
        reason=form.cleaned_data["reason"],
        ticket=kept.ticket,
        staff_words=kept.words,
        is_quiet=kept.is_quiet,
        asker=by.id,
        asked_by=by.name,
        lapses_at=database_time() + LASTS,
    )
    Account.objects.locked(asked.account_id)  # of two who ask at once the second is told
    make_way(asked, record, by=by)
    with kept_for_staff(kept):
        audit.record(record, "approval_asked", by=by, reason=asked.reason, act=act.label)
    asked.save()
    tell_approvers(table, act, asked)
    return asked


def tell_approvers(table: Table, act: RecordAct, asked: Approval) -> None:
    """Mail whoever may approve it, by their group or their own right, that it waits."""
    context = {"asked": asked, "url": settings.BASE_URL + reverse("support:approvals")}
    right = f"{table.permission(act)}_approve"
    may = ModelBackend().with_perm(right, include_superusers=False)
    for reader in may.filter(is_staff=True).exclude(pk=asked.asker):
        mails.write("approval_asked", context, to=reader.email)


def make_way(asked: Approval, record: Any, *, by: Actor) -> None:
    """End what waits for the same: it has lapsed, or its asker asks anew; else raise."""
    for before in same_as(
        table=asked.table, act=asked.act, record=asked.record
    ).select_for_update():
        if not before.is_due and before.asker != asked.asker:
            raise InvalidOperation(
                f"{short_name(before.asked_by)} has asked for it already. It waits at Approvals."
            )
        if before.is_due:
            before.state = ApprovalState.LAPSED
            before.save(update_fields=["state"])
        else:
            end_as_withdrawn(before, record, by=by)


def same_as(**of_what: str) -> QuerySet[Approval]:
    """What waits, or has lapsed unseen, for this act upon this record."""
    return Approval.objects.filter(**of_what, state=ApprovalState.WAITING)


def asked_before(table: Table, act: RecordAct, record: Any, by: Actor) -> Approval | None:
    """What this person asked for before and is withdrawn if they ask anew, if any."""
    same = same_as(table=table.name, act=act.name, record=str(record.pk))
    return same.filter(asker=by.id, lapses_at__gt=Now()).first()


def wanted_of(form: RecordForm) -> dict[str, Any]:
    """What a valid form asks of its act."""
    return {name: value for name, value in form.cleaned_data.items() if name not in OF_WHY}


def why_not(approval: Approval, by: Actor) -> str:
    """Why this person does not judge it, or ""."""
    if approval.state in (ApprovalState.APPROVED, ApprovalState.DECLINED):
        judged = approval.get_state_display().lower()
        return f"{short_name(approval.judged_by)} has {judged} it already."
    if approval.state == ApprovalState.WITHDRAWN:
        return f"{short_name(approval.asked_by)} has withdrawn it."
    if approval.is_due or approval.state == ApprovalState.LAPSED:
        return "It has lapsed: nobody judged it within 24 hours. Ask for it again."
    if approval.asker == by.id:
        return "You asked for it yourself: somebody else has to approve it."
    return ""


def overtaken(approval: Approval) -> str:
    """What of that which was foretold holds no more, or ""."""
    try:
        require_as_foretold(approval)
    except InvalidOperation as refusal:
        return str(refusal)
    return ""


def as_asked(approval: Approval) -> tuple[Table, RecordAct, Any, dict[str, Any]]:
    """What is to be done to what, as it was asked; raise InvalidOperation when it can't be."""
    table = tables.named(approval.table)
    act = table.act_named(approval.act)
    record = table.rows().filter(pk=approval.record).first()
    if record is None:
        raise InvalidOperation(f"{approval.description} is not there any more.")
    require_asker(approval, table, act)
    form = act.form(sent(approval), record=record, reasons=act.reasons)
    if not form.is_valid():
        raise InvalidOperation("What was asked for can't be done any more.")
    return table, act, record, wanted_of(form)


def require_as_foretold(approval: Approval) -> tuple[Table, RecordAct, Any, dict[str, Any]]:
    """What is to be done to what, as it was asked for and foretold.

    Raise LicensingError when what was foretold holds no more, or who asked may not do it now.
    """
    table, act, record, wanted = as_asked(approval)
    now = table.kind.subject(act, record, wanted)
    if now.refused:
        raise InvalidOperation(now.refused)
    before, after = lasting(approval.effects), lasting(now.effects)
    if before != after or not now.was_read([approval.fingerprint]):
        told = what_differs(before, after) or f"{table.kind.describe(record)} has changed since."
        raise InvalidOperation(
            f"What was foretold holds no more. {told} Decline it; whoever wants it asks again."
        )
    return table, act, record, wanted


def what_differs(before: Sequence[str], after: Sequence[str]) -> str:
    """Of what was foretold and what would be now, what the other does not say."""
    gone = [line for line in before if line not in after]
    come = [line for line in after if line not in before]
    told = [("Foretold was: ", gone), ("Now it would be: ", come)]
    return " ".join(f"{begins}{' '.join(lines)}" for begins, lines in told if lines)


def lasting(effects: Sequence[str]) -> list[str]:
    """What was foretold but for the figures of a moment."""
    return [effect for effect in effects if not effect.startswith(JUST_NOW)]


def require_asker(approval: Approval, table: Table, act: RecordAct) -> None:
    """Raise InvalidOperation when who asked may not do it any more."""
    asker = User.objects.filter(pk=approval.asker, is_active=True, is_staff=True).first()
    if asker is None or not table.may(asker, act):
        raise InvalidOperation(f"{short_name(approval.asked_by)} may not do this any more.")


def sent(approval: Approval) -> QueryDict:
    """What the act's form asked, as it was sent."""
    data = QueryDict(mutable=True)
    for name, value in approval.asked:
        data.appendlist(name, value)
    return data


@transaction.atomic
def approve(approval: Approval, *, by: Actor, words: str) -> str:
    """Do what was asked for, and write down who approved it; return what to tell.

    Of two at once, the second is told. Raise LicensingError when it cannot be done any more.
    """
    if not why_not(approval, by):
        _table, act, record, wanted = as_asked(approval)
        act.lock_first(record, **wanted)
    held = judged(approval, ApprovalState.APPROVED, by=by, words=words)
    table, act, record, wanted = require_as_foretold(held)
    note(held, record, "approval_given", by=by)
    with kept_for_staff(ForStaff(held.ticket, held.staff_words, held.is_quiet)):
        return table.kind.carry_out(
            act, record, confirmed=[held.fingerprint], by=by, reason=held.reason, **wanted
        )


@transaction.atomic
def withdraw(approval: Approval, *, by: Actor) -> str:
    """Ask for it no longer; return what to tell.

    Raise InvalidOperation when somebody else asked, or it waits no more.
    """
    held = locked(approval)
    if held.asker != by.id:
        raise InvalidOperation(f"{short_name(held.asked_by)} asked for it, not you.")
    if held.state != ApprovalState.WAITING:
        raise InvalidOperation(f"It waits no more: {held.state_in_words.lower()}.")
    record = tables.named(held.table).rows().filter(pk=held.record).first()
    end_as_withdrawn(held, record or held.account, by=by)
    return f"Withdrawn. {held}."


def end_as_withdrawn(held: Approval, record: Any, *, by: Actor) -> None:
    """Have it wait no more, by whom it was asked for."""
    held.state = ApprovalState.WITHDRAWN
    held.save(update_fields=["state"])
    with kept_for_staff(ForStaff(held.ticket)):
        audit.record(record, "approval_withdrawn", by=by, act=held.label)


@transaction.atomic
def decline(approval: Approval, *, by: Actor, words: str) -> str:
    """Let it be; return what to tell. Raise InvalidOperation when it was judged already."""
    held = judged(approval, ApprovalState.DECLINED, by=by, words=words)
    record = tables.named(held.table).rows().filter(pk=held.record).first()
    note(held, record or held.account, "approval_declined", by=by)
    return f"Declined. {held}."


def judged(approval: Approval, state: ApprovalState, *, by: Actor, words: str) -> Approval:
    """The approval, locked and judged; raise InvalidOperation when this person can't."""
    held = locked(approval)
    if refused := why_not(held, by):
        raise InvalidOperation(refused)
    held.state, held.judge, held.judged_by, held.words = state, by.id, by.name, words
    held.judged_at = Now()
    held.save(update_fields=["state", "judge", "judged_by", "judged_at", "words"])
    return held


def locked(approval: Approval) -> Approval:
    """The approval as it stands, locked after its account, as whoever asks does."""
    Account.objects.locked(approval.account_id)
    return Approval.objects.select_for_update().get(pk=approval.pk)


def note(held: Approval, record: Any, action: str, *, by: Actor) -> None:
    """Write into the account's record who judged what; their words are for staff."""
    with kept_for_staff(ForStaff(held.ticket, held.words)):
        audit.record(record, action, by=by, act=held.label, asked_by=short_name(held.asked_by))
