"""Freeing the device of a single-user licence, so that another can be used; also a lost one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from licensing import devices, errors
from licensing.models import Device
from portal.acts import ReasonForm
from portal.licences.devices import already_unbound
from portal.models import Role
from portal.views.access import AccountRequest, require_safe_or_post, role_required
from portal.views.acts import Act, carry_out
from portal.views.redirects import came_from
from portal.words.times import moment_in_full


class FreeForm(ReasonForm):
    """Why the device is freed, and whether that is because nobody has it any more."""

    lost = forms.BooleanField(
        label=gettext_lazy("It is lost or stolen: write it off and block it"),
        required=False,
        help_text=gettext_lazy(
            "It can take no seat of any of your licences from now on, until you lift the block."
        ),
    )
    field_order = ["lost", "reason"]


@require_safe_or_post
@role_required(Role.MANAGER)
def free_device(request: AccountRequest, licence_id: int, device_id: int) -> HttpResponse:
    """Unbind a device, after saying what becomes of it; support helps beyond the moves allowed."""
    of_account = Device.objects.filter(licence__account=request.account).select_related("licence")
    device = get_object_or_404(of_account, pk=device_id, licence=licence_id)
    if device.unbound_at:
        return say_already_unbound(request, device)
    form = FreeForm(request.POST or None)
    return carry_out(
        request,
        act_of_freeing(device, back=came_from(request)),
        form,
        partial(free_device_and_tell, request, device),
    )


def free_device_and_tell(
    request: AccountRequest, device: Device, form: FreeForm
) -> str | HttpResponse:
    """Free the device or write it off. Raise MoveLimit, unless somebody has freed it since."""
    is_lost, why = form.cleaned_data["lost"], form.cleaned_data["reason"]
    do = devices.report_lost if is_lost else devices.free
    try:
        if do(device, by=request.user.as_actor, reason=why):
            return freed_in_words(device, is_lost)
    except errors.MoveLimit:
        device.refresh_from_db()
        if device.unbound_at is None:
            raise
    return say_already_unbound(request, device)


def freed_in_words(device: Device, is_lost: bool) -> str:
    """What became of the device, and of its seat."""
    words = {"machine": device.machine_name, "licence": device.licence.name}
    if is_lost:
        text = _(
            "%(machine)s is written off and blocked. The next device that opens %(licence)s gets "
            "its seat."
        )
        return text % words
    return _("%(machine)s is freed. The next device that opens %(licence)s gets its seat.") % words


def act_of_freeing(device: Device, *, back: str) -> Act:
    """What the page says; that it cannot be done when no move is left."""
    left = devices.moves_left(device.licence)
    refused = _(
        "This licence has used its moves of the last 30 days: three for each seat. "
        "Support can free the device for you."
    )
    return Act(
        title=_("Free the device %s?") % device.machine_name,
        effects=list(effects_of_freeing(device, left)) if left else [],
        button=_("Free device"),
        back=back or address_of_device(device),
        refused="" if left else refused,
    )


def effects_of_freeing(device: Device, left: int) -> Iterator[str]:
    """What freeing a device does, in sentences."""
    words = {"machine": device.machine_name, "licence": device.licence.name}
    yield _("Its seat of %(licence)s is free at once for another device.") % words
    yield (
        _(
            "Nothing is closed on %(machine)s: a program that is open stays open. When it starts "
            "there again, it takes the seat only if no other device has it."
        )
        % words
    )
    last = devices.last_session(device)
    if last and last.grace_until > timezone.now():
        words["time"] = moment_in_full(last.grace_until, now=timezone.now())
        yield _("Offline, the program may still run there until %(time)s.") % words
    yield ngettext(
        "%(n)s move is left for this licence in these 30 days; this uses it.",
        "%(n)s moves are left for this licence in these 30 days; this uses one.",
        left,
    ) % {"n": left}


def say_already_unbound(request: AccountRequest, device: Device) -> HttpResponse:
    """Back to the licence's devices: there is nothing to do any more."""
    device.refresh_from_db()
    messages.info(request, already_unbound(device))
    return redirect(address_of_device(device))


def address_of_device(device: Device) -> str:
    """Where the device is listed."""
    return reverse("portal:licence", args=[device.licence_id], fragment="devices")
