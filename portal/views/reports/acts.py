"""What people do with reports: order, change, pause, resume, end, send now."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.models import Every, FileFormat, Membership, Report, Role
from portal.reports import orders, sending
from portal.reports.readers import Readers, in_words, name_for
from portal.sent.forms import once
from portal.views.access import AccountRequest, require_safe_or_post, role_required
from portal.views.acts import Act, carry_out
from portal.views.reports.forms import VIEW, ReportForm, as_it_is


def report_or_404(request: AccountRequest, report_id: int) -> Report:
    """The account's report of this id, if the person may change it."""
    report = get_object_or_404(orders.seen_by(request.membership), pk=report_id)
    if not orders.may_change(request.membership, report):
        raise PermissionDenied(Role.MANAGER)
    return report


def act_on(title: str, effects: list[str], button: str) -> Act:
    """An act from which one goes back to the reports."""
    return Act(title=title, effects=effects, button=button, back=reverse("portal:reports"))


@require_safe_or_post
@role_required(Role.VIEWER)
@once
def order_report(request: AccountRequest) -> HttpResponse:
    """Have something sent week by week or month by month."""
    told = [
        _("It is mailed on the account's clocks, to each as they see the account on that day."),
        _("Whoever gets it can stop it by a link in the mail."),
    ]
    act = act_on(_("Order a report"), told, _("Order report"))

    def do(form: ReportForm) -> str:
        orders.order(request.membership, form.wanted)
        return _("The report is ordered. “Send now” shows what it looks like.")

    form = ReportForm(request.POST or None, membership=request.membership, initial=chosen(request))
    return carry_out(request, act, form, do)


def chosen(request: AccountRequest) -> dict[str, object]:
    """What a link chose, and what is usual."""
    view = request.GET.get("view", "")
    return {
        "what": f"{VIEW}{view}" if view else request.GET.get("kind", ""),
        "every": Every.WEEK,
        "format": FileFormat.XLSX,
        "readers": [request.user.pk],
    }


@require_safe_or_post
@role_required(Role.VIEWER)
def change_report(request: AccountRequest, report_id: int) -> HttpResponse:
    """Send something else, at another time, or to others."""
    report = report_or_404(request, report_id)
    act = act_on(
        _("Change the report “%s”") % name_for(request.membership, report), [], _("Change report")
    )

    def do(form: ReportForm) -> str:
        orders.change(report, request.membership, form.wanted)
        return _("The report is changed.")

    form = ReportForm(
        request.POST or None,
        membership=request.membership,
        report=report,
        initial=as_it_is(report),
    )
    return carry_out(request, act, form, do)


def carry_out_with(
    request: AccountRequest, act: Act, do: Callable[[Report, Membership], None], report: Report,
    done: str,
) -> HttpResponse:  # fmt: skip
    """Ask, do it with the report, and say that it is done."""

    def do_it(_form: forms.Form) -> str:
        do(report, request.membership)
        return done

    return carry_out(request, act, forms.Form(request.POST), do_it)


@require_safe_or_post
@role_required(Role.VIEWER)
def pause_report(request: AccountRequest, report_id: int) -> HttpResponse:
    """Send nothing until it is resumed."""
    report = report_or_404(request, report_id)
    told = [_("Nobody gets it until it is resumed. What is missed meanwhile is not sent later.")]
    act = act_on(
        _("Pause the report “%s”?") % name_for(request.membership, report), told, _("Pause report")
    )
    return carry_out_with(request, act, orders.pause, report, _("The report is paused."))


@require_safe_or_post
@role_required(Role.VIEWER)
def resume_report(request: AccountRequest, report_id: int) -> HttpResponse:
    """Send it again, from its next day on."""
    report = report_or_404(request, report_id)
    title = _("Resume the report “%s”?") % name_for(request.membership, report)
    act = act_on(title, to_whom(report), _("Resume report"))
    return carry_out_with(request, act, orders.resume, report, _("The report is sent again."))


@require_safe_or_post
@role_required(Role.VIEWER)
@once
def end_report(request: AccountRequest, report_id: int) -> HttpResponse:
    """Nobody gets it any more."""
    report = report_or_404(request, report_id)
    told = [_("Nobody gets it any more. Nothing of what it tells is deleted.")]
    act = act_on(
        _("End the report “%s”?") % name_for(request.membership, report), told, _("End report")
    )
    return carry_out_with(request, act, orders.end, report, _("The report has ended."))


@require_safe_or_post
@role_required(Role.VIEWER)
@once
def send_report(request: AccountRequest, report_id: int) -> HttpResponse:
    """Mail it at once, beside its times."""
    report = report_or_404(request, report_id)
    told = [*to_whom(report), _("Its next regular day stays as it is.")]
    act = act_on(
        _("Send the report “%s” now?") % name_for(request.membership, report), told, _("Send now")
    )

    def do(_form: forms.Form) -> str:
        sent = sending.send_now(report, request.membership)
        return ngettext("%(n)s mail is on its way.", "%(n)s mails are on their way.", sent) % {
            "n": sent
        }

    return carry_out(request, act, forms.Form(request.POST), do)


def to_whom(report: Report) -> list[str]:
    """How many people get it, and who does not as they may not see its view."""
    readers = Readers(report.account_id)
    n = len(readers.reached(report))
    told = [ngettext("%(n)s person gets it by mail.", "%(n)s people get it by mail.", n) % {"n": n}]
    if missed := readers.missed(report):
        names = {"names": in_words(missed)}
        told.append(_("Nothing goes to those who may not see the view: %(names)s.") % names)
    return told
