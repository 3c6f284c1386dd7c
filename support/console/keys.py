"""What a product key's page tells: its state in words, who uses it, how far a hand-over is."""

from __future__ import annotations

from licensing import sightings
from licensing.models import ProductKey
from licensing.models.keys import KeyState
from portal.licences.keys import is_in_overlap
from support.acts.hand_over import hand_over
from support.words import moment, number_of

MOST_MACHINES = 100


def in_words(key: ProductKey) -> str:
    """Active, superseded or revoked: since when, and whether it starts the program still."""
    if key.state == KeyState.REVOKED:
        at = f" on {moment(key.revoked_at, key.account)}" if key.revoked_at else ""
        return f"Revoked{at}: it starts the program no more."
    if key.state == KeyState.ACTIVE or key.superseded_at is None:
        return "Active"
    at = moment(key.superseded_at, key.account)
    if is_in_overlap(key):
        return f"Superseded, not revoked: it starts the program until {at}."
    return f"Superseded: it starts the program no more since {at}."


def replacement_of(key: ProductKey) -> ProductKey | None:
    """The key that took the place of this one."""
    return ProductKey.objects.filter(supersedes=key).first()


def hand_over_of(key: ProductKey) -> str:
    """How far the machines of the key that was replaced have come, and who reads the new one."""
    new = replacement_of(key)
    old = key if new else key.supersedes
    if old is None:
        return f"It replaces no key, and none replaces it. {hand_over(key.account)}"
    return f"{new or key} replaces {old}. {in_words(old)} {still_to_move(old)} " + hand_over(
        key.account
    )


def still_to_move(old: ProductKey) -> str:
    """How many machines have not been seen on the key that replaced this one."""
    if not sightings.machines(old, since=sightings.RECENT):
        return "No machine used the old key in 30 days."
    left = len(sightings.stragglers(old))
    if not left:
        return "Every machine of the last 30 days was seen on the new one."
    return f"{number_of(left, 'machine')} of the last 30 days not seen on the new one yet."


def used_widely(key: ProductKey) -> str:
    """Whether it may have leaked."""
    new = number_of(sightings.new_machines(key), "new machine")
    if sightings.is_used_widely(key):
        return f"Yes: {new} in 7 days, far more than before. It may have leaked."
    return f"No: {new} in 7 days."
