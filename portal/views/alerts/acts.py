"""What managers do with rules of alerts: make, change, pause, turn on, remove, test."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from portal.acts import ReasonForm
from portal.alerts import rules, sending, words
from portal.alerts.events import EVENTS
from portal.models import AlertRule, Role
from portal.sent.forms import once
from portal.views.access import AccountRequest, require_safe_or_post, role_required
from portal.views.acts import Act, carry_out
from portal.views.alerts.rules import PauseForm, RuleForm, rule_or_404
from portal.webhooks import deliveries


@require_safe_or_post
@role_required(Role.MANAGER)
@once
def add_alert_rule(request: AccountRequest) -> HttpResponse:
    """Make a rule."""
    act = Act(
        title=_("New alert rule"),
        effects=[
            _("Its readers are told once when it begins, within a minute, or as the event says.")
        ],
        button=_("Make rule"),
        back=reverse("portal:alerts"),
    )

    def do(form: RuleForm) -> str:
        rule = rules.add(request.account, form.wanted, by=request.user.as_actor)
        if EVENTS[rule.event].is_for_owners and not rule.webhook:
            return _("The rule is made. It mails nobody: owners get another mail of this.")
        return _("The rule is made. Send a test to see where it arrives.")

    return carry_out(request, act, RuleForm(request.account, request.POST or None), do)


@require_safe_or_post
@role_required(Role.MANAGER)
def change_alert_rule(request: AccountRequest, alert_rule_id: int) -> HttpResponse:
    """Let a rule say something else."""
    rule = rule_or_404(request, alert_rule_id)
    act = Act(
        title=_("Change the rule “%s”") % words.title_of(rule),
        effects=[_("It holds for what begins from now on.")],
        button=_("Change rule"),
        back=reverse("portal:alerts"),
    )

    def do(form: RuleForm) -> str:
        changed = rules.change(rule, form.wanted, by=request.user.as_actor)
        return _("The rule is changed.") if changed else _("Nothing was changed.")

    form = RuleForm(request.account, request.POST or None, rule=rule)
    return carry_out(request, act, form, do)


@require_safe_or_post
@role_required(Role.MANAGER)
def pause_alert_rule(request: AccountRequest, alert_rule_id: int) -> HttpResponse:
    """Tell nobody by a rule for a while, or until it is turned on."""
    rule = rule_or_404(request, alert_rule_id)
    act = Act(
        title=_("Pause the rule “%s”?") % words.title_of(rule),
        effects=[
            _("Nobody is told by it meanwhile. What begins afterwards is told again."),
            notices_in_words(rule),
        ],
        button=_("Pause rule"),
        back=reverse("portal:alerts"),
    )

    def do(form: PauseForm) -> str:
        reason = form.cleaned_data["reason"]
        rules.pause(rule, form.length, by=request.user.as_actor, reason=reason)
        return _("The rule is paused.")

    return carry_out(request, act, PauseForm(request.POST or None), do)


@require_POST
@role_required(Role.MANAGER)
def turn_on_alert_rule(request: AccountRequest, alert_rule_id: int) -> HttpResponse:
    """Tell its readers again."""
    is_done = rules.turn_on(rule_or_404(request, alert_rule_id), by=request.user.as_actor)
    messages.success(request, _("The rule is on.") if is_done else _("The rule was on already."))
    return redirect("portal:alerts")


@require_safe_or_post
@role_required(Role.MANAGER)
def remove_alert_rule(request: AccountRequest, alert_rule_id: int) -> HttpResponse:
    """Tell nobody by it any more."""
    rule = rule_or_404(request, alert_rule_id)
    act = Act(
        title=_("Remove the rule “%s”?") % words.title_of(rule),
        effects=[_("Nobody is told by it any more."), notices_in_words(rule)],
        button=_("Remove rule"),
        back=reverse("portal:alerts"),
    )

    def do(form: ReasonForm) -> str:
        rules.remove(rule, by=request.user.as_actor, reason=form.cleaned_data["reason"])
        return _("The rule is removed.")

    return carry_out(request, act, ReasonForm(request.POST or None), do)


def notices_in_words(rule: AlertRule) -> str:
    """What becomes of what waits for the end of quiet hours."""
    number = rule.notices.waiting().count()
    if not number:
        return _("Nothing waits to be sent.")
    words = ngettext(
        "%(n)s message that waits is not sent.", "%(n)s messages that wait are not sent.", number
    )
    return words % {"n": number}


@require_POST
@role_required(Role.MANAGER)
@once
def test_alert_rule(request: AccountRequest, alert_rule_id: int) -> HttpResponse:
    """Send a test to everybody who is told by a rule, also if it is off."""
    by = request.user.as_actor
    rule = rule_or_404(request, alert_rule_id)
    number, hook = sending.send_test(rule, by=by)
    if hook:
        deliveries.send_test(hook, by=by)
    messages.success(request, " ".join(said_of_test(rule, number)))
    return redirect("portal:alerts")


def said_of_test(rule: AlertRule, people: int) -> Iterator[str]:
    """To whom a test goes, and why an alert would not."""
    if people or not rule.webhook:
        yield to_people(rule, people)
    if rule.webhook:
        yield _("A test is on its way to %s.") % rule.webhook
        if rule.webhook.turned_off_at:
            yield _("The webhook is off: nothing else is posted until it is on.")
    if not rule.is_running:
        yield _("The rule is paused.")


def to_people(rule: AlertRule, number: int) -> str:
    """To how many people a test is mailed."""
    if EVENTS[rule.event].is_for_owners:
        return _("No test is sent: owners get another mail of this, and this rule mails nobody.")
    told = ngettext(
        "A test is on its way to %(n)s person.", "A test is on its way to %(n)s people.", number
    )
    return told % {"n": number}
