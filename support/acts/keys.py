"""What staff do to product keys."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from licensing import clock, keys, sightings, stolen_keys
from licensing.audit import Actor
from licensing.errors import InvalidOperation
from licensing.models import ClientSession, ProductKey
from licensing.models.keys import KeyState
from licensing.models.sessions import EndReason
from portal.licences.keys import ends_for_good, in_use_now, is_in_overlap, seen_of_late
from support.acts.before import Before, done_by
from support.acts.fields import NumberField
from support.acts.hand_over import foretell_the_way, hand_over, show_the_way
from support.acts.records import Kind, RecordAct, RecordForm
from support.acts.why import Usual, Why
from support.words import moment, number_of

OVERLAPS = [
    ("other", "For the number of days below"),
    ("24", "24 hours"),
    ("168", "7 days"),
    ("0", "Not at all: it has leaked"),
]
"""The first is what the Enter key sends from the field of the days."""


class ReissueForm(RecordForm):
    """For how long the old key works beside the new one, and why."""

    overlap = forms.ChoiceField(choices=OVERLAPS)
    end_sessions = forms.BooleanField(required=False, label="End its open sessions, too")
    days = NumberField(
        required=False,
        min_value=1,
        max_value=keys.LONGEST_OVERLAP.days,
        label="Days",
        help_text=f"For how long the old key works beside the new one: up to "
        f"{keys.LONGEST_OVERLAP.days} days, or press one of the others. Usual is not at all where "
        "the key has leaked, else 7 days.",
    )
    presets = tuple(("overlap", hours, words) for hours, words in OVERLAPS)
    is_sent_by_presets = True
    field_order = ["end_sessions", "days", "overlap", "reason"]

    @property
    def asked_to_type(self) -> str:
        """The serial number, where its sessions end, too."""
        return self.to_type if self["end_sessions"].value() else ""

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or {}
        days = asked.pop("days", None)
        if asked.get("overlap") == "other" and days is None and "days" not in self.errors:
            self.add_error("days", "Say for how many days.")
        hours = days or 0 if asked.get("overlap") == "other" else asked.get("overlap")
        unit = "days" if asked.get("overlap") == "other" else "hours"
        return asked | {"overlap": dt.timedelta(**{unit: int(hours or 0)})}


def preview_reissue(key: ProductKey, *, overlap: dt.timedelta, end_sessions: bool) -> list[str]:
    """Who uses the key, and when it stops."""
    if not overlap:
        stops = (
            "From now on this key no longer starts the program: every PC needs the new key at "
            "its next start. Send it out first."
        )
    else:
        at = moment(clock.database_time() + overlap, key.account)
        stops = f"From {at} this key no longer starts the program; until then both keys do."
    lines = [f"{seen_of_late(key)} {running_now(key, end_sessions=end_sessions)}", stops]
    if end_sessions:
        lines += preview_end_sessions(key)
    return [*lines, hand_over(key.account)]


def running_now(key: ProductKey, *, end_sessions: bool) -> str:
    """How many programs are open, and that they stay so unless their sessions end."""
    running = key.sessions.active().count()
    if not running or not end_sessions:
        return in_use_now(key)
    return "1 is running now." if running == 1 else f"{running:,} are running now."


def reissue(
    key: ProductKey, *, by: Actor, reason: str, overlap: dt.timedelta, end_sessions: bool
) -> str:
    """Replace the key; return what to tell."""
    replace = stolen_keys.reissue if end_sessions else keys.reissue
    new, _ = replace(key, by=by, reason=reason, overlap=overlap)
    stands = "is superseded, not revoked" if overlap else "starts the program no more"
    return f"{new} replaces {key}, which {stands}. {hand_over(key.account)}"


def why_not_reissue(key: ProductKey) -> str:
    """A key is replaced once, and not when it has been revoked."""
    if key.state == KeyState.ACTIVE:
        return ""
    return f"{key}: {keys.ALREADY[KeyState(key.state)]}"


def replacement_of(key: ProductKey) -> ProductKey | None:
    """The key that took the place of this one."""
    return ProductKey.objects.filter(supersedes=key).first()


def ended_before(key: ProductKey) -> Before:
    """Who replaced or revoked the key, and the key that has its place."""
    new = replacement_of(key)
    reissued = done_by(new, "key_reissued", "replaced") if new else ""
    return Before(done_by(key, "key_revoked", "revoked") or reissued, new)


def preview_revoke(key: ProductKey) -> list[str]:
    """Who uses the key."""
    return [f"{seen_of_late(key)} {in_use_now(key)}", ends_for_good()]


def revoke(key: ProductKey, *, by: Actor, reason: str) -> str:
    """Revoke the key; return what to tell."""
    try:
        keys.revoke(key, by=by, reason=reason)
    except InvalidOperation as refusal:
        raise InvalidOperation(f"{key}: {refusal}") from refusal
    return f"Revoked {key}."


def why_not_revoke(key: ProductKey) -> str:
    """A key is revoked once."""
    return why_not_reissue(key) if key.state == KeyState.REVOKED else ""


def preview_end_overlap(key: ProductKey) -> list[str]:
    """Who uses the key still, and that it stops."""
    left = number_of(len(sightings.stragglers(key)), "machine")
    return [
        f"Not seen on the new key yet, of those of the last 30 days: {left}.",
        in_use_now(key),
        "From now on this key no longer starts the program. Machines need the new key.",
    ]


def end_overlap(key: ProductKey, *, by: Actor, reason: str) -> str:
    """Let the replaced key start nothing any more; return what to tell."""
    keys.end_overlap(key, by=by, reason=reason)
    return f"The overlap of {key} has ended: it starts the program no more."


def why_not_end_overlap(key: ProductKey) -> str:
    """Only a key that was replaced, and starts the program still, is in one."""
    return "" if is_in_overlap(key) else f"{key} is in no overlap that could be ended."


def preview_end_sessions(key: ProductKey) -> list[str]:
    """How many seats come back."""
    held = key.sessions.active().count()
    return [f"Seats that come back at once: {held:,}. The programs stay open."]


def end_sessions(key: ProductKey, *, by: Actor, reason: str) -> str:
    """End the key's sessions; return what to tell."""
    return f"{key}: sessions ended: {stolen_keys.end_sessions(key, by=by, reason=reason)}."


