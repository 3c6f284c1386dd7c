"""What staff do to licences: what each act asks, foretells and calls."""

from __future__ import annotations

import functools
from typing import Any

from django import forms

from licensing import keys, licences, limits, pools
from licensing.audit import Actor
from licensing.errors import InvalidOperation
from licensing.models import Licence
from licensing.models.licences import LicenceState, UsageModel
from licensing.names import one_line
from support.acts.block import BLOCK
from support.acts.features import FEATURE, REMOVE_FEATURE, features_of
from support.acts.fields import SeatsField
from support.acts.hand_over import hand_over
from support.acts.policy import POLICY
from support.acts.records import Kind, RecordAct, RecordForm, unnamed, why_not_closed
from support.acts.term import TERM
from support.acts.why import Usual, Why
from support.words import last_day_of, number_of


def seats_after(licence: Licence, asked: str) -> int:
    """How many seats the licence has after what was asked; raise InvalidOperation if impossible."""
    seats = int(asked) + (licence.seats if asked[0] in "+-" else 0)
    limits.require_seats(seats)
    return seats


def possible_seats(licence: Licence, asked: str) -> str:
    """What was asked; raise ValidationError where the licence can't have so many seats."""
    try:
        seats_after(licence, asked)
    except InvalidOperation as refusal:
        raise forms.ValidationError(str(refusal)) from refusal
    return asked


MORE = (
    Usual(Why.ORDER, "The customer ordered more seats."),
    Usual(Why.ORDER, "A trial until the order is here."),
)
FEWER = (Usual(Why.ORDER, "The customer ordered fewer seats."),)


class SeatsForm(RecordForm):
    """How many seats, and why."""

    seats = SeatsField()
    presets = tuple(("seats", more, more) for more in ("+1", "+2", "+5", "+10"))
    field_order = ["seats", "reason"]

    def __init__(self, *args: Any, record: Licence, **options: Any) -> None:
        super().__init__(*args, record=record, **options)
        seats = self.fields["seats"]
        seats.help_text = f"{record.seats:,} now. {seats.help_text}"

    def clean_seats(self) -> str:
        """What was asked; the usual reasons are those of as many more, or fewer."""
        asked = possible_seats(self.record, self.cleaned_data["seats"])
        is_more = seats_after(self.record, asked) > self.record.seats
        self.reasons = MORE if is_more else FEWER
        return asked


def preview_seats(licence: Licence, *, seats: str) -> list[str]:
    """What the new limit means for those who work now and those who come."""
    return preview_limit(licence, seats_after(licence, seats))


def preview_limit(licence: Licence, seats: int) -> list[str]:
    """The same, for so many seats."""
    if seats == licence.seats:
        raise InvalidOperation(f"{licence} has a user limit of {seats:,} already.")
    return [*taken_away(licence, seats), what_is_left(licence, seats), *above(licence, seats)]


def taken_away(licence: Licence, seats: int) -> list[str]:
    """That the customer has fewer seats then, which who types a minus may not have meant."""
    fewer = licence.seats - seats
    return [f"This TAKES {number_of(fewer, 'seat')} AWAY from the customer."] if fewer > 0 else []


def what_is_left(licence: Licence, seats: int) -> str:
    """How many can start then."""
    in_use = pools.in_use(licence)
    change = f"{licence}: {licence.seats:,} to {seats:,}. In use now {in_use:,}"
    if in_use > seats:
        return (
            f"{change}, so it will be {in_use - seats:,} over. "
            f"No program is closed; no new starts until use falls below {seats:,}."
        )
    if in_use == seats:
        return f"{change}, so it will be full. No program is closed."
    free = number_of(seats - in_use, "seat")
    return f"{change}, so {free} {'is' if seats - in_use == 1 else 'are'} free then."


def above(licence: Licence, seats: int) -> list[str]:
    """The features whose own limit is above the licence's then."""
    limited = licence.licence_features.limited().filter(seats__gt=seats).select_related("feature")
    return [
        f"{one} is for {one.seats:,} people at once: {seats:,} can have it, as many as have a seat."
        for one in limited
    ]


def set_seats(licence: Licence, *, by: Actor, reason: str, seats: str) -> str:
    """Change the user limit; return what to tell."""
    changed = licences.set_seats(licence, seats_after(licence, seats), by=by, reason=reason)
    return f"{changed}: user limit {changed.seats:,}, {pools.in_use(changed):,} in use."


def set_state(licence: Licence, *, by: Actor, reason: str, state: LicenceState) -> str:
    """Change the state; return what to tell."""
    licences.set_state(licence, state, by=by, reason=reason)
    return f"{licence} of {licence.account} is {state.label.lower()}."


def preview_state(licence: Licence, *, words: str) -> list[str]:
    """How many are concerned."""
    return [words.format(in_use=pools.in_use(licence), seats=licence.seats)]


def why_not_state(licence: Licence, *, state: LicenceState) -> str:
    """A licence that is there already, or that is closed and comes back by no button."""
    if licence.state == state:
        return f"{licence} is {state.label.lower()} already."
    if licence.state == LicenceState.CLOSED and is_replaced(licence):
        return f"{licence} is closed: another licence has taken its place."
    if licence.state == LicenceState.CLOSED and state == LicenceState.SUSPENDED:
        return f"{licence} is closed: nobody starts with it anyway."
    return ""


def is_replaced(licence: Licence) -> bool:
    """Whether a reactivated licence took the place of this one."""
    return Licence.objects.filter(replaces=licence).exists()


