"""What managers do to product keys besides reissuing them: add, label, revoke, end an overlap."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licensing import errors, keys, stolen_keys
from licensing.models import ProductKey
from licensing.names import one_line
from portal.acts import ReasonForm
from portal.licences.keys import (
    ends_for_good,
    in_use_now,
    is_in_overlap,
    machines_of_late,
    seen_of_late,
)
from portal.models import Role
from portal.sent.forms import once
from portal.views.access import AccountRequest, require_safe_or_post, role_required
from portal.views.acts import Act, carry_out
from portal.views.confirmations import confirmation_required
from portal.views.licences.keys import key_or_404

MOST_IN_A_LABEL = 100


class LabelForm(forms.Form):
    """What a key is called."""

    label = forms.CharField(
        validators=[one_line],
        label=gettext_lazy("Label"),
        required=False,
        max_length=MOST_IN_A_LABEL,
        help_text=gettext_lazy("Who uses the key, such as “London office”."),
    )


class NewKeyForm(ReasonForm):
    """What the new key is called, and what it is for."""

    label = forms.CharField(
        validators=[one_line],
        label=gettext_lazy("Label"),
        max_length=MOST_IN_A_LABEL,
        help_text=gettext_lazy("Who will use the key, such as “London office”."),
        error_messages={"required": gettext_lazy("Say who will use it.")},
    )
    field_order = ["label", "reason"]


class RevokeForm(ReasonForm):
    """The serial number once more, what becomes of open sessions, and why."""

    serial_number = forms.CharField(label=gettext_lazy("Serial number, to confirm"))
    end_sessions = forms.BooleanField(
        label=gettext_lazy("End its open sessions too"),
        required=False,
        help_text=gettext_lazy("Their seats come back; a program that is open stays open."),
    )
    field_order = ["serial_number", "end_sessions", "reason"]

    def __init__(self, key: ProductKey, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.key = key
        self.fields["serial_number"].help_text = _("Type %s.") % key.serial_number

    def clean_serial_number(self) -> str:
        """The key's own serial number, typed in any way."""
        typed = keys.normalise_serial(self.cleaned_data["serial_number"])
        if typed != self.key.serial_number:
            raise forms.ValidationError(_("This is not the serial number of this key."))
        return self.key.serial_number


@require_safe_or_post
@role_required(Role.MANAGER)
@once
def add_key(request: AccountRequest, licence_id: int) -> HttpResponse:
    """One more key for a licence, for an office that should have its own."""
    licence = get_object_or_404(request.account.licences, pk=licence_id)
    act = Act(
        title=_("Add a key to %s") % licence.name,
        effects=[
            _("All keys of a licence share its seats: one more key adds no seat."),
            _("Each can be replaced or revoked without touching the others."),
        ],
        button=_("Add key"),
        back=keys_of_licence(licence_id),
    )

    def do(form: NewKeyForm) -> HttpResponse:
        key, _plain = keys.issue(licence, by=request.user.as_actor, **form.cleaned_data)
        text = _("The new key has the serial number %s. Reveal shows its product key.")
        messages.success(request, text % key.serial_number)
        return redirect("portal:key", licence.pk, key.pk)

    return carry_out(request, act, NewKeyForm(request.POST or None), do)


@require_safe_or_post
@role_required(Role.MANAGER)
@once
def label_key(request: AccountRequest, licence_id: int, key_id: int) -> HttpResponse:
    """Call a key something else."""
    key = key_or_404(request, licence_id, key_id)
    act = Act(
        title=_("Label the key %s") % key.serial_number,
        button=_("Save label"),
        back=reverse("portal:key", args=[licence_id, key_id]),
    )

    def do(form: LabelForm) -> str:
        keys.set_label(key, form.cleaned_data["label"], by=request.user.as_actor)
        return _("Saved.")

    form = LabelForm(request.POST or None, initial={"label": key.label})
    return carry_out(request, act, form, do)


@require_safe_or_post
@role_required(Role.MANAGER)
def revoke_key(request: AccountRequest, licence_id: int, key_id: int) -> HttpResponseBase:
    """End a key for good, once its serial number was typed and the effects were read."""
    return ask_to_revoke_key(request, key_or_404(request, licence_id, key_id))


@confirmation_required
def ask_to_revoke_key(request: AccountRequest, key: ProductKey) -> HttpResponse:
    """The act's page, for somebody who gave their password within the last ten minutes."""
    effects = [
        seen_of_late(key),
        in_use_now(key),
        ends_for_good(),
    ]
    act = Act(
        title=_("Revoke the key %s?") % key.serial_number,
        effects=effects,
        button=_("Revoke key"),
        back=reverse("portal:key", args=[key.licence_id, key.pk]),
        of=machines_of_late(key),
    )
    form = RevokeForm(key, request.POST or None)
    return carry_out(request, act, form, partial(revoke_key_and_tell, request, key))


def revoke_key_and_tell(request: AccountRequest, key: ProductKey, form: RevokeForm) -> HttpResponse:
    """Revoke the key, end its sessions if that is wanted, and say what was done."""
    who = {"by": request.user.as_actor, "reason": form.cleaned_data["reason"]}
    text = _("Revoked the key %s.") % key.serial_number
    try:
        if form.cleaned_data["end_sessions"]:
            text += " " + _("Sessions ended: %s.") % stolen_keys.revoke(key, **who)
        else:
            keys.revoke(key, **who)
    except errors.AlreadyDone:
        messages.info(request, _("This key had been revoked already."))
    else:
        messages.success(request, text)
    return redirect("portal:key", key.licence_id, key.pk)


@require_safe_or_post
@role_required(Role.MANAGER)
def end_overlap(request: AccountRequest, licence_id: int, key_id: int) -> HttpResponse:
    """Let a replaced key start nothing from now on."""
    key = key_or_404(request, licence_id, key_id)
    if not is_in_overlap(key):
        messages.info(request, _("This key is in no overlap any more."))
        return redirect("portal:key", licence_id, key_id)
    effects = [
        in_use_now(key),
        _("From now on this key no longer starts the program. Machines need the new key."),
    ]
    act = Act(
        title=_("End the overlap of %s now?") % key.serial_number,
        effects=effects,
        button=_("End overlap now"),
        back=reverse("portal:key", args=[licence_id, key_id]),
        of=machines_of_late(key),
    )

    def do(form: ReasonForm) -> str:
        keys.end_overlap(key, by=request.user.as_actor, reason=form.cleaned_data["reason"])
        return _("The overlap has ended.")

    return carry_out(request, act, ReasonForm(request.POST or None), do)


def keys_of_licence(licence_id: int) -> str:
    """Where the licence's keys are listed."""
    return reverse("portal:licence", args=[licence_id], fragment="keys")
