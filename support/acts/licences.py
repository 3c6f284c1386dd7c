"""What staff do to licences: what each act asks, foretells and calls."""

from __future__ import annotations

import functools

from django import forms

from licensing import keys, licences, pools
from licensing.audit import Actor
from licensing.models import Licence
from licensing.models.licences import LicenceState, UsageModel
from licensing.names import one_line
from support.acts import unsaid
from support.acts.before import Before, done_by
from support.acts.block import BLOCK
from support.acts.emergency import EMERGENCY
from support.acts.features import FEATURE, REMOVE_FEATURE, features_of
from support.acts.hand_over import hand_over
from support.acts.policy import POLICY
from support.acts.records import Kind, RecordAct, RecordForm, why_not_closed
from support.acts.seats import SEATS
from support.acts.starting import all_the_same, out_of_term
from support.acts.term import TERM
from support.acts.why import Usual, Why
from support.words import last_day_of, number_of


def set_state(licence: Licence, *, by: Actor, reason: str, state: LicenceState) -> str:
    """Change the state; return what to tell."""
    licences.set_state(licence, state, by=by, reason=reason)
    return f"{licence} of {licence.account} is {state.label.lower()}."


def preview_state(licence: Licence, *, state: LicenceState, words: str) -> list[str]:
    """How many are concerned, and that a licence which is active again may still be of no use."""
    told = [words.format(in_use=pools.in_use(licence), seats=licence.seats)]
    if state != LicenceState.ACTIVE:
        return told
    return [*told, *all_the_same(out_of_term(licence))]


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
    return single_of(licence) is not None


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
        preview=functools.partial(preview_state, state=state, words=words),
        why_not=functools.partial(why_not_state, state=state),
        reasons=(Usual(Why.ASKED), *reasons),
        name_typed=unsaid.unnamed if state == LicenceState.ACTIVE else str,
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


def single_of(lease: Licence) -> Licence | None:
    """The single-user licence that replaced the lease licence."""
    return Licence.objects.filter(replaces=lease).first()


def reactivated_before(lease: Licence) -> Before:
    """Who reactivated or closed the lease licence, and what has its place."""
    single = single_of(lease)
    did = "reactivated" if single else "closed"
    return Before(done_by(lease, "state_changed", did), single)


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
    planned = licence.planned_seats.open().values_list("pk", flat=True)
    values = *(getattr(licence, name) for name in names), *counts, *planned
    return " ".join(str(value) for value in values)


KIND = Kind(
    acts=(
        BLOCK,
        SEATS,
        EMERGENCY,
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
            leads_to=single_of,
            before=reactivated_before,
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
            "People can start the program again, within its term.",
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
