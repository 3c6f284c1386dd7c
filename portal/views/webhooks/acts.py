"""What owners do with webhooks: make, change, new secret, off and on, remove."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from portal.acts import ReasonForm
from portal.models import Role, Webhook
from portal.sent.forms import once
from portal.views.access import AccountRequest, require_safe_or_post, role_required
from portal.views.acts import Act, carry_out
from portal.views.confirmations import confirmation_required
from portal.views.webhooks.forms import TurnOnForm, WebhookForm
from portal.views.webhooks.webhooks import webhook_or_404
from portal.webhooks import deliveries, hooks


def page_of_webhook(hook: Webhook) -> str:
    """The address of its page."""
    return reverse("portal:webhook", args=[hook.pk])


def act_on_webhook(hook: Webhook, title: str, button: str, *effects: str, back: str = "") -> Act:
    """An act on a webhook that is there, from which one goes back to its page."""
    where = back or page_of_webhook(hook)
    return Act(title=title % hook, effects=effects, button=button, back=where)


@require_safe_or_post
@role_required(Role.OWNER)
@confirmation_required
@once
def add_webhook(request: AccountRequest) -> HttpResponse:
    """Make a webhook, and go to its page, which shows its secret."""
    act = Act(
        title=_("New webhook"),
        effects=[
            _(
                "What happens in this account is posted there, signed, with the names of people "
                "and machines as viewers see them. It never holds a product key or a secret."
            )
        ],
        button=_("Make webhook"),
        back=reverse("portal:webhooks"),
    )

    def do(form: WebhookForm) -> HttpResponse:
        by = request.user.as_actor
        address = form.cleaned_data["address"]
        made = hooks.create(request.account, address, form.chosen, by=by, kind=form.chosen_kind)
        text = _("The webhook is made. Reveal shows its secret; then send a test.")
        if made.is_chat:
            text = _("The webhook is made. Send a test, then name it in a rule under Alerts.")
        messages.success(request, text)
        return redirect("portal:webhook", made.pk)

    return carry_out(request, act, WebhookForm(request.POST or None), do)


@require_safe_or_post
@role_required(Role.OWNER)
@confirmation_required
def change_webhook(request: AccountRequest, webhook_id: int) -> HttpResponse:
    """Post to another address, or other events."""
    hook = webhook_or_404(request, webhook_id)
    told = _("What waits is posted to the new address too. The secret stays as it is.")
    act = act_on_webhook(hook, _("Change the webhook to %s"), _("Change webhook"), told)

    def do(form: WebhookForm) -> str:
        by = request.user.as_actor
        changed = hooks.change(hook, form.cleaned_data["address"], form.chosen, by=by)
        return _("The webhook is changed.") if changed else _("Nothing was changed.")

    return carry_out(request, act, WebhookForm(request.POST or None, webhook=hook), do)


@require_POST
@role_required(Role.OWNER)
@confirmation_required
def reveal_secret(request: AccountRequest, webhook_id: int) -> HttpResponse:
    """The secret in plain text: nowhere but in this answer, and recorded.

    A page, or ``{"value": …}`` for a script that asks for JSON.
    """
    hook = webhook_or_404(request, webhook_id)
    secret = hooks.reveal(hook, by=request.user.as_actor)
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        return JsonResponse({"value": secret})
    return render(request, "portal/webhooks/secret.html", {"webhook": hook, "secret": secret})


@require_safe_or_post
@role_required(Role.OWNER)
@confirmation_required
@once
def rotate_secret(request: AccountRequest, webhook_id: int) -> HttpResponse:
    """Give it a new secret, beside which the old one signs for a day."""
    hook = webhook_or_404(request, webhook_id)
    told = _(
        "For 24 hours each message is signed with both secrets, so that your system can "
        "change over without missing any. After that the old one is gone."
    )
    title = _("Make a new secret for the webhook to %s?")
    act = act_on_webhook(hook, title, _("Make new secret"), told)

    def do(form: ReasonForm) -> str:
        hooks.rotate(hook, by=request.user.as_actor, reason=form.cleaned_data["reason"])
        return _("The webhook has a new secret. Reveal shows it.")

    return carry_out(request, act, ReasonForm(request.POST or None), do)


@require_safe_or_post
@role_required(Role.OWNER)
def turn_off_webhook(request: AccountRequest, webhook_id: int) -> HttpResponse:
    """Post nothing there any more, until it is turned on again."""
    hook = webhook_or_404(request, webhook_id)
    waits = waiting_in_words(hook.deliveries.waiting().count())
    later = _("What happens while it is off is not posted later. The audit log has it.")
    act = act_on_webhook(hook, _("Turn the webhook to %s off?"), _("Turn off"), waits, later)

    def do(form: ReasonForm) -> str:
        by, reason = request.user.as_actor, form.cleaned_data["reason"]
        is_done = hooks.turn_off(hook, by=by, reason=reason)
        return _("The webhook is off.") if is_done else _("The webhook was off already.")

    return carry_out(request, act, ReasonForm(request.POST or None), do)


def waiting_in_words(number: int) -> str:
    """What becomes of what waits when a webhook is turned off."""
    if not number:
        return _("Nothing waits to be sent.")
    words = ngettext(
        "%(n)s message that waits is not sent.", "%(n)s messages that wait are not sent.", number
    )
    return words % {"n": number}


@require_safe_or_post
@role_required(Role.OWNER)
def turn_on_webhook(request: AccountRequest, webhook_id: int) -> HttpResponse:
    """Post what happens there again, and if one wants what did not arrive."""
    hook = webhook_or_404(request, webhook_id)
    begins = _("What happens from now on is posted there.")
    missing = hook.deliveries.filter(state__in=deliveries.NOT_ARRIVED).count()
    told = (begins, missing_in_words(missing))
    act = act_on_webhook(hook, _("Turn the webhook to %s on?"), _("Turn on"), *told)

    def do(form: TurnOnForm) -> str:
        answers = form.cleaned_data
        by, again = request.user.as_actor, answers["sends_again"]
        sent = hooks.turn_on(hook, by=by, sends_again=again, reason=answers["reason"])
        return _("The webhook was on already.") if sent is None else _("The webhook is on.")

    return carry_out(request, act, TurnOnForm(request.POST or None), do)


def missing_in_words(number: int) -> str:
    """How much of the last 30 days did not arrive."""
    words = ngettext(
        "%(n)s message of the last 30 days did not arrive.",
        "%(n)s messages of the last 30 days did not arrive.",
        number,
    )
    return words % {"n": number}


@require_safe_or_post
@role_required(Role.OWNER)
def remove_webhook(request: AccountRequest, webhook_id: int) -> HttpResponse:
    """Remove it, with its secret and its deliveries."""
    hook = webhook_or_404(request, webhook_id)
    waits = waiting_in_words(hook.deliveries.waiting().count())
    gone = _("Its secret and its deliveries are deleted. This cannot be undone.")
    title, back = _("Remove the webhook to %s?"), reverse("portal:webhooks")
    act = act_on_webhook(hook, title, _("Remove webhook"), waits, gone, back=back)

    def do(form: ReasonForm) -> str:
        hooks.remove(hook, by=request.user.as_actor, reason=form.cleaned_data["reason"])
        return _("The webhook is removed.")

    return carry_out(request, act, ReasonForm(request.POST or None), do)
