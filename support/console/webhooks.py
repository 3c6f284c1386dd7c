"""The vendor's own webhooks: systems of ours that are told what happens in all accounts.

They are sent by what sends an account's. Their secrets are shown once, as staff tokens are.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from licensing.encryption import decrypt
from portal.acts import ReasonForm
from portal.models import Webhook
from portal.sent.forms import back_to, once, once_or
from portal.sign_in.standing import person
from portal.views.access import require_safe_or_post
from portal.views.acts import Act, carry_out
from portal.views.confirmations import confirmation_required
from portal.views.webhooks.forms import SOME, TurnOnForm, WebhookForm
from portal.views.webhooks.webhooks import listed, shown_of_webhook
from portal.webhooks import catalogue, deliveries, hooks
from support.console import entries, shell
from support.console.access import right_required
from support.words import number_of

KEEP = "support.webhook_keep"
AT_FIRST = tuple(
    event
    for event in catalogue.EVENTS
    if catalogue.subject_of(event) in ("account", "licence", "request")
    or event in ("key.issued", "key.reissued", "key.revoked", "key.handed_over")
)
"""What a CRM usually wants: nothing of who works where."""
MADE_ALREADY = (
    "This was done already, and the secret can't be shown again. If you didn't copy it, make a "
    "new one on the webhook's page."
)


class OwnWebhookForm(WebhookForm):
    """Where events of all accounts are posted, and which."""

    def __init__(self, *args: Any, webhook: Webhook | None = None, **options: Any) -> None:
        if webhook is None:
            options["initial"] = {"which": SOME, "events": AT_FIRST}
        super().__init__(*args, webhook=webhook, **options)
        self.fields.pop("kind", None)
        self.fields["address"].help_text = "Of our own system, on the public internet, by HTTPS."


@require_safe
@right_required(KEEP)
def webhooks(request: HttpRequest) -> HttpResponse:
    """All of ours, each with its last delivery."""
    rows = listed(Webhook.objects.kept().of_vendor())
    return shell.page(request, "support/webhooks.html", {"rows": rows})


def own_or_404(webhook_id: int) -> Webhook:
    """The webhook of ours of this id."""
    return get_object_or_404(Webhook.objects.kept().of_vendor(), pk=webhook_id)


@require_safe
@right_required(KEEP)
def webhook(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """One of them: its address and events, how it stands, and its last deliveries."""
    hook = own_or_404(webhook_id)
    own = shown_of_webhook(hook, "support:send_own_webhook_again")
    own["noted"] = entries.of_no_account(hook)
    return shell.page(request, "support/webhook.html", own)


@never_cache
@require_safe_or_post
@right_required(KEEP)
@confirmation_required
@once_or(back_to("support:own_webhooks", MADE_ALREADY))
def add_webhook(request: HttpRequest) -> HttpResponse:
    """Make a webhook and show its secret, in this answer and never again."""
    act = Act(
        title="New webhook of ours",
        effects=[
            "What happens in all accounts is posted there, signed, with the names of customers' "
            "people. It never holds a product key or a secret."
        ],
        button="Make webhook",
        back=reverse("support:own_webhooks"),
    )
    return carry_out(request, act, OwnWebhookForm(request.POST or None), partial(make, request))


def make(request: HttpRequest, form: OwnWebhookForm) -> HttpResponse:
    """Make it; raise InvalidOperation for an address that cannot be used."""
    by = person(request).as_actor
    return secret_shown(
        request, hooks.create(None, form.cleaned_data["address"], form.chosen, by=by)
    )


def secret_shown(request: HttpRequest, hook: Webhook) -> HttpResponse:
    """The page that shows a new secret."""
    own = {"webhook": hook, "secret": decrypt(bytes(hook.encrypted_secret))}
    return shell.page(request, "support/webhook_secret.html", own).render()


def act_on(hook: Webhook, title: str, button: str, *effects: str) -> Act:
    """An act on one of them, from which one goes back to its page."""
    back = reverse("support:own_webhook", args=[hook.pk])
    return Act(title=title, effects=effects, button=button, back=back)


@require_safe_or_post
@right_required(KEEP)
@confirmation_required
def change_webhook(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """Post to another address, or other events."""
    hook = own_or_404(webhook_id)
    told = "What waits is posted to the new address too. The secret stays as it is."
    act = act_on(hook, f"Change the webhook to {hook}", "Change webhook", told)

    def do(form: OwnWebhookForm) -> str:
        by = person(request).as_actor
        changed = hooks.change(hook, form.cleaned_data["address"], form.chosen, by=by)
        return "The webhook is changed." if changed else "Nothing was changed."

    return carry_out(request, act, OwnWebhookForm(request.POST or None, webhook=hook), do)


@never_cache
@require_safe_or_post
@right_required(KEEP)
@confirmation_required
@once_or(back_to("support:own_webhooks", MADE_ALREADY))
def replace_secret(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """Give it a new secret, shown in this answer and never again; the old one signs for a day."""
    hook = own_or_404(webhook_id)
    told = (
        "For 24 hours each message is signed with both secrets, so that our system can change "
        "over without missing any. After that the old one is gone."
    )
    title = f"Make a new secret for the webhook to {hook}?"
    act = act_on(hook, title, "Make new secret", told)

    def do(form: ReasonForm) -> HttpResponse:
        hooks.rotate(hook, by=person(request).as_actor, reason=form.cleaned_data["reason"])
        hook.refresh_from_db()
        return secret_shown(request, hook)

    return carry_out(request, act, ReasonForm(request.POST or None), do)


@require_safe_or_post
@right_required(KEEP)
def pause(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """Post nothing there any more, until it is turned on again."""
    hook = own_or_404(webhook_id)
    waits = number_of(hook.deliveries.waiting().count(), "message")
    told = (f"Of what waits, {waits} is not sent.", "What happens meanwhile is not posted later.")
    act = act_on(hook, f"Pause the webhook to {hook}?", "Pause", *told)

    def do(form: ReasonForm) -> str:
        by, reason = person(request).as_actor, form.cleaned_data["reason"]
        done = hooks.turn_off(hook, by=by, reason=reason)
        return "The webhook is paused." if done else "The webhook was off already."

    return carry_out(request, act, ReasonForm(request.POST or None), do)


@require_safe_or_post
@right_required(KEEP)
def resume(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """Post what happens there again, and if one wants what did not arrive."""
    hook = own_or_404(webhook_id)
    missing = hook.deliveries.filter(state__in=deliveries.NOT_ARRIVED).count()
    told = f"Of the last 30 days {number_of(missing, 'message')} did not arrive."
    act = act_on(hook, f"Turn the webhook to {hook} on?", "Turn on", told)

    def do(form: TurnOnForm) -> str:
        asked, by = form.cleaned_data, person(request).as_actor
        hooks.turn_on(hook, by=by, sends_again=asked["sends_again"], reason=asked["reason"])
        return "The webhook is on."

    return carry_out(request, act, TurnOnForm(request.POST or None), do)


@require_safe_or_post
@right_required(KEEP)
def remove_webhook(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """Remove it, with its secret and its deliveries."""
    hook = own_or_404(webhook_id)
    act = Act(
        title=f"Remove the webhook to {hook}?",
        effects=["Its secret and its deliveries are deleted. This cannot be undone."],
        button="Remove webhook",
        back=reverse("support:own_webhooks"),
    )
    return carry_out(request, act, ReasonForm(request.POST or None), partial(end, request, hook))


def end(request: HttpRequest, hook: Webhook, form: forms.Form) -> str:
    """Remove it; return what to tell."""
    hooks.remove(hook, by=person(request).as_actor, reason=form.cleaned_data["reason"])
    return "The webhook is removed."


@require_POST
@right_required(KEEP)
@once
def send_test(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """Post a test there, also if the webhook is off."""
    hook = own_or_404(webhook_id)
    deliveries.send_test(hook, by=person(request).as_actor)
    text = "A test is on its way. Load this page again in a moment to see what came of it."
    messages.success(request, text)
    return redirect("support:own_webhook", hook.pk)


@require_POST
@right_required(KEEP)
@once
def send_again(request: HttpRequest, webhook_id: int, delivery_id: int) -> HttpResponse:
    """Post the same message again, under the same id."""
    hook = own_or_404(webhook_id)
    delivery = get_object_or_404(hook.deliveries, pk=delivery_id)
    begun = deliveries.send_again(delivery, by=person(request).as_actor)
    text = "It is sent again, under the same id." if begun else "It is on its way already."
    messages.success(request, text)
    return redirect("support:own_webhook", hook.pk)
