"""The vendor's own webhooks: systems of ours that are told what happens in all accounts.

They are sent by what sends an account's. Their secrets are shown once, as staff tokens are.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from licensing.encryption import decrypt
from portal.models import Webhook
from portal.sent.forms import back_to, once, once_or
from portal.sign_in.standing import person
from portal.views.access import require_safe_or_post
from portal.views.acts import Act
from portal.views.confirmations import confirmation_required
from portal.views.webhooks.door import Door
from portal.views.webhooks.forms import SOME, WebhookForm
from portal.views.webhooks.webhooks import listed, shown_of_webhook
from portal.webhooks import catalogue, hooks
from portal.webhooks.turning_off import KEEP
from support.console import entries, shell
from support.console.access import right_required

OF_OURS = Door(all="support:own_webhooks", one="support:own_webhook", show=shell.page_of_act)
AT_FIRST = tuple(
    event
    for event in catalogue.EVENTS
    if catalogue.subject_of(event) in ("account", "licence", "import", "request")
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
    return shell.carry_out(
        request, act, OwnWebhookForm(request.POST or None), partial(make, request)
    )


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


@require_safe_or_post
@right_required(KEEP)
@confirmation_required
def change_webhook(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """Post to another address, or other events."""
    hook = own_or_404(webhook_id)
    form = OwnWebhookForm(request.POST or None, webhook=hook)
    return OF_OURS.change(request, hook, form)


@never_cache
@require_safe_or_post
@right_required(KEEP)
@confirmation_required
@once_or(back_to("support:own_webhooks", MADE_ALREADY))
def replace_secret(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """Give it a new secret, shown in this answer and never again; the old one signs for a day."""
    hook = own_or_404(webhook_id)
    return OF_OURS.rotate_secret(
        request, hook, lambda: secret_shown(request, own_or_404(webhook_id))
    )


@require_safe_or_post
@right_required(KEEP)
def turn_off(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """Post nothing there any more, until it is turned on again."""
    return OF_OURS.turn_off(request, own_or_404(webhook_id))


@require_safe_or_post
@right_required(KEEP)
def turn_on(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """Post what happens there again, and if one wants what did not arrive."""
    return OF_OURS.turn_on(request, own_or_404(webhook_id))


@require_safe_or_post
@right_required(KEEP)
def remove_webhook(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """Remove it, with its secret and its deliveries."""
    return OF_OURS.remove(request, own_or_404(webhook_id))


@require_POST
@right_required(KEEP)
@once
def send_test(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """Post a test there, also if the webhook is off."""
    return OF_OURS.send_test(request, own_or_404(webhook_id))


@require_POST
@right_required(KEEP)
@once
def send_again(request: HttpRequest, webhook_id: int, delivery_id: int) -> HttpResponse:
    """Post the same message again, under the same id."""
    return OF_OURS.send_again(request, own_or_404(webhook_id), delivery_id)
