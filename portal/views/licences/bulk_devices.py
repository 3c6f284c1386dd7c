"""Freeing the devices of many licences: a page that says what it does, then the act."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from portal.licences import bulk_devices
from portal.licences.bulk_devices import Plan
from portal.models import Role
from portal.views.access import AccountRequest, role_required
from portal.views.acts import Act, carry_out
from portal.views.bulk_acts import BulkForm, bulk_form, nothing_chosen, too_many
from portal.views.licences.ticked import ticked


class FreeDevicesForm(BulkForm):
    """Why, and how many devices."""

    count_label = gettext_lazy("How many devices are freed")
    miscounted = gettext_lazy("It is %(n)s devices.")


@require_POST
@role_required(Role.MANAGER)
def free_devices(request: AccountRequest) -> HttpResponse:
    """Ask what becomes of the chosen licences' devices, then free them so that they can move."""
    rows = ticked(request)
    back = reverse("portal:licences", query=request.GET or None)
    if not rows:
        return nothing_chosen(request, back, _("Nothing was freed: no licence was chosen."))
    plan = bulk_devices.plan(rows)
    effects, ids = list(bulk_devices.effects(plan)), [device.pk for device in plan.devices]
    of_plan = partial(FreeDevicesForm, len(ids))
    form = bulk_form(of_plan, request, [row.licence.pk for row in rows])
    act = Act(
        title=bulk_devices.title(len(ids)),
        effects=effects,
        button=_("Free them"),
        back=back,
        refused=why_none_is_freed(plan),
        of=ids,
    )

    def do(form: FreeDevicesForm) -> HttpResponse:
        free_devices_and_tell(request, plan, form.cleaned_data["reason"])
        return redirect(back)

    return carry_out(request, act, form, do)


def free_devices_and_tell(request: AccountRequest, plan: Plan, reason: str) -> None:
    """Free what can be freed; say what was done, and of each licence what was not."""
    freed, moved, refused = bulk_devices.free(plan, by=request.user.as_actor, reason=reason)
    messages.success(request, bulk_devices.told(freed, moved))
    for sentence in bulk_devices.of_beyond(refused):
        messages.warning(request, sentence)


def why_none_is_freed(plan: Plan) -> str:
    """Why nothing can be done, if so."""
    if not plan.devices:
        return _("None of the chosen licences has a device that can be freed now.")
    text = _("At most %(n)s devices are freed at once. Narrow the list first.")
    return too_many(len(plan.devices), text)
