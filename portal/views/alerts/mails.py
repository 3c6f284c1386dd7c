"""Whether one gets the mails of a rule: stopped from within a mail, and wanted again."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from portal.alerts import listed, readers, rules, stopping, words
from portal.models import AlertRule, Role
from portal.views.access import (
    AccountRequest,
    open_while_closed,
    require_safe_or_post,
    role_required,
)
from portal.views.acts import Act, carry_out
from portal.views.alerts.rules import rule_or_404


@csrf_exempt
@login_not_required
@open_while_closed
@never_cache
@require_safe_or_post
def stop_alert_mails(request: HttpRequest, signed: str) -> HttpResponse:
    """Stop the mails that a mail's link names: a page with a button, or a mail program (RFC 8058).

    To look at it changes nothing; the signed address stands for the reader.
    """
    try:
        found = stopping.read(signed)
    except BadSignature:
        return render(request, "portal/alerts/stop.html", {"state": "damaged"}, status=404)
    if found is None:
        return render(request, "portal/alerts/stop.html", {"state": "over"}, status=404)
    context = {
        "state": "open",
        "email": found.user.email,
        "account": found.rules[0].account,
        "rules": [words.rule_in_words(rule) for rule in found.rules],
    }
    if request.method == "POST":
        rules.stop_mails(found.rules, found.user)
        context["state"] = "done"
    return render(request, "portal/alerts/stop.html", context)


@require_POST
@role_required(Role.VIEWER)
def get_alert_mails(request: AccountRequest, alert_rule_id: int) -> HttpResponse:
    """Get the mails of a rule again that one had stopped."""
    rule = rule_or_404(request, alert_rule_id)
    is_done = rules.get_mails_again(rule, request.user)
    text = _("You get these mails again.") if is_done else _("You had not stopped these mails.")
    messages.success(request, text)
    return redirect("portal:alerts")


@require_safe_or_post
@role_required(Role.VIEWER)
def stop_rule_mails(request: AccountRequest, alert_rule_id: int) -> HttpResponse:
    """Stop one's own mails by a rule."""
    rule = rule_or_404(request, alert_rule_id)
    return stop(request, [rule] if listed.would_mail(rule, request.membership) else [])


@require_safe_or_post
@role_required(Role.VIEWER)
def stop_mails_of_alert(request: AccountRequest, alert_id: int) -> HttpResponse:
    """Stop one's own mails by those rules that send them of an alert."""
    found = get_object_or_404(listed.open_of(request.membership), pk=alert_id)
    return stop(request, readers.mailing_of(request.membership, [found]).get(found.pk, ()))


def stop(request: AccountRequest, found: Sequence[AlertRule]) -> HttpResponse:
    """Name the rules, and once it is confirmed stop what they mail to whoever asks."""
    if not found:
        messages.info(request, _("You get no mails of this."))
        return redirect("portal:alerts")
    act = Act(
        title=_("Stop these mails?"),
        named=[words.rule_in_words(rule) for rule in found],
        of=[rule.pk for rule in found],
        effects=[
            _("You get no more mails by these rules. Others go on to be told."),
            _("You still see these alerts. In the list of rules you can get the mails again."),
        ],
        button=_("Stop these mails"),
        back=reverse("portal:alerts"),
    )

    def do(_form: forms.Form) -> str:
        rules.stop_mails(found, request.user)
        return _("You get no more of these mails.")

    return carry_out(request, act, forms.Form(request.POST), do)
