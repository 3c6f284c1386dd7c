"""What owners do with webhooks: make, change, new secret, off and on, remove."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.models import Role
from portal.sent.forms import once
from portal.views.access import AccountRequest, require_safe_or_post, role_required
from portal.views.acts import Act, carry_out
from portal.views.confirmations import confirmation_required
from portal.views.webhooks.door import Door
from portal.views.webhooks.forms import WebhookForm
from portal.views.webhooks.webhooks import webhook_or_404
from portal.webhooks import hooks

OF_ACCOUNT = Door(all="portal:webhooks", one="portal:webhook")


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
    form = WebhookForm(request.POST or None, webhook=hook)
    return OF_ACCOUNT.change(request, hook, form)


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
    return OF_ACCOUNT.rotate_secret(
        request, hook, lambda: _("The webhook has a new secret. Reveal shows it.")
    )


@require_safe_or_post
@role_required(Role.OWNER)
def turn_off_webhook(request: AccountRequest, webhook_id: int) -> HttpResponse:
    """Post nothing there any more, until it is turned on again."""
    return OF_ACCOUNT.turn_off(request, webhook_or_404(request, webhook_id))


@require_safe_or_post
@role_required(Role.OWNER)
def turn_on_webhook(request: AccountRequest, webhook_id: int) -> HttpResponse:
    """Post what happens there again, and if one wants what did not arrive."""
    return OF_ACCOUNT.turn_on(request, webhook_or_404(request, webhook_id))


@require_safe_or_post
@role_required(Role.OWNER)
def remove_webhook(request: AccountRequest, webhook_id: int) -> HttpResponse:
    """Remove it, with its secret and its deliveries."""
    return OF_ACCOUNT.remove(request, webhook_or_404(request, webhook_id))


@require_POST
@role_required(Role.OWNER)
@once
def send_test(request: AccountRequest, webhook_id: int) -> HttpResponse:
    """Post a test there, also if the webhook is off."""
    return OF_ACCOUNT.send_test(request, webhook_or_404(request, webhook_id))


@require_POST
@role_required(Role.OWNER)
@once
def send_again(request: AccountRequest, webhook_id: int, delivery_id: int) -> HttpResponse:
    """Post the same message again, under the same id."""
    hook = webhook_or_404(request, webhook_id)
    return OF_ACCOUNT.send_again(request, hook, delivery_id)
