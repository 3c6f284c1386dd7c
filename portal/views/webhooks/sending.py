"""Sending by hand: a test, or once more what was sent. A worker does it, the page tells of it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.models import Role
from portal.sent.forms import once
from portal.views.access import AccountRequest, role_required
from portal.views.webhooks.webhooks import webhook_or_404
from portal.webhooks import deliveries


@require_POST
@role_required(Role.OWNER)
@once
def send_test(request: AccountRequest, webhook_id: int) -> HttpResponse:
    """Post a test there, also if the webhook is off."""
    hook = webhook_or_404(request, webhook_id)
    deliveries.send_test(hook, by=request.user.as_actor)
    text = _("A test is on its way. Load this page again in a moment to see what came of it.")
    messages.success(request, text)
    return redirect("portal:webhook", hook.pk)


@require_POST
@role_required(Role.OWNER)
@once
def send_again(request: AccountRequest, webhook_id: int, delivery_id: int) -> HttpResponse:
    """Post the same message again, under the same id."""
    hook = webhook_or_404(request, webhook_id)
    delivery = get_object_or_404(hook.deliveries, pk=delivery_id)
    begun = deliveries.send_again(delivery, by=request.user.as_actor)
    text = _("It is sent again, under the same id.") if begun else _("It is on its way already.")
    messages.success(request, text)
    return redirect("portal:webhook", hook.pk)
