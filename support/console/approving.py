"""The pages of what waits for a second member of staff: the list, approving and declining."""

from __future__ import annotations

from functools import partial

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from licensing.audit import Actor
from licensing.errors import InvalidOperation
from portal.acts import ReasonForm
from portal.sign_in.standing import person
from portal.views import confirmations
from portal.views.access import require_safe_or_post
from portal.views.acts import Act
from support.acts.why import own_words_field
from support.console import approvals, approvers, shell, tables
from support.console.access import staff_only
from support.models import Approval

MOST_OVER = 20


class JudgeForm(ReasonForm):
    """Why somebody approves or declines."""

    reason = own_words_field("For our own people.")


@require_safe
@staff_only
def waiting(request: HttpRequest) -> HttpResponse:
    """What waits, the oldest first, and what was judged lately."""
    if not approvers.may_see(request.user):
        raise PermissionDenied
    seen = Approval.objects.filter(approvers.seen_by(request.user)).select_related("account")
    waiting_now = Approval.objects.waiting().values("pk")
    context = {
        "waiting": [(one, may_judge(request, one)) for one in seen.waiting()],
        "over": seen.exclude(pk__in=waiting_now).order_by("-asked_at")[:MOST_OVER],
    }
    return shell.page(request, "support/approvals.html", context)


def may_judge(request: HttpRequest, approval: Approval) -> bool:
    """Whether this person may approve or decline it."""
    if approval.asker == str(request.user.pk):
        return False
    table = tables.named(approval.table)
    return approvers.may_approve(request.user, table, table.act_named(approval.act))


@require_POST
@staff_only
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw what one asked for oneself; nothing is done by it, so nothing is asked."""
    mine = get_object_or_404(Approval, approvers.seen_by(request.user), pk=pk)
    try:
        messages.success(request, approvals.withdraw(mine, by=person(request).as_actor))
    except InvalidOperation as refusal:
        messages.error(request, str(refusal))
    return redirect("support:approvals")


@require_safe_or_post
@staff_only
def judge(request: HttpRequest, pk: int, verdict: str) -> HttpResponseBase:
    """Approve or decline, with words; done once."""
    approval = get_object_or_404(Approval, approvers.seen_by(request.user), pk=pk)
    table = tables.named(approval.table)
    wanted = table.act_named(approval.act)
    if not approvers.may_approve(request.user, table, wanted):
        raise PermissionDenied
    if wanted.is_sensitive and not confirmations.is_confirmed(request):
        return confirmations.ask_first(request)
    act = page_of(approval, verdict, person(request).as_actor)
    do = partial(carried_out, approval, verdict, person(request).as_actor)
    form = JudgeForm(request.POST or None)
    return shell.carry_out(request, act, form, do)


def page_of(approval: Approval, verdict: str, by: Actor) -> Act:
    """What the page says: approving tells what is done then, and why it can't be."""
    refused = approvals.why_not(approval, by)
    is_approving = verdict == "approve"
    if is_approving and not refused:
        refused = approvals.overtaken(approval)
    nothing = ["Nothing is done. Who asked for it may ask again."]
    return Act(
        title=f"{verdict.capitalize()}: {approval}?",
        effects=approval.effects if is_approving else nothing,
        of=[approval.pk, approval.state],
        button="Approve, and do it" if is_approving else "Decline",
        back=reverse("support:approvals"),
        refused=refused,
    )


def carried_out(approval: Approval, verdict: str, by: Actor, form: forms.Form) -> str:
    """Do it; return what to tell."""
    judged = approvals.approve if verdict == "approve" else approvals.decline
    return judged(approval, by=by, words=form.cleaned_data["reason"])
