"""Product keys: where each is used, revealing it, and reissuing it."""

from __future__ import annotations

import datetime as dt
from functools import partial

from django import forms
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from licensing import errors, keys, sightings
from licensing.models import ProductKey
from licensing.models.keys import KeyState
from portal.acts import ReasonForm
from portal.licences import notes
from portal.licences.keys import (
    in_use_now,
    is_in_overlap,
    key_status,
    machines_of_late,
    seen_of_late,
)
from portal.lists.cursors import By, Moment, Order, Text
from portal.lists.paging import page_of
from portal.models import Role
from portal.sent.forms import once
from portal.views.access import (
    AccountRequest,
    may_manage,
    require_safe_or_post,
    role_required,
    sees_as_manager,
)
from portal.views.acts import Act, carry_out, choice_with_note
from portal.views.confirmations import confirmation_required
from portal.words.aliases import names_for
from portal.words.names import short_name
from portal.words.times import moment_in_full

ORDER = Order(
    (
        By(name="last_seen_at", kind=Moment, is_descending=True),
        By(name="machine_name", kind=Text),
    )
)
"""Machines, the last seen first."""
OVERLAPS = {
    "none": (gettext_lazy("None"), keys.NO_OVERLAP),
    "24h": (gettext_lazy("24 hours"), dt.timedelta(hours=24)),
    "7d": (gettext_lazy("7 days"), dt.timedelta(days=7)),
    "30d": (gettext_lazy("30 days"), keys.LONGEST_OVERLAP),
}


class ReissueForm(ReasonForm):
    """How long the old key works beside the new one, and why there is a new one."""

    overlap = forms.ChoiceField(
        label=gettext_lazy("Overlap"), widget=forms.RadioSelect, initial="7d"
    )
    field_order = ["overlap", "reason"]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["overlap"].choices = [  # type: ignore[attr-defined]
            (value, choice_with_note(str(name), note_of_overlap(length)))
            for value, (name, length) in OVERLAPS.items()
        ]


def note_of_overlap(overlap: dt.timedelta) -> str:
    """What an overlap means for whoever uses the old key."""
    if not overlap:
        return _("Every PC needs the new key at its next start. Send it out first.")
    now = timezone.now()
    return _("The old key works too, until %s.") % moment_in_full(now + overlap, now=now)


def key_or_404(request: AccountRequest, licence_id: int, key_id: int) -> ProductKey:
    """The account's key of this id, under its licence."""
    related = ProductKey.objects.select_related(
        "licence__product", "licence__customer_notes", "supersedes", "superseded_by"
    )
    return get_object_or_404(
        related, pk=key_id, licence=licence_id, licence__account=request.account
    )


@require_safe
@role_required(Role.VIEWER)
def key(request: AccountRequest, licence_id: int, key_id: int) -> HttpResponse:
    """One key and the machines it is used on; of a replaced key, those that still need the new."""
    key = key_or_404(request, licence_id, key_id)
    seen = sightings.machines(key, since=sightings.RECENT)
    left = sightings.stragglers(key) if key.state == KeyState.SUPERSEDED else []
    is_replaced = key.state == KeyState.SUPERSEDED
    shown = names_for(request.membership).put_on(left if is_replaced else seen)
    can_manage = may_manage(request)
    context = {
        "key": key,
        "licence": key.licence,
        "status": key_status(key),
        "creator": short_name(key.created_by),
        "is_replaced": is_replaced,
        "is_in_overlap": is_in_overlap(key),
        "seen": len(seen),
        "moved": len(seen) - len(left),
        "new": sightings.new_machines(key),
        "machines": page_of(shown, ORDER, request.GET, total=len(shown)),
        "can_manage": can_manage,
        "whom_to_ask": "" if sees_as_manager(request) else notes.whom_to_ask(key.licence),
    }
    return render(request, "portal/licences/key.html", context)


@require_POST
@role_required(Role.MANAGER)
@confirmation_required
def reveal_key(request: AccountRequest, licence_id: int, key_id: int) -> HttpResponse:
    """The product key in plain text: nowhere but in this answer, and recorded.

    A page, or ``{"value": …}`` for a script that asks for JSON. Who has not given
    their password for ten minutes is asked for it first.
    """
    key = key_or_404(request, licence_id, key_id)
    product_key = keys.reveal(key, by=request.user.as_actor)
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        return JsonResponse({"value": product_key})
    return render(
        request, "portal/licences/product_key.html", {"key": key, "product_key": product_key}
    )


@require_safe_or_post
@role_required(Role.MANAGER)
@once
def reissue_key(request: AccountRequest, licence_id: int, key_id: int) -> HttpResponse:
    """A new key in place of this one, after saying who uses it. A second submit makes no second."""
    key = key_or_404(request, licence_id, key_id)
    if key.state != KeyState.ACTIVE:
        return say_key_has_ended(request, key)
    act = Act(
        title=_("Reissue the key %s?") % key.serial_number,
        effects=effects_of_reissuing(key),
        button=_("Reissue key"),
        back=reverse("portal:licence", args=[licence_id], fragment="keys"),
        of=machines_of_late(key),
    )
    form = ReissueForm(request.POST or None)
    return carry_out(request, act, form, partial(reissue_and_tell, request, key))


def reissue_and_tell(request: AccountRequest, key: ProductKey, form: ReissueForm) -> HttpResponse:
    """Make the new key and go to its page, or to that of the one that somebody has just made."""
    _name, overlap = OVERLAPS[form.cleaned_data["overlap"]]
    reason = form.cleaned_data["reason"]
    try:
        new, _plain = keys.reissue(key, by=request.user.as_actor, reason=reason, overlap=overlap)
    except errors.AlreadyDone:
        return say_key_has_ended(request, key_or_404(request, key.licence_id, key.pk))
    text = _("The new key has the serial number %s. Reveal shows its product key.")
    messages.success(request, text % new.serial_number)
    return redirect("portal:key", key.licence_id, new.pk)


def say_key_has_ended(request: AccountRequest, key: ProductKey) -> HttpResponse:
    """To the key that replaces this one; a revoked key has none."""
    new = getattr(key, "superseded_by", None)
    if new is None:
        messages.info(request, _("This key has been revoked; it cannot be reissued."))
        return redirect("portal:key", key.licence_id, key.pk)
    text = _("Serial number %s has been reissued already. This is the key that replaces it.")
    messages.info(request, text % key.serial_number)
    return redirect("portal:key", key.licence_id, new.pk)


def effects_of_reissuing(key: ProductKey) -> list[str]:
    """Who uses the key now, and what becomes of them, in sentences."""
    return [
        seen_of_late(key),
        in_use_now(key),
        _("After the overlap the old key no longer starts the program."),
    ]