def why_not_end_sessions(key: ProductKey) -> str:
    """There must be one that could go on."""
    can_go_on = ClientSession.every.filter(key=key, end_reason__in=("", EndReason.RECLAIMED))
    return "" if can_go_on.exists() else f"{key} has no open session."


END_OVERLAP = RecordAct(
    name="end-overlap",
    label="End overlap now",
    effects="The old key starts the program no more; the new one does. Open programs go on.",
    run=end_overlap,
    preview=preview_end_overlap,
    why_not=why_not_end_overlap,
    reasons=(
        Usual(Why.ROUTINE, "Every machine has the new key."),
        Usual(Why.LEAK, "The old key has leaked."),
        Usual(Why.ASKED),
    ),
)
KIND = Kind(
    acts=(
        RecordAct(
            name="reissue",
            label="Revoke and reissue",
            effects="A new key with a serial number of its own takes the place of this one. "
            "Open programs need nothing until they are closed.",
            run=reissue,
            form=ReissueForm,
            preview=preview_reissue,
            why_not=why_not_reissue,
            reasons=(
                Usual(Why.LEAK, "The key has leaked."),
                Usual(Why.LEAVER, "Somebody who knew the key has left."),
            ),
            in_rows=True,
            at_hand=True,
            leads_to=replacement_of,
            before=ended_before,
            name_typed=str,
        ),
        END_OVERLAP,
        RecordAct(
            name="hand-over",
            label="Hand over to owners",
            effects="Those who may read the key are told the way to it by mail, never the key.",
            run=show_the_way,
            preview=foretell_the_way,
            why_not=why_not_reissue,
            reasons=(
                Usual(Why.ORDER, "A new licence."),
                Usual(Why.ASKED, "Nobody there has found the key."),
            ),
        ),
        RecordAct(
            name="revoke",
            label="Revoke",
            effects="Nobody starts the program with this key any more. Open programs go on.",
            run=revoke,
            preview=preview_revoke,
            why_not=why_not_revoke,
            before=ended_before,
            name_typed=str,
            reasons=(
                Usual(Why.LEAK, "The key has leaked."),
                Usual(Why.ROUTINE, "Nobody needs it any more."),
            ),
        ),
        RecordAct(
            name="end-sessions",
            label="End its sessions",
            effects="The seats are free at once. The programs stay open; to start again they "
            "need a key that is not revoked.",
            run=end_sessions,
            preview=preview_end_sessions,
            why_not=why_not_end_sessions,
            name_typed=str,
        ),
    ),
)
