"""Whether one gets the mails of a rule: stopped from within a mail, and wanted again."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from portal.alerts import rules, stopping, words
from portal.models import Role
from portal.views.access import (
    AccountRequest,
    open_while_closed,
    require_safe_or_post,
    role_required,
)
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
        rules.stop_mails([rule.pk for rule in found.rules], found.user)
        context["state"] = "done"
    return render(request, "portal/alerts/stop.html", context)


@require_POST
@role_required(Role.VIEWER)
def get_alert_mails(request: AccountRequest, alert_rule_id: int) -> HttpResponse:
    """Get the mails of a rule again that one had stopped."""
    rules.get_mails_again(rule_or_404(request, alert_rule_id), request.user)
    messages.success(request, _("You get these mails again."))
    return redirect("portal:alerts")