def state_act(
    name: str,
    label: str,
    state: LicenceState,
    effects: str,
    words: str,
    reasons: tuple[Usual, ...] = (),
) -> RecordAct:
    """The act that brings a licence into a state."""
    return RecordAct(
        name=name,
        label=label,
        effects=effects,
        run=functools.partial(set_state, state=state),
        preview=functools.partial(preview_state, words=words),
        why_not=functools.partial(why_not_state, state=state),
        reasons=(Usual(Why.ASKED), *reasons),
        name_typed=unnamed if state == LicenceState.ACTIVE else str,
    )


def preview_reactivate(lease: Licence) -> list[str]:
    """What takes the place of the lease licence, and what becomes of those who work with it."""
    bound = lease.devices.bound().count()
    seats = number_of(lease.seats, "seat")
    return [
        f"A single-user licence replaces this lease licence: {seats}, same features, "
        f"{last_day_of(lease.ends_on)}.",
        f"It has a new serial number and no device bound. {hand_over(lease.account)}",
        f"The lease licence is closed. Bound to it now: {number_of(bound, 'device')}; "
        f"in use now {pools.in_use(lease)}. A program that is open stays open.",
    ]


def reactivate(lease: Licence, *, by: Actor, reason: str) -> str:
    """Replace the lease licence; return what to tell."""
    key, _ = licences.reactivate_lease(lease, by=by, reason=reason)
    return f"{lease} is a single-user licence now, serial number {key}. {hand_over(lease.account)}"


def why_not_reactivate(licence: Licence) -> str:
    """Only a lease licence, and once."""
    if licence.usage_model != UsageModel.LEASE:
        return f"{licence} is no lease licence: only those can be reactivated."
    if licence.state == LicenceState.CLOSED:
        return f"{licence} has been closed already."
    return ""


class AddKeyForm(RecordForm):
    """Whom the key is for, and why."""

    label = forms.CharField(
        validators=[one_line], max_length=100, help_text="Who gets it, such as London office."
    )
    field_order = ["label", "reason"]


def preview_add_key(licence: Licence, *, label: str) -> list[str]:
    """How many keys there are beside it."""
    active = number_of(licence.keys.filter(state="active").count(), "active key")
    return [
        f"{licence} has {active}; they go on. All of them open the same "
        f"{number_of(licence.seats, 'seat')}.",
        f"The new one, for {label}, has a serial number of its own. {hand_over(licence.account)}",
    ]


def add_key(licence: Licence, *, by: Actor, reason: str, label: str) -> str:
    """Add the key; return what to tell."""
    key, _ = keys.issue(licence, by=by, label=label, reason=reason)
    return f"{licence}: {label} has the serial number {key}. {hand_over(licence.account)}"


def state_of(licence: Licence) -> str:
    """What the acts change: a second submit of one page, or another's act, finds it changed."""
    names = ("state", "seats", "starts_on", "ends_on", "grace_period", "reclaim_after")
    counts = licence.keys.count(), licence.account.access_rules.count(), features_of(licence)
    return " ".join(str(value) for value in (*(getattr(licence, n) for n in names), *counts))


KIND = Kind(
    acts=(
        BLOCK,
        RecordAct(
            name="seats",
            label="Change user limit",
            effects="With fewer seats than are in use nobody is closed, and nobody new starts "
            "until use is below the limit. To stop all use, suspend the licence.",
            run=set_seats,
            form=SeatsForm,
            preview=preview_seats,
            why_not=why_not_closed,
            reasons=(*MORE, *FEWER),
            in_rows=True,
            at_hand=True,
        ),
        FEATURE,
        REMOVE_FEATURE,
        TERM,
        POLICY,
        RecordAct(
            name="add-key",
            label="Add a key",
            effects="For another office or team, so that each can be replaced on its own.",
            run=add_key,
            form=AddKeyForm,
            preview=preview_add_key,
            why_not=why_not_closed,
            reasons=(Usual(Why.ASKED, "For another office or team."),),
            leads_to=lambda licence: licence.keys.order_by("pk").last(),
        ),
        RecordAct(
            name="reactivate",
            label="Reactivate",
            effects="Lease licences in use carry on without this; it is for one that needs "
            "reactivation.",
            run=reactivate,
            preview=preview_reactivate,
            why_not=why_not_reactivate,
            reasons=(
                Usual(Why.ASKED, "The lease needs reactivation."),
                Usual(Why.DEVICE, "They have another PC now."),
            ),
            in_rows=True,
            at_hand=True,
            leads_to=lambda lease: Licence.objects.filter(replaces=lease).first(),
        ),
        state_act(
            "suspend",
            "Suspend",
            LicenceState.SUSPENDED,
            "Programs that are open stay open. Nobody starts until it is reinstated.",
            "In use now {in_use} of {seats}: they go on until they are closed.",
            (Usual(Why.ORDER, "Payment is overdue."),),
        ),
        state_act(
            "reinstate",
            "Reinstate",
            LicenceState.ACTIVE,
            "People can start the program again.",
            "In use now {in_use} of {seats}.",
        ),
        state_act(
            "close",
            "Close licence",  # "Close" is what the page's own button says
            LicenceState.CLOSED,
            "Programs that are open stay open until they are closed. Nobody starts any more.",
            "In use now {in_use} of {seats}: each seat comes back at its next refresh.",
        ),
    ),
    lock=lambda licence: pools.lock(licence.pk),
    shown=state_of,
)
